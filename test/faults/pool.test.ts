import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp({ MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true' });
  await registry.seed([{ server: aServer('io.github.alice/known') }]);
});

afterAll(() => registry.close());

/** What a door answers, and after how long. */
async function timed(what: string, ask: () => Promise<Response>) {
  const started = performance.now();
  const answer = await ask();
  const body = await answer.text();
  const ms = Math.round(performance.now() - started);
  console.log(`with all connections busy, ${what}: ${answer.status} after ${ms} ms`);
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body, ms };
}

const POOL = 10;

test('while all connections are busy every door answers soon, what is in memory at once, and it heals by itself', async () => {
  await registry.rest('/v0.1/servers');
  const busy = Array.from({ length: POOL }, () => registry.app.db.sql('SELECT pg_sleep(4.5)'));
  const internal = (path: string) => fetch(`${registry.internalUrl}${path}`);
  const post = (path: string) => registry.rest(path, { method: 'POST' });
  const [kept, list, graphql, login, live, ready, metrics] = await Promise.all([
    timed('a list that is in memory', () => registry.rest('/v0.1/servers')),
    timed('another list', () => registry.rest('/v0.1/servers?search=known')),
    timed('GraphQL', () => registry.rest('/graphql?query=%7Bregistry%7BserverCount%7D%7D')),
    timed('a login', () => post('/v0.1/auth/none')),
    timed('health/live', () => internal('/health/live')),
    timed('health/ready', () => internal('/health/ready')),
    timed('metrics', () => internal('/metrics')),
  ]);
  expect(kept.status).toBe(200);
  expect(kept.ms).toBeLessThan(500);
  for (const away of [list, login]) expect(away).toMatchObject({ status: 503, retryAfter: expect.any(String) });
  expect(graphql.body).toContain('UNAVAILABLE');
  expect(live.status).toBe(200);
  expect(ready.status).toBe(503);
  expect(metrics.body).toContain('mcp_registry_db_connections{state="busy"} 10');
  expect(metrics.body).toMatch(/mcp_registry_db_connections\{state="waiting"\} [1-9]/);
  for (const { ms } of [list, graphql, login, live, ready]) expect(ms).toBeLessThan(3_500);

  await Promise.all(busy);
  const statuses = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => (await registry.rest(`/v0.1/servers?search=k${i}`)).status),
  );
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect((await internal('/health/ready')).status).toBe(200);
});
