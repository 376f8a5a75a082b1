import { join, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cloneTemplate, createTestApp, type TestApp } from '../app.ts';
import { freePort } from '../free-port.ts';
import { openDatabaseLink } from '../http/database-link.ts';
import { startReplicaWorld, type ReplicaWorld } from './replica-world.ts';
import { copyPrimary, type Standby } from './standby.ts';

let world: ReplicaWorld;
let delayed: Standby;

beforeAll(async () => {
  world = await startReplicaWorld([{ recovery_min_apply_delay: '2s' }]);
  delayed = world.standbys[0]!;
  await world.serving(1);
}, 60_000);

afterAll(() => world.close());

const number = (what: string) => world.registry.rest(`/v0.1/servers?search=${what}`).then(namesIn);
const namesIn = async (answer: Response) => {
  expect(answer.status).toBe(200);
  const { servers } = (await answer.json()) as { servers: { server: { name: string } }[] };
  return servers.map(({ server }) => server.name);
};

test('two seconds behind: writers read what they wrote, a follower never goes back, and then the replica breaks', async () => {
  const seen: number[] = [];
  let following = true;
  let after = 0;
  const etl = async () => {
    while (following) {
      const answer = await world.registry.rest(`/v0.1/changes?after=${after}`);
      const { changes, metadata } = (await answer.json()) as {
        changes: { revision: number }[];
        metadata: { revision: number };
      };
      seen.push(...changes.map(({ revision }) => revision));
      expect(metadata.revision).toBeGreaterThanOrEqual(after);
      after = metadata.revision;
      await sleep(5);
    }
  };
  const follower = etl();
  for (let n = 0; n < 10; n += 1) {
    await world.publish(`late${n}`, '1.0.0');
    // What was read before anything was there.
    if (n === 1) await world.answered();
    expect(await number(`late${n}`)).toEqual([`io.github.alice/late${n}`]);
    const { data } = await world.registry.graphql(
      `{ server(name: "io.github.alice/late${n}") { latestVersion { version } } }`,
    );
    expect(data.server.latestVersion.version).toBe('1.0.0');
    await sleep(100);
  }
  expect(Object.keys(await world.answered())).toEqual(['primary']);
  expect(await delayed.sql('SELECT n::int FROM revision')).not.toEqual([{ n: 10 }]);
  await expect
    .poll(() => number(`late${Math.random()}`).then(() => world.answered()), { timeout: 5_000 })
    .toHaveProperty('0');
  await delayed.end('SIGKILL');
  const began = performance.now();
  expect(await number('late3')).toEqual(['io.github.alice/late3']);
  console.log(`the read after a kill took ${Math.round(performance.now() - began)} ms`);
  following = false;
  await follower;
  expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
  await delayed.start();
  await world.serving(1);
}, 60_000);

/** Starts a service on the world's primary that is told of these replicas; what it says of them. */
async function told(...urls: string[]): Promise<{ service: TestApp; lines: () => string[] }> {
  const service = await createTestApp({
    MCP_REGISTRY_DATABASE_URL: world.primary.url,
    MCP_REGISTRY_DATABASE_REPLICA_URLS: urls.join(','),
  });
  const lines = () =>
    service
      .logged()
      .flatMap(({ msg }) => /^The replica \S+ (.*)$/.exec(String(msg))?.[1]?.replace(/:\d+/g, ':…') ?? []);
  return { service, lines };
}

const at = (change: (url: URL) => void, from = world.primary.url) => {
  const url = new URL(from);
  change(url);
  return url.href;
};

test.each([
  ['the primary itself', () => world.primary.url, /^is left out: it is no standby, since it takes writes itself/],
  [
    'another database of its server',
    () => at((url) => (url.pathname = '/postgres')),
    /^is left out: it is no copy of this registry's database$/,
  ],
  ['another registry', () => cloneTemplate(), /^is left out: it is no copy of this registry's database$/],
  [
    'a server that is none',
    () => inject('databaseUrl').replace(/:\d+\//, ':1/'),
    /refuses the connection: is it running, and is MCP_REGISTRY_DATABASE_REPLICA_URLS right\?$/,
  ],
  [
    'a password that is wrong',
    () => at((url) => (url.password = 'canary-password')),
    /refuses the password of user "postgres": check MCP_REGISTRY_DATABASE_REPLICA_URLS$/,
  ],
])('%s is left out, and the log says why', async (_, url, line) => {
  const { service, lines } = await told(await url());
  await expect.poll(lines).toEqual([expect.stringMatching(line)]);
  expect((await service.rest('/v0.1/servers')).status).toBe(200);
  expect(JSON.stringify(service.logged())).not.toContain('canary');
  expect(JSON.stringify(service.logged())).not.toContain(new URL(world.primary.url).password);
  await service.close();
});

test('who may only read there is enough', async () => {
  await world.registry.app.db.sql(`CREATE ROLE reader LOGIN PASSWORD 'x'`);
  await world.registry.app.db.sql('GRANT pg_read_all_data TO reader');
  await sleep(2_500);
  const { service, lines } = await told(
    at((url) => {
      url.username = 'reader';
      url.password = 'x';
    }, delayed.url),
  );
  await expect.poll(lines).toEqual([expect.stringMatching(/^is read from/)]);
  expect((await service.rest('/v0.1/servers?search=a')).status).toBe(200);
  expect(JSON.stringify(await service.app.metrics.reads.get())).not.toContain('primary');
  await service.close();
});

test('one that lacks a migration is left out until it has it', async () => {
  // As if the newest migration had run just now: what the standby has of it, it has two seconds later.
  const { sql } = world.registry.app.db;
  const [newest] = await sql<{ name: string }>('SELECT max(migration_name) AS name FROM _prisma_migrations');
  const set = (value: string) =>
    sql(`UPDATE _prisma_migrations SET finished_at = ${value} WHERE migration_name = $1`, [newest!.name]);
  await set('NULL');
  await sleep(2_500);
  await set('now()');
  const { service, lines } = await told(delayed.url);
  await expect
    .poll(lines, { timeout: 10_000 })
    .toEqual([`is left out: it does not have migration ${newest!.name} yet`, expect.stringMatching(/^is read from/)]);
  await service.close();
}, 30_000);

test('one that is promoted while it is read from is left out, and so is one that follows it', async () => {
  const scratch = dirname(world.primary.dataDir);
  const copy = await copyPrimary(world.primary, { dataDir: join(scratch, 'promoted'), port: await freePort() });
  await copy.start();
  const { service, lines } = await told(copy.url);
  await expect.poll(lines).toEqual([expect.stringMatching(/^is read from/)]);
  await copy.sql('SELECT pg_promote()');
  // Somebody writes there what the registry never had.
  await copy.sql(
    `WITH r AS (UPDATE revision SET n = n + 1 RETURNING n)
     INSERT INTO changes (revision, version_id, kind) SELECT r.n, c.version_id, c.kind FROM r, (SELECT * FROM changes LIMIT 1) c`,
  );
  const before = service.app.revision.current();
  const { data } = await service.graphql('{ registry { revision } changes { revision } }');
  expect(data).toEqual({ registry: { revision: before }, changes: { revision: before } });
  expect(lines().at(-1)).toMatch(/^is left out: it is no standby/);
  await service.close();

  const follower = await copyPrimary(
    { url: copy.url, dataDir: join(scratch, 'promoted') },
    { dataDir: join(scratch, 'follower'), port: await freePort() },
  );
  await follower.start();
  await world.publish('real', '1.0.0');
  const other = await told(follower.url);
  await expect.poll(other.lines).toEqual([expect.stringMatching(/^is left out: its change \d+ is not the primary's/)]);
  await other.service.close();
  await follower.end('SIGINT');
  await copy.end('SIGINT');
}, 60_000);

test('several servers behind one address: what the slower has not yet is asked elsewhere', async () => {
  const fast = await copyPrimary(world.primary, {
    dataDir: join(dirname(world.primary.dataDir), 'fast'),
    port: await freePort(),
  });
  await fast.start();
  const service = await openDatabaseLink(delayed.url, fast.url);
  const { service: registry, lines } = await told(service.url);
  await expect.poll(() => lines().at(-1), { timeout: 10_000 }).toMatch(/^is read from/);
  for (let n = 0; n < 5; n += 1) {
    await world.publish(`either${n}`, '1.0.0');
    await registry.app.revision.refresh();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        registry.rest(`/v0.1/servers?search=either${n}&limit=${i + 1}`).then(namesIn),
      ),
    );
    expect(new Set(all.map(String))).toEqual(new Set([`io.github.alice/either${n}`]));
  }
  expect(JSON.stringify(await registry.app.metrics.reads.get())).toMatch(/"target":"127/);
  await registry.close();
  await service.cut();
  await fast.end('SIGINT');
}, 60_000);
