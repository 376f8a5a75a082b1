import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/db.ts';
import { prepareVersion } from '../../src/publish/prepared.ts';
import { writeVersions } from '../../src/publish/write.ts';
import { ALLOWANCE_SECONDS } from '../../src/servers/since.ts';
import { checkInvariants } from '../invariants.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { listen } from '../http/graphql/events.ts';
import type { Parsed } from './walk.ts';

const WRITERS = 20;
const CHANGES = 2_000;

let app: TestApp;
let writing: Db;

beforeAll(async () => {
  app = await createTestApp({ MCP_REGISTRY_RATE_LIMITS: 'false' });
  writing = createDb({ url: app.databaseUrl, connections: WRITERS });
});
afterAll(async () => {
  await writing?.close();
  await app?.close();
});

/** Thrown by the test itself, to roll back. */
const undone = new Error('undone');

/** A database whose transactions take their time at the very end, holding the counter, and come to nothing now and then. */
const hesitant = (db: Db): Db => ({
  ...db,
  transaction: (work) =>
    db.transaction(async (sql) => {
      const result = await work(sql);
      await sleep(Math.random() * 4);
      if (Math.random() < 0.2) throw undone;
      return result;
    }),
});

const pick = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)]!;
const statuses = ['active', 'active', 'deprecated', 'deleted'] as const;

/** A new version, mostly; else one that may be there already, with another document or status. */
function aWrite(writer: number, i: number) {
  const name = `com.example/s${Math.floor(Math.random() * 40)}`;
  const version = Math.random() < 0.7 ? `1.${writer}.${i}` : `0.${Math.floor(Math.random() * 3)}.0`;
  return prepareVersion({
    ...{ name, version, status: pick(statuses), statusMessage: null, source: 'test' },
    document: JSON.stringify(aServer(name, version, { description: pick(['One', 'Another']) })),
    ...{ publishedAt: '2025-01-01T00:00:00Z', updatedAt: '2025-01-01T00:00:00Z', statusChangedAt: null },
  });
}

let rolledBack = 0;
let done = false;

async function write(writer: number): Promise<void> {
  const db = hesitant(writing);
  for (let i = 0; app.app.revision.current() < CHANGES; i++) {
    const versions = Array.from({ length: 1 + Math.floor(Math.random() * 4) }, (_, j) => aWrite(writer, i * 10 + j));
    const distinct = [...new Map(versions.map((one) => [`${one.nameKey}@${one.version}`, one])).values()];
    await writeVersions(db, distinct).catch((error: unknown) => {
      if (error !== undone) throw error;
      rolledBack += 1;
    });
  }
}

/** A copy of the registry, kept by what a follower was told. */
type Copy = Map<string, { status: string; isLatest: boolean; digest?: string }>;

const fields = 'revision version { name version status isLatest digest }';

function keep(copy: Copy, { name, version, status, isLatest, digest }: Parsed): void {
  copy.set(`${name}@${version}`, { status: status.toLowerCase(), isLatest, digest });
}

interface Follower {
  revisions: number[];
  copy: Copy;
}

const follower = (): Follower => ({ revisions: [], copy: new Map() });

/** Follows page by page until nothing is written any more and nothing is left. */
async function poll({ revisions, copy }: Follower, ask: (after: number) => Promise<Parsed>): Promise<void> {
  for (let after = 0, last = false; ;) {
    const page = await ask(after);
    revisions.push(...page.changes.map((change: Parsed) => change.revision));
    for (const change of page.changes) keep(copy, change.version);
    after = page.revision;
    if (page.hasMore) continue;
    if (last) return;
    last = done;
    await sleep(3);
  }
}

async function askGraphql(after: number): Promise<Parsed> {
  const query = `query ($after: Revision) { changes(after: $after, first: 37) { revision hasMore changes { ${fields} } } }`;
  return (await app.graphql(query, { after })).data.changes;
}

async function askRest(after: number): Promise<Parsed> {
  const response = await app.rest(`/v0/changes?limit=23&after=${after}`);
  const { changes, metadata } = (await response.json()) as Parsed;
  const told = changes.map(({ revision, server, _meta }: Parsed) => ({
    revision,
    version: { ...server, ...Object.values<object>(_meta)[0] },
  }));
  return { ...metadata, changes: told };
}

/** Subscribes, is cut off again and again, and goes on from where it was. */
async function subscribe({ revisions, copy }: Follower): Promise<number> {
  const query = `subscription ($after: Revision) { changes(after: $after) { ${fields} } }`;
  for (let cuts = 0; ; cuts++) {
    const { events, cut } = await listen(app, query, { after: revisions.at(-1) ?? 0 });
    const patience = setInterval(() => done && revisions.at(-1) === app.app.revision.current() && cut(), 20);
    let left = 50 + Math.random() * 300;
    try {
      for await (const { data } of events()) {
        revisions.push(data.changes.revision);
        keep(copy, data.changes.version);
        if (left-- < 0) cut();
      }
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    } finally {
      clearInterval(patience);
    }
    if (done && revisions.at(-1) === app.app.revision.current()) return cuts;
  }
}

/** Asks by its own clock for what changed since it last began to ask; `margin` is what is left of the allowance, in seconds. */
async function pollByTime(copy: Copy, margin: number): Promise<void> {
  for (let since = 0, last = false; !last; await sleep(3)) {
    last = done;
    const start = Date.now();
    const updatedSince = new Date(since + (since && ALLOWANCE_SECONDS - margin) * 1_000).toISOString();
    for (let cursor = ''; ;) {
      const response = await app.rest(`/v0.1/servers?limit=100&updated_since=${updatedSince}&cursor=${cursor}`);
      const { servers, metadata } = (await response.json()) as Parsed;
      for (const { server, _meta } of servers) keep(copy, { ...server, ...Object.values<object>(_meta)[0] });
      if (!metadata.nextCursor) break;
      cursor = metadata.nextCursor;
    }
    since = start;
  }
}

async function truth(): Promise<Copy> {
  const rows = await app.app.db.sql<Parsed>(
    `SELECT s.name, v.version, v.status, v.is_latest AS "isLatest", v.digest FROM versions v JOIN servers s ON s.id = v.server_id`,
  );
  const copy: Copy = new Map();
  for (const row of rows) keep(copy, row);
  return copy;
}

/** The versions that a copy has otherwise than the registry, or not at all; REST does not tell digests. */
const differing = (copy: Copy, real: Copy) =>
  [...real].filter(([key, { status, isLatest, digest }]) => {
    const one = copy.get(key);
    const same = one?.status === status && one.isLatest === isLatest && (one.digest ?? digest) === digest;
    return !same;
  });

test('20 writers, 2,000 changes, some undone: who follows in any way misses nothing and is told nothing twice', async () => {
  const [byGraphql, byRest, bySubscription] = [follower(), follower(), follower()];
  const [byTime, withoutAllowance]: Copy[] = [new Map(), new Map()];
  const start = performance.now();
  const followed = Promise.all([
    subscribe(bySubscription),
    poll(byGraphql, askGraphql),
    poll(byRest, askRest),
    pollByTime(byTime!, 2),
    pollByTime(withoutAllowance!, 0),
  ]);
  await Promise.all(Array.from({ length: WRITERS }, (_, i) => write(i)));
  const seconds = (performance.now() - start) / 1_000;
  await app.app.revision.refresh();
  done = true;
  const [cuts] = await followed;
  const newest = app.app.revision.current();
  expect(newest).toBeGreaterThanOrEqual(CHANGES);
  expect(rolledBack).toBeGreaterThan(20);
  const real = await truth();
  const all = Array.from({ length: newest }, (_, i) => i + 1);
  for (const { revisions, copy } of [byGraphql, byRest, bySubscription]) {
    expect(revisions).toEqual(all);
    expect(differing(copy, real)).toEqual([]);
    expect(copy.size).toBe(real.size);
  }
  expect(differing(byTime!, real)).toEqual([]);
  await checkInvariants(app);
  const missed = differing(withoutAllowance!, real).length;
  console.log(
    `feed: ${newest} changes by ${WRITERS} writers in ${seconds.toFixed(1)} s, ${rolledBack} transactions undone, a subscriber cut ${cuts} times: ` +
      `0 missed, 0 repeated, 0 gaps; by updated_since 0 of ${real.size} versions missed, without its allowance ${missed}`,
  );
}, 60_000);

test('replayed from the start, the log rebuilds what is there', async () => {
  const replayed = follower();
  done = true;
  await poll(replayed, askGraphql);
  const real = await truth();
  expect(differing(replayed.copy, real)).toEqual([]);
  expect(replayed.copy.size).toBe(real.size);
});

test('an export and the changes behind its revision are a copy too', async () => {
  const copy: Copy = new Map();
  const response = await app.rest('/v0.1/export');
  await app.seed([{ server: aServer('com.example/s1', '9.0.0') }, { server: aServer('com.example/new') }]);
  for (const line of (await response.text()).trim().split('\n')) {
    const { server, _meta } = JSON.parse(line);
    keep(copy, { ...server, ..._meta['io.modelcontextprotocol.registry/official'] });
  }
  const { changes } = await askRest(Number(response.headers.get('registry-revision')));
  for (const { version } of changes) keep(copy, version);
  const real = await truth();
  expect(differing(copy, real)).toEqual([]);
  expect(copy.size).toBe(real.size);
});
