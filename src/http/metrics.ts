import type { ServerResponse } from 'node:http';
import type { App } from '../app.ts';
import { countJobs } from '../jobs/jobs.db.ts';
import { readRevision } from '../servers/registry.db.ts';
import type { PageCache } from './page-cache.ts';

/** The groups of paths that requests are counted by: a label for each path would be one for each server. */
const API = /^\/v0(?:\.1)?\/(servers|publish|validate|auth|verify-domain|changes|export|health|ping|version)(?:\/|$)/;

/** The label of a path. */
export function routeOf(path: string): string {
  const [, api] = API.exec(path) ?? [];
  if (api) return api;
  if (path === '/graphql' || path === '/metrics') return path.slice(1);
  if (path.startsWith('/health/')) return 'health';
  return path === '/' || path.startsWith('/servers/') || path.startsWith('/docs') ? 'pages' : 'other';
}

/** Has the metrics filled, when Prometheus asks, with what is only looked at then; without the database all but the jobs. */
export function fillMetrics({ metrics, revision, db, store, reads }: App, pages: PageCache): void {
  metrics.beforeTold(async () => {
    metrics.revision.set(revision.current());
    const [newest, jobs] = await Promise.all([
      readRevision(db.sql).catch(() => revision.current()),
      countJobs(db.sql).catch(() => []),
    ]);
    metrics.revisionLag.set(Math.max(0, newest - revision.current()));
    for (const [state, count] of Object.entries(db.connections())) metrics.connections.set({ state }, count);
    metrics.replicaLag.reset();
    for (const replica of reads.replicas()) {
      metrics.replicaUp.set({ replica: replica.name }, replica.revision === null ? 0 : 1);
      if (replica.revision === null) continue;
      metrics.replicaLag.set({ replica: replica.name }, Math.max(0, revision.current() - replica.revision));
    }
    metrics.storeBytes.set(store.bytes());
    pages.report();
    metrics.jobsWaiting.reset();
    for (const { task, state, count } of jobs) metrics.jobsWaiting.set({ task, state }, count);
  });
}

/** Answers Prometheus on the internal port. */
export async function answerMetrics({ metrics }: App, response: ServerResponse): Promise<void> {
  const { type, body } = await metrics.text();
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
