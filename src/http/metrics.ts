import type { ServerResponse } from 'node:http';
import type { App } from '../app.ts';
import { countJobs } from '../jobs/jobs.db.ts';
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

/** Answers Prometheus on the internal port; without the database all but the jobs is told. */
export async function answerMetrics(app: App, pages: PageCache, response: ServerResponse): Promise<void> {
  const { metrics, revision, db, store } = app;
  metrics.revision.set(revision.current());
  metrics.storeBytes.set(store.bytes());
  pages.report();
  metrics.jobsWaiting.reset();
  for (const { task, state, count } of await countJobs(db.sql).catch(() => [])) {
    metrics.jobsWaiting.set({ task, state }, count);
  }
  const { type, body } = await metrics.text();
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
