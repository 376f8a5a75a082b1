import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createStore } from '../../src/servers/store.ts';
import { createTestApp, type TestApp } from '../app.ts';
import { startReplicaWorld, type ReplicaWorld } from './replica-world.ts';

let world: ReplicaWorld;
let registry: TestApp;

beforeAll(async () => {
  // Both are away while the service starts.
  world = await startReplicaWorld([{ hot_standby_feedback: 'on' }, {}], {}, { started: false });
  registry = world.registry;
}, 60_000);

/** Whether they were started. */
let there = false;
beforeEach(() => (there ? world.serving(2) : undefined));

afterAll(() => world.close());

/** Every one is another question, so that no answer comes out of memory. */
let asked = 0;
const list = () => registry.rest(`/v0.1/servers?search=number-${(asked += 1)}`);
const replicaLines = () =>
  registry.logged().flatMap(({ msg, level }) => (String(msg).startsWith('The replica') ? [`${level} ${msg}`] : []));
const metrics = async () => (await fetch(`${registry.internalUrl}/metrics`)).text();
const ready = async () => {
  const answer = await fetch(`${registry.internalUrl}/health/ready`);
  return { code: answer.status, ...((await answer.json()) as { status: string }) };
};

test('a service starts and answers while all its replicas are away, and reads from them once they are there', async () => {
  expect((await list()).status).toBe(200);
  expect(await ready()).toMatchObject({ code: 200, status: 'ok' });
  expect(await metrics()).toMatch(/mcp_registry_replica_up\{replica="127.0.0.1:\d+\/registry"\} 0/);
  for (const standby of world.standbys) await standby.start();
  there = true;
  await world.serving(2);
  expect(await metrics()).not.toMatch(/mcp_registry_replica_up\{.*\} 0/);
  expect(await metrics()).toMatch(/mcp_registry_replica_lag\{.*\} 0/);
  expect(replicaLines()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^40 The replica 127\.0\.0\.1:\d+\/registry is left out: PostgreSQL at 127\.0\.0\.1:\d+ can't be used: Connection terminated/,
      ),
      expect.stringMatching(/^30 The replica 127\.0\.0\.1:\d+\/registry is read from, at revision 0$/),
    ]),
  );
  expect(replicaLines().join('\n')).not.toContain(new URL(world.primary.url).password);
}, 60_000);

test('what anyone may see is read from them in turn, what is written and what is asked with a token at the primary', async () => {
  await world.publish('weather', '1.0.0');
  expect(Object.keys(await world.answered())).not.toContain('0');
  // They have it by now.
  await sleep(500);
  for (let i = 0; i < 20; i += 1) expect((await list()).status).toBe(200);
  const answered = await world.answered();
  expect(answered.primary).toBeUndefined();
  expect(Math.min(answered[0]!, answered[1]!)).toBeGreaterThan(5);
  const [active] = await world.standbys[0]!.sql<{ n: string }>(
    `SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%FROM versions v%$revision%' OR query LIKE 'SELECT q.*%'`,
  );
  expect(Number(active!.n)).toBeGreaterThan(0);
  await registry.graphql('{ servers { edges { node { name } } } registry { revision } }', {}, world.alice);
  expect(await world.answered()).toEqual({ primary: expect.any(Number) });
});

test('an answer is the same wherever it was read', async () => {
  for (let n = 0; n < 12; n += 1) await world.publish(`many${n % 4}`, `1.${n}.0`);
  const questions = [
    '{ servers(first: 3) { totalCount edges { cursor node { name revision latestVersion { version document } versions(first: 2) { edges { node { version } } } } } pageInfo { endCursor hasNextPage } } }',
    '{ servers(filter: { search: "many2 alice" }) { edges { node { name } } } }',
    '{ servers(filter: { search: "nothing-like-it" }) { totalCount edges { node { name } } } }',
    '{ servers(filter: { updatedSince: "2020-01-01T00:00:00Z" }, orderBy: { field: UPDATED_AT, direction: DESC }) { edges { node { name } } } }',
    '{ serverVersions(last: 5) { edges { node { name version publishedAt statusChangedAt digest } } } }',
    '{ server(name: "io.github.alice/many1") { versions { edges { node { version isLatest } } } } serverVersion(name: "io.github.alice/none") { version } }',
    '{ changes(after: 3, first: 5) { revision hasMore changes { revision kind changedAt version { name version } } } }',
    '{ registry { revision serverCount versionCount } package(registryType: "npm", identifier: "none") { identifier } }',
  ];
  for (const question of questions) {
    const [here, there] = [await registry.graphql(question), await registry.graphql(question, {}, world.alice)];
    expect(here.errors).toBeUndefined();
    expect(here.text).toBe(there.text);
  }
  expect((await world.answered())[0]).toBeGreaterThan(0);
});

test('no operation takes more statements than without replicas', async () => {
  const statements = async (query: string) => {
    registry.takeStatements();
    expect((await registry.graphql(query)).errors).toBeUndefined();
    const taken = registry.takeStatements().filter((text) => text !== 'SELECT n FROM revision');
    expect(taken.every((text) => text.includes('"$revision"'))).toBe(true);
    return taken.length;
  };
  const costs = async (query: string) => {
    Object.assign(registry.app, { store: createStore(registry.app.reads.primary, 2 ** 27) });
    return [await statements(query), await statements(query)];
  };
  const page = 'edges { node { name latestVersion { version document } } }';
  expect(await costs(`{ servers(first: 30) { ${page} } }`)).toEqual([2, 1]);
  expect(await costs(`{ servers(first: 30) { totalCount ${page} } }`)).toEqual([3, 2]);
  expect(
    await costs('{ server(name: "io.github.alice/many1") { name versions { edges { node { version } } } } }'),
  ).toEqual([2, 1]);
  expect(await costs('{ changes { changes { revision version { name } } } }')).toEqual([2, 1]);
});

test('an export is read where long reads are let be, and is whole', async () => {
  await world.answered();
  const answer = await registry.rest('/v0.1/export');
  const lines = (await answer.text()).trim().split('\n');
  expect(lines).toHaveLength(13);
  expect(Number(answer.headers.get('registry-revision'))).toBe(registry.app.revision.current());
  expect((await world.answered())[0]).toBeGreaterThan(0);
});

test('reads that a silent replica has begun are answered by the primary, within two seconds, and it comes back', async () => {
  for (const link of world.links) link.delay(Infinity);
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: 20 }, list));
  const ms = Math.round(performance.now() - began);
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(ms).toBeLessThan(2_500);
  const again = performance.now();
  expect((await list()).status).toBe(200);
  const after = Math.round(performance.now() - again);
  expect(after).toBeLessThan(500);
  for (const link of world.links) link.delay(0);
  const mended = performance.now();
  await world.serving(2);
  console.log(
    `silent replicas: 20 reads took ${ms} ms, the next ${after} ms; back ${Math.round(performance.now() - mended)} ms after`,
  );
});

test('a replica that is slower by 200 ms is left out, and says why', async () => {
  world.links[0]!.delay(200);
  const began = performance.now();
  await world.serving(1);
  console.log(`a slow replica is left out after ${Math.round(performance.now() - began)} ms`);
  expect(replicaLines().at(-1)).toMatch(/^40 The replica .* is left out: it takes \d+ ms for next to nothing$/);
  world.links[0]!.delay(0);
});

test('what falls to the primary has a bound, behind which it is 503 after a second, and writes go on', async () => {
  for (const link of world.links) await link.cut();
  await world.serving(0);
  const slow = Array.from({ length: 6 }, () => registry.app.reads.anywhere.sql('SELECT pg_sleep(4.5)'));
  const began = performance.now();
  const [reads, write] = await Promise.all([
    Promise.all(Array.from({ length: 300 }, list)),
    world.publish('meanwhile', '1.0.0').then(() => Math.round(performance.now() - began)),
  ]);
  const ms = Math.round(performance.now() - began);
  for (const link of world.links) await link.mend();
  const refused = reads.filter(({ status }) => status === 503);
  // On a machine that is busy some come when there is room again.
  expect(refused.length).toBeGreaterThan(100);
  expect(reads.filter(({ status }) => status !== 503 && status !== 200)).toEqual([]);
  expect(refused.every((one) => one.headers.has('retry-after'))).toBe(true);
  expect(ms).toBeLessThan(6_000);
  console.log(
    `300 reads beyond the bound: ${refused.length} × 503, all within ${ms} ms, a publish meanwhile ${write} ms`,
  );
  await Promise.all(slow);
  expect((await list()).status).toBe(200);
});

test('while the primary is away reads go on, writes are told to try again, and the service stays in its place', async () => {
  const revision = registry.app.revision.current();
  await world.primary.stop();
  const answer = await list();
  expect([answer.status, answer.headers.get('registry-revision')]).toEqual([200, String(revision)]);
  expect(await ready()).toEqual({ code: 200, status: 'reads only', revision });
  await expect(world.publish('lost', '1.0.0')).rejects.toThrow('UNAVAILABLE');
  await world.primary.start();
  await world.publish('found', '1.0.0');
  expect(await ready()).toMatchObject({ code: 200, status: 'ok' });
}, 60_000);

test('a registry that is read-only reads from them too', async () => {
  const mirror = await createTestApp({
    MCP_REGISTRY_DATABASE_URL: world.primary.url,
    MCP_REGISTRY_DATABASE_REPLICA_URLS: world.links[0]!.url,
    MCP_REGISTRY_READ_ONLY: 'true',
  });
  while (!mirror.app.reads.serving()) await sleep(10);
  // One that has just come back may still lack a revision; then the primary is asked.
  let asked = 0;
  const targets = async () => {
    // Each time anew, or it would be answered from memory.
    expect((await mirror.rest(`/v0.1/servers?search=${(asked += 1)}`)).status).toBe(200);
    return (await mirror.app.metrics.reads.get()).values.map(({ labels }) => labels.target);
  };
  await expect.poll(targets, { timeout: 5_000 }).toContainEqual(expect.stringMatching(/^127/));
  await mirror.close();
});

test('who asks in turn with and without a token never goes back, even where standbys show a commit first', async () => {
  const [, second] = world.standbys;
  await second!.end('SIGINT');
  // The primary shows a commit only when the standby has applied it.
  await registry.app.db.sql(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await registry.app.db.sql(`ALTER SYSTEM SET synchronous_commit = 'remote_apply'`);
  await registry.app.db.sql('SELECT pg_reload_conf()');
  let going = true;
  const writers = Array.from({ length: 4 }, async (_, id) => {
    for (let n = 0; going; n += 1) await world.publish(`sync${id}`, `1.${n}.0`);
  });
  let last = 0;
  const breaches: string[] = [];
  const until = performance.now() + 3_000;
  for (let n = 0; performance.now() < until; n += 1) {
    const token = n % 2 === 0 ? undefined : world.alice;
    const { data } = await registry.graphql('{ registry { revision } }', {}, token);
    if (data.registry.revision < last) {
      breaches.push(`${data.registry.revision} after ${last}, ${token ? 'with' : 'without'}`);
    }
    last = data.registry.revision;
  }
  going = false;
  await Promise.all(writers);
  expect(breaches).toEqual([]);
  expect(last).toBeGreaterThan(50);
  await registry.app.db.sql('ALTER SYSTEM RESET ALL');
  await registry.app.db.sql('SELECT pg_reload_conf()');
  await second!.start();
}, 60_000);
