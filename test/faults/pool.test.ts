import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { askDoors, prepareDoors, remember, seeds, show, timed, type Door } from './doors.ts';

let registry: TestApp;
let token: string;

beforeAll(async () => {
  registry = await createTestApp({ MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true' });
  await registry.seed(seeds);
  token = await prepareDoors(registry);
});

afterAll(() => registry.close());

const POOL = 10;

/** Holds all connections for a while. */
async function holdAll(seconds: number): Promise<unknown> {
  const { sql, connections } = registry.app.db;
  const held = Array.from({ length: POOL }, () => sql(`SELECT pg_sleep(${seconds})`));
  while (connections().busy < POOL) await sleep(5);
  return Promise.all(held);
}

test('while all connections are busy every door answers soon, what is in memory at once, and it heals by itself', async () => {
  await askDoors(registry, token, 1);
  await remember(registry);
  const held = holdAll(4);
  registry.takeStatements();
  const answers = await askDoors(registry, token, 2);
  show('with all connections busy', answers);
  for (const door of ['REST, a list in memory', 'GraphQL by hash, in memory', 'health/live'] satisfies Door[]) {
    expect(answers[door].status, door).toBe(200);
    expect(answers[door].ms, door).toBeLessThan(500);
  }
  for (const door of ['REST, another list', 'REST, one version', 'a login', 'a publish'] satisfies Door[]) {
    expect(answers[door], door).toMatchObject({ status: 503, retryAfter: expect.any(String) });
  }
  for (const door of ['GraphQL', 'GraphQL by hash, another', 'subgraph'] satisfies Door[]) {
    expect(answers[door].body, door).toContain('UNAVAILABLE');
  }
  expect(answers['health/ready'].status).toBe(503);
  expect(answers.metrics.body).toContain('mcp_registry_db_connections{state="busy"} 10');
  expect(answers.metrics.body).toMatch(/mcp_registry_db_connections\{state="waiting"\} [1-9]/);
  for (const [door, { ms }] of Object.entries(answers)) expect(ms, door).toBeLessThan(2_000);
  const told = await (await fetch(`${registry.internalUrl}/metrics`)).text();
  // Who was turned away has waited too.
  expect(Number(/db_connection_wait_seconds_count (\d+)/.exec(told)?.[1])).toBeGreaterThan(5);
  expect(Number(/db_connection_wait_seconds_bucket\{le="0.5"\} (\d+)/.exec(told)?.[1])).toBe(0);

  await held;
  const after = await askDoors(registry, token, 3);
  for (const [door, { status }] of Object.entries(after)) expect(status, door).toBe(200);
});

test('of 500 who come at once none waits for longer than a second, none is asked for twice, and no one is left waiting', async () => {
  const held = holdAll(4);
  registry.takeStatements();
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, i) => timed(() => registry.rest(`/v0.1/servers?search=crowd${i}`))),
  );
  const statements = registry.takeStatements().filter((text) => text !== 'SELECT n FROM revision').length;
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  console.log(`500 at once with all connections busy: 503 after ${slowest} ms at most, ${statements} statements tried`);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect(slowest).toBeLessThan(3_500);
  // As many as one would take that found a connection.
  expect(statements).toBeLessThanOrEqual(500 * 1.1);
  expect(registry.app.db.connections().waiting).toBeLessThanOrEqual(1);
  await held;
});

test('who waits too long for a turn to write is told so, and the turn goes to who still waits', async () => {
  const { transaction } = registry.app.db;
  const nap = () => transaction((sql) => sql('SELECT pg_sleep(4.5)'));
  const began = performance.now();
  // Six write at a time: the third row of them would begin after nine seconds, the fourth after thirteen and a half.
  const ended = await Promise.allSettled(
    Array.from({ length: 24 }, async () => {
      await nap();
      return Math.round((performance.now() - began) / 4_500);
    }),
  );
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
  const refused = ended.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
  expect(refused).toEqual(Array.from({ length: 6 }, () => 'UNAVAILABLE'));
}, 60_000);
