import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneTemplate, createTestApp, type TestApp } from '../app.ts';
import { openDatabaseLink, type DatabaseLink } from '../http/database-link.ts';
import { askDoors, prepareDoors, remember, seeds, show, type Answer, type Door } from './doors.ts';

let link: DatabaseLink;
let registry: TestApp;
let token: string;
let rounds = 0;
let usual: Awaited<ReturnType<typeof askAll>>;

beforeAll(async () => {
  link = await openDatabaseLink(await cloneTemplate());
  registry = await createTestApp({ MCP_REGISTRY_DATABASE_URL: link.url, MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true' });
  await registry.seed(seeds);
  token = await prepareDoors(registry);
  await askAll(0);
  usual = await askAll(0);
});

afterAll(async () => {
  link.delay(0);
  await registry.close();
  await link.cut();
});

/** Asks all doors of a database that answers so much later; how many statements that took, but for the watch of the revision. */
async function askAll(delayMs: number) {
  await remember(registry);
  link.delay(delayMs);
  registry.takeStatements();
  const answers = await askDoors(registry, token, (rounds += 1));
  const statements = registry.takeStatements().filter((text) => text !== 'SELECT n FROM revision').length;
  link.delay(0);
  show(`each answer of PostgreSQL ${delayMs} ms later (${statements} statements)`, answers);
  // What is still on its way comes late, and before what is asked next.
  await sleep(delayMs + 500);
  return { answers, statements };
}

const inMemory: Door[] = ['REST, a list in memory', 'GraphQL by hash, in memory', 'health/live'];
const writes: Door[] = ['a login', 'a publish'];

/** What is in memory is answered at once whatever the database does, and nothing is asked twice. */
function expectCalm({ answers, statements }: typeof usual): void {
  for (const door of inMemory) {
    expect(answers[door].status, door).toBe(200);
    expect(answers[door].ms, door).toBeLessThan(500);
  }
  expect(statements).toBeLessThanOrEqual(usual.statements * 1.1);
}

const others = (answers: Record<Door, Answer>) =>
  (Object.entries(answers) as [Door, Answer][]).filter(([door]) => !inMemory.includes(door));

test('a database that answers 200 ms later makes every door slower by what it asks, and fails none', async () => {
  const slow = await askAll(200);
  expectCalm(slow);
  for (const [door, { status, ms }] of others(slow.answers)) {
    expect(status, door).toBe(200);
    expect(ms, door).toBeLessThan(writes.includes(door) ? 9_000 : 2_000);
  }
}, 60_000);

test('one that answers 2 s later: every door says in time what it can or that it can’t, and heals with the database', async () => {
  const slow = await askAll(2_000);
  expectCalm(slow);
  for (const [door, { status, ms, retryAfter, body }] of others(slow.answers)) {
    expect([200, 503], door).toContain(status);
    if (status === 503 && !door.startsWith('health')) expect(`${retryAfter} ${body}`, door).toMatch(/^\d|UNAVAILABLE/);
    // A read has few statements. A write stops when its transaction is too old: that is clear to all before it commits.
    expect(ms, door).toBeLessThan(writes.includes(door) ? 35_000 : 9_000);
  }
  const again = await askAll(0);
  for (const [door, { status }] of Object.entries(again.answers)) expect(status, door).toBe(200);
}, 120_000);
