import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '../../src/servers/digest.ts';
import { startWork } from '../../src/work.ts';
import { aServer, TEST_SEED } from '../app.ts';
import { PUBLIC_URL } from '../auth/outside.ts';
import { startFakeCdn, type FakeCdn } from '../external/fake-cdn.ts';
import { checkInvariants, type Ledger } from '../invariants.ts';
import { publish, startPublishWorld, type PublishWorld } from '../publish/world.ts';
import { points, type Point } from './points.ts';
import { startService, type Service } from './service.ts';

/** How often each point is tried; the long run of the figures has 20. */
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 1);
const AT_A_TIME = 5;

let cdn: FakeCdn;
let world: PublishWorld;
let env: Record<string, string>;
const ledger: Ledger = { acknowledged: [], tried: new Set() };
/** Publishes that were killed, and what trying them again then said. */
const retried: Record<string, string[]> = {};

beforeAll(async () => {
  cdn = await startFakeCdn();
  world = await startPublishWorld({ CDN_PURGE_URL: cdn.url });
  const settings = {
    DATABASE_URL: world.registry.databaseUrl,
    PUBLIC_URL,
    JWT_PRIVATE_KEY: TEST_SEED,
    CDN_PURGE_URL: cdn.url,
    RATE_LIMITS: 'false',
    PORT: '0',
    INTERNAL_PORT: '0',
    ...world.upstreams.settings,
  };
  env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`MCP_REGISTRY_${name}`, value]));
});

afterAll(async () => {
  await world.close();
  await cdn.close();
});

/** A document with all that a publish can have: a package to ask about, a remote to take. */
function documentOf(slug: string): Record<string, unknown> {
  const name = `io.github.alice/${slug}`;
  world.upstreams.npm.publish(`@alice/${slug}`, '1.0.0', { mcpName: name });
  return aServer(name, '1.0.0', {
    packages: [{ registryType: 'npm', identifier: `@alice/${slug}`, version: '1.0.0', transport: { type: 'stdio' } }],
    remotes: [{ type: 'streamable-http', url: `https://${slug}.example.com/mcp` }],
  });
}

/** Publishes at a service that is killed at a point, and then once more here. */
async function killAt(point: Point, slug: string): Promise<void> {
  const document = documentOf(slug);
  ledger.tried.add(`io.github.alice/${slug} 1.0.0`);
  const service = await startService(env, point);
  const sent = fetch(`${service.url}/v0/publish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.alice}` },
    body: JSON.stringify(document),
  });
  if (point === 'while the registry of a package is asked') killAfter(service, 150);
  const acknowledged = await sent.then(
    (answer) => answer.ok,
    () => false,
  );
  if (point === 'while the job runs') killAfter(service, 300);
  else if (acknowledged) {
    service.process.kill('SIGKILL');
    throw new Error(`It was published: ${point} never came.`);
  }
  await service.ended;
  expect(service.process.signalCode, point).toBe('SIGKILL');
  if (acknowledged) note(document);
  const again = await publish(world, world.alice, document);
  if (again.version) note(document);
  (retried[point] ??= []).push(again.outcome ?? `${again.code}: ${again.message}`);
}

const killAfter = (service: Service, ms: number) => setTimeout(() => service.process.kill('SIGKILL'), ms);

function note(document: Record<string, unknown>): void {
  const { name, version } = document as { name: string; version: string };
  ledger.acknowledged.push({ name, version, digest: digestOf(document) });
}

test(
  'a service that is killed at any point of publishing leaves all of it or nothing',
  { timeout: 900_000 },
  async () => {
    const runs = Array.from({ length: ROUNDS }, (_, round) =>
      Object.keys(points).map((point, i) => ({ point: point as Point, slug: `kill-${round}-${i}` })),
    ).flat();
    // So that what is asked, and what a job asks, takes long enough to be killed in.
    world.upstreams.delay(300);
    cdn.delay(2_000);
    for (let i = 0; i < runs.length; i += AT_A_TIME) {
      await Promise.all(runs.slice(i, i + AT_A_TIME).map(({ point, slug }) => killAt(point, slug)));
    }
    const kept = ['after the commit, before the answer', 'while the job runs'];
    for (const [point, outcomes] of Object.entries(retried)) {
      expect({ point, outcomes: new Set(outcomes) }).toEqual({
        point,
        outcomes: new Set([kept.includes(point) ? 'UNCHANGED' : 'CREATED']),
      });
    }
  },
);

test('what was enqueued is done by another, and all that must hold does', { timeout: 120_000 }, async () => {
  cdn.delay(0);
  const work = await startWork(world.registry.app);
  const waiting = async () =>
    (await world.registry.app.db.sql<{ n: number }>('SELECT count(*) AS n FROM graphile_worker.jobs'))[0]!.n;
  for (let tried = 0; tried < 800 && (await waiting()) > 0; tried += 1) await sleep(50);
  await work.stop();
  expect(await waiting()).toBe(0);
  const purged = new Set(cdn.requests.flatMap(({ headers }) => String(headers['xkey-purge']).split(' ')));
  for (const { name } of ledger.acknowledged) expect(purged).toContain(`s:${encodeURIComponent(name)}`);
  await checkInvariants(world.registry, ledger);
});
