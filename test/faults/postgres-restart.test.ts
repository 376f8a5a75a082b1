import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterPaths } from '../../src/database/cluster.ts';
import { findPostmaster } from '../../src/database/postmaster.ts';
import { digestOf } from '../../src/servers/digest.ts';
import { startWork } from '../../src/work.ts';
import { aServer } from '../app.ts';
import { startFakeCdn, type FakeCdn } from '../external/fake-cdn.ts';
import { checkInvariants, type Ledger } from '../invariants.ts';
import { publish, startPublishWorld, type PublishWorld } from '../publish/world.ts';

/** How often PostgreSQL is ended; the long run of the figures has 20. */
const RESTARTS = Number(process.env.TEST_ROUNDS ?? 1) * 2;
const PUBLISHERS = 20;

let dataDir: string;
let cdn: FakeCdn;
let world: PublishWorld;
const ledger: Ledger = { acknowledged: [], tried: new Set() };

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-registry-fault-'));
  cdn = await startFakeCdn();
  // A database of its own, durable as everyone's is.
  world = await startPublishWorld({ DATABASE_URL: '', DATA_DIR: dataDir, CDN_PURGE_URL: cdn.url });
});

afterAll(async () => {
  await world.close();
  await cdn.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Publishes until it is told to stop; what could not be answered is sent again until it is, as a client does. */
async function publisher(id: number, going: () => boolean, refusals: Set<string>): Promise<void> {
  for (let n = 0; going(); n += 1) {
    const document = aServer(`io.github.alice/p${id}`, `1.${n}.0`, { description: `Restart ${id} ${n}` });
    ledger.tried.add(`io.github.alice/p${id} 1.${n}.0`);
    for (let tries = 0; ; tries += 1) {
      expect(tries).toBeLessThan(400);
      const said = await publish(world, world.alice, document);
      if (said?.version) {
        ledger.acknowledged.push({ ...said.version, digest: digestOf(document) });
        break;
      }
      refusals.add(`${said?.code} ${said?.retryable}`);
      await sleep(25);
    }
  }
}

test('PostgreSQL that ends under 20 publishers loses nothing that was acknowledged', { timeout: 600_000 }, async () => {
  let going = true;
  const refusals = new Set<string>();
  const work = await startWork(world.registry.app);
  const publishers = Array.from({ length: PUBLISHERS }, (_, id) => publisher(id, () => going, refusals));
  const recoveries: number[] = [];
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    await sleep(500 + Math.random() * 500);
    const { pid } = findPostmaster(clusterPaths(dataDir).lock)!;
    // What pg_ctl stop -m immediate sends; whoever started it brings it back.
    process.kill(pid, 'SIGQUIT');
    const ended = performance.now();
    const before = ledger.acknowledged.length;
    while (ledger.acknowledged.length === before) await sleep(10);
    recoveries.push(Math.round(performance.now() - ended));
  }
  await sleep(500);
  going = false;
  await Promise.all(publishers);
  expect([...refusals].filter((one) => one !== 'UNAVAILABLE true')).toEqual([]);
  console.log(
    `${ledger.acknowledged.length} publishes acknowledged over ${RESTARTS} restarts; the first after each came in ${Math.max(...recoveries)} ms at most`,
  );

  // No connection of the pool is left in a state that fails a read.
  for (let round = 0; round < 20; round += 1) {
    const reads = await Promise.all(Array.from({ length: 50 }, () => world.registry.rest('/v0/servers?limit=1')));
    expect(new Set(reads.map((one) => one.status))).toEqual(new Set([200]));
    await Promise.all(reads.map((one) => one.arrayBuffer()));
  }
  await work.stop();
  await checkInvariants(world.registry, ledger);
});

test('its jobs are all done in the end', { timeout: 120_000 }, async () => {
  const work = await startWork(world.registry.app);
  const waiting = async () =>
    (await world.registry.app.db.sql<{ n: number }>('SELECT count(*) AS n FROM graphile_worker.jobs'))[0]!.n;
  for (let tried = 0; tried < 800 && (await waiting()) > 0; tried += 1) await sleep(50);
  expect(await waiting()).toBe(0);
  await work.stop();
});
