import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../src/servers/digest.ts';
import { aServer, createTestApp, TEST_SEED, type TestApp } from '../app.ts';
import { PUBLIC_URL } from '../auth/outside.ts';
import { checkInvariants, type Ledger } from '../invariants.ts';
import { compareByContract } from '../servers/semver.ts';
import { pathOf, publish, startPublishWorld, type PublishWorld } from './world.ts';

/** How often each race is run; the long run of the figures has 20. */
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 2);

let world: PublishWorld;
/** Another process on the same database. */
let other: TestApp;
const ledger: Ledger = { acknowledged: [], tried: new Set() };

beforeAll(async () => {
  world = await startPublishWorld();
  other = await createTestApp({
    MCP_REGISTRY_DATABASE_URL: world.registry.databaseUrl,
    MCP_REGISTRY_JWT_PRIVATE_KEY: TEST_SEED,
    MCP_REGISTRY_PUBLIC_URL: PUBLIC_URL,
    MCP_REGISTRY_RATE_LIMITS: 'false',
  });
});

afterAll(async () => {
  await checkInvariants(world.registry, ledger);
  await other.close();
  await world.close();
});

/** Publishes at one of the two processes, and notes what was said. */
async function attempt(i: number, document: Record<string, unknown>): Promise<string> {
  const { name, version } = document as { name: string; version: string };
  ledger.tried.add(`${name} ${version}`);
  const at = i % 2 ? world : { ...world, registry: other };
  const said = await publish(at, world.alice, document);
  if (said.version) ledger.acknowledged.push({ name, version, digest: digestOf(document) });
  return said.outcome ?? said.code;
}

const fifty = (make: (i: number) => Record<string, unknown>) =>
  Promise.all(Array.from({ length: 50 }, (_, i) => attempt(i, make(i))));

const count = (said: string[]) =>
  Object.fromEntries(
    Map.groupBy(said, (one) => one)
      .entries()
      .map(([one, all]) => [one, all.length]),
  );

describe.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))(
  '50 publishes at once at two processes, round %i',
  (round) => {
    test('of one document: one creates it, all others are told what is there', async () => {
      const document = aServer(`io.github.alice/same-${round}`);
      expect(count(await fifty(() => document))).toEqual({ CREATED: 1, UNCHANGED: 49 });
    });

    test('of one version with other documents: one wins, all others are refused', async () => {
      const make = (i: number) => aServer(`io.github.alice/differ-${round}`, '1.0.0', { title: `Number ${i}` });
      expect(count(await fifty(make))).toEqual({ CREATED: 1, VERSION_EXISTS: 49 });
    });

    test('of different versions: all are there, and the greatest is the latest', async () => {
      const name = `io.github.alice/many-${round}`;
      const versions = Array.from({ length: 50 }, (_, i) => (i % 5 ? `1.${(i * 7) % 50}.0-rc.${i}` : `build-${i}`));
      expect(count(await fifty((i) => aServer(name, versions[i])))).toEqual({ CREATED: 50 });
      const { data } = await world.registry.graphql(
        'query ($n: String!) { server(name: $n) { versions(first: 100) { nodes: edges { node { version publishedAt isLatest } } } } }',
        { n: name },
      );
      const rows = data.server.versions.nodes.map(
        (edge: { node: { version: string; publishedAt: string; isLatest: boolean } }) => edge.node,
      );
      expect(rows.filter((row: { isLatest: boolean }) => row.isLatest)).toEqual([
        rows.toSorted(compareByContract).at(-1),
      ]);
    });
  },
);

test('what was published at one process is visible at the other within a second', async () => {
  const waits: number[] = [];
  for (let i = 0; i < 10; i += 1) {
    const document = aServer(`io.github.alice/seen-${i}`);
    expect(await attempt(1, document)).toBe('CREATED');
    const started = performance.now();
    const revision = world.registry.app.revision.current();
    while (other.app.revision.current() < revision) await new Promise((wake) => setTimeout(wake, 1));
    expect((await other.rest(pathOf(`io.github.alice/seen-${i}`, '1.0.0'))).status).toBe(200);
    waits.push(performance.now() - started);
  }
  expect(Math.max(...waits)).toBeLessThan(1_000);
  console.log(`visible at the other process after ${Math.round(Math.max(...waits))} ms at most`);
});
