import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app.ts';
import { readRevision } from '../servers/registry.db.ts';

/** Whether load balancers should go on sending requests. */
export interface Readiness {
  draining: boolean;
}

/** Answers /health/live and /health/ready on the internal port; ready asks the database, and is content with a replica. */
export async function answerHealth(
  app: App,
  readiness: Readiness,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (path === '/health/live') return answer(response, 200, { status: 'ok' });
  if (path !== '/health/ready') return answer(response, 404, { status: 'not found' });
  if (readiness.draining) return answer(response, 503, { status: 'stopping' });
  try {
    return answer(response, 200, { status: 'ok', revision: await readRevision(app.db.sql) });
  } catch {
    // Reads go on, and whoever writes is told to try again.
    if (app.reads.serving()) return answer(response, 200, { status: 'reads only', revision: app.revision.current() });
    return answer(response, 503, { status: 'database away' });
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
