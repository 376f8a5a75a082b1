import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '../../src/servers/digest.ts';
import { aServer } from '../app.ts';
import { startReplicaWorld, type ReplicaWorld } from '../database/replica-world.ts';
import { listen } from '../http/graphql/events.ts';
import { checkInvariants, type Ledger } from '../invariants.ts';
import { publish } from '../publish/world.ts';

const WRITERS = 10;
/** How long each fault lasts; the figures of the documentation are of 6 s. */
const FAULT_MS = 2_500 * Number(process.env.TEST_ROUNDS ?? 1);

let world: ReplicaWorld;
const ledger: Ledger = { acknowledged: [], tried: new Set() };
let going = true;
let phase = '';
/** The greatest revision that any answer has shown: none that is asked for after it may show less. */
let shown = 0;
const times: { phase: string; door: string; status: string; ms: number }[] = [];
const breaches: string[] = [];

beforeAll(async () => {
  world = await startReplicaWorld([{ hot_standby_feedback: 'on' }, {}]);
  await world.serving(2);
}, 60_000);

afterAll(() => world.close());

const nameOf = (id: number) => `io.github.alice/w${id}x`;
const pathTo = (id: number, version: string) => `/v0.1/servers/${encodeURIComponent(nameOf(id))}/versions/${version}`;

/** Asks, notes how long it took, and holds what came against what was shown before. */
async function ask(
  door: string,
  request: () => Promise<Response>,
  look: (body: ReturnType<typeof JSON.parse>) => number[],
) {
  const [before, began, during] = [shown, performance.now(), phase];
  const answer = await request();
  const text = await answer.text();
  const body = JSON.parse(text);
  const code = body.errors?.[0]?.extensions?.code ?? (answer.ok ? '' : body.code);
  const status = `${answer.status}${code ? ` ${code}` : ''}`;
  times.push({ phase: during, door, status, ms: performance.now() - began });
  if (status !== '200') return false;
  const told = Number(answer.headers.get('registry-revision'));
  if (told < before) breaches.push(`${during} ${door}: told ${told} after ${before}`);
  for (const revision of look(body)) {
    if (revision < before) breaches.push(`${during} ${door}: ${revision} after ${before}`);
    shown = Math.max(shown, revision);
  }
  return true;
}

/** Publishes ever newer versions of a server of its own, and reads each at once as a stranger would. */
async function writer(id: number): Promise<void> {
  for (let n = 0; going; n += 1) {
    const document = aServer(nameOf(id), `1.${n}.0`, { description: `Number ${n} of writer` });
    ledger.tried.add(`${nameOf(id)} 1.${n}.0`);
    const began = performance.now();
    const said = await publish(world, world.alice, document);
    times.push({
      phase,
      door: 'a publish',
      status: said?.version ? '200' : String(said?.code),
      ms: performance.now() - began,
    });
    if (!said?.version) throw new Error(JSON.stringify(said));
    ledger.acknowledged.push({ ...said.version, digest: digestOf(document) });
    await ask(
      'what was just published',
      () => world.registry.rest(pathTo(id, 'latest')),
      (body) => {
        if (body.server.version !== `1.${n}.0`) breaches.push(`${phase}: wrote 1.${n}.0, read ${body.server.version}`);
        return [];
      },
    );
    await sleep(150 + Math.random() * 100);
  }
}

const graphql = (query: string, token?: string) => () =>
  world.registry.rest('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  });

/** The minor versions of the servers of a page, by name: none may ever fall. */
function newest(kept: Map<string, number>, found: { name: string; version: string }[]): void {
  for (const { name, version } of found) {
    const minor = Number(version.split('.')[1]);
    if (minor < (kept.get(name) ?? 0)) {
      breaches.push(`${phase}: ${name} went back to ${version} from ${kept.get(name)}`);
    }
    kept.set(name, minor);
  }
  // Nobody deletes anything: whoever was there stays.
  for (const name of kept.keys()) {
    if (!found.some((one) => one.name === name)) breaches.push(`${phase}: ${name} is gone`);
  }
}

const restKept = new Map<string, number>();
const graphqlKept = new Map<string, number>();
let feedAt = 0;
let mixed = 0;

/** What followers ask, over and over. */
const questions: Record<string, () => Promise<unknown>> = {
  'a REST list': () =>
    ask(
      'a REST list',
      () => world.registry.rest('/v0.1/servers?version=latest&limit=100'),
      ({ servers }) => {
        newest(
          restKept,
          servers.map((one: { server: object }) => one.server),
        );
        return [];
      },
    ),
  'a GraphQL list': () =>
    ask(
      'a GraphQL list',
      graphql(
        '{ registry { revision } servers(first: 100) { edges { node { name latestVersion { name version revision } } } } }',
      ),
      ({ data }) => {
        newest(
          graphqlKept,
          data.servers.edges.map((one: { node: { latestVersion: object } }) => one.node.latestVersion),
        );
        return [data.registry.revision];
      },
    ),
  'the feed by REST': () =>
    ask(
      'the feed by REST',
      () => world.registry.rest(`/v0.1/changes?after=${feedAt}&limit=50`),
      ({ changes, metadata }) => {
        for (const { revision } of changes) {
          if (revision !== feedAt + 1) breaches.push(`${phase}: the feed leaps from ${feedAt} to ${revision}`);
          feedAt = revision;
        }
        // Whoever is at its end is where everybody is.
        return metadata.hasMore ? [] : [metadata.revision];
      },
    ),
  'with and without a token': () => {
    mixed += 1;
    const token = mixed % 2 === 0 ? world.alice : undefined;
    const door = token ? 'GraphQL with a token' : 'GraphQL';
    return ask(door, graphql('{ registry { revision } }', token), ({ data }) => [data.registry.revision]);
  },
};

async function follower(question: () => Promise<unknown>): Promise<void> {
  while (going) {
    await question();
    await sleep(10);
  }
}

async function subscriber(hangUp: AbortSignal): Promise<number[]> {
  const told: number[] = [];
  const listening = await listen(world.registry, 'subscription { changes(after: 0) { revision } }');
  hangUp.addEventListener('abort', () => listening.cut());
  try {
    for await (const { data } of listening.events()) told.push(data.changes.revision);
  } catch (error) {
    if (!hangUp.aborted) throw error;
  }
  return told;
}

/** Does something to the replicas for a while, then sets it right and waits until both are back. */
async function during(what: string, begin: () => Promise<unknown>, end: () => Promise<unknown>): Promise<void> {
  await world.answered();
  phase = what;
  await begin();
  await sleep(FAULT_MS);
  const answered = await world.answered();
  phase = `after: ${what}`;
  const ended = performance.now();
  await end();
  await world.serving(2);
  const back = Math.round(performance.now() - ended);
  const total = Object.values(answered).reduce((sum, n) => sum + n, 0);
  const share = (target: string) => `${Math.round((100 * (answered[target] ?? 0)) / total)} %`;
  const reads = figures(what, (door) => door !== 'a publish');
  const publishes = figures(what, (door) => door === 'a publish');
  const shares = `${share('0')} + ${share('1')} by replicas, ${share('primary')} by the primary`;
  console.log(`${what}: reads ${reads}; ${shares}; publishes ${publishes}; both back after ${back} ms`);
}

test('no reader goes back, and no write fails, whatever becomes of the replicas', { timeout: 300_000 }, async () => {
  const { standbys, links } = world;
  const first = standbys[0]!;
  const both = (what: (i: 0 | 1) => unknown) => Promise.all([what(0), what(1)]);
  const hangUp = new AbortController();
  for (let id = 0; id < WRITERS; id += 1) await world.publish(`w${id}x`, '0.0.1');
  for (let id = 0; id < WRITERS; id += 1) ledger.tried.add(`${nameOf(id)} 0.0.1`);
  const running = [
    ...Array.from({ length: WRITERS }, (_, id) => writer(id)),
    ...Object.values(questions).map(follower),
  ];
  const subscribed = subscriber(hangUp.signal);
  const nothing = async () => {};
  await during('both are well', nothing, nothing);
  const resumed = () => first.sql('SELECT pg_wal_replay_resume()');
  await during('the first does not replay', () => first.sql('SELECT pg_wal_replay_pause()'), resumed);
  await during(
    'the first is killed',
    () => first.end('SIGKILL'),
    () => first.start(),
  );
  await during(
    'both are killed',
    () => both((i) => standbys[i]!.end('SIGKILL')),
    () => both((i) => standbys[i]!.start()),
  );
  await during(
    'both are stopped',
    () => both((i) => standbys[i]!.end('SIGINT')),
    () => both((i) => standbys[i]!.start()),
  );
  await during(
    'both take 200 ms more',
    async () => links.forEach((one) => one.delay(200)),
    async () => links.forEach((one) => one.delay(0)),
  );
  await during(
    'both hang',
    async () => links.forEach((one) => one.delay(Infinity)),
    async () => links.forEach((one) => one.delay(0)),
  );
  await sleep(500);
  going = false;
  await Promise.all(running);
  await sleep(1_500);
  hangUp.abort();
  const told = await subscribed;
  expect(told).toEqual(told.map((_, i) => i + 1));
  expect(told.length).toBeGreaterThanOrEqual(shown);
  expect(breaches).toEqual([]);
  const failures = times.filter(({ status }) => status !== '200');
  expect(failures).toEqual([]);
  await checkInvariants(world.registry);
});

/** How many answers a door gave during a fault, and how fast: the middle, one in a hundred, the slowest. */
function figures(what: string, of: (door: string) => boolean): string {
  const all = times.filter((one) => one.phase === what && of(one.door)).map(({ ms }) => ms);
  const sorted = all.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
  return `${all.length} in ${at(0.5)} / ${at(0.99)} / ${at(1)} ms`;
}
