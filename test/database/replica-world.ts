import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded.ts';
import { freePort } from '../free-port.ts';
import { openDatabaseLink, type DatabaseLink } from '../http/database-link.ts';
import { publish, startPublishWorld, type PublishWorld } from '../publish/world.ts';
import { aServer } from '../app.ts';
import { copyPrimary, type Standby } from './standby.ts';

/** A registry with a primary of its own and replicas of that, each behind a line that can be cut and slowed. */
export interface ReplicaWorld extends PublishWorld {
  primary: { url: string; dataDir: string; stop(): Promise<void>; start(): Promise<void> };
  standbys: Standby[];
  links: DatabaseLink[];
  /** Publishes, and gives the version that it was. */
  publish(name: string, version: string): Promise<void>;
  /** How many statements each answered since the last call, by `primary` or the number of the replica. */
  answered(): Promise<Record<string, number>>;
  /** Waits until so many replicas are read from. */
  serving(count: number): Promise<void>;
}

/** Starts all of it; the standbys with these settings, in their order. */
export async function startReplicaWorld(
  settings: Record<string, string>[],
  env: Record<string, string> = {},
  { started = true } = {},
): Promise<ReplicaWorld> {
  const scratch = mkdtempSync(join(tmpdir(), 'mcp-registry-replicas-'));
  chmodSync(scratch, 0o711);
  const dataDir = join(scratch, 'primary');
  const start = () => startEmbeddedPostgres({ dataDir, settings: { fsync: 'off', wal_keep_size: '1GB' } });
  let primary: EmbeddedPostgres = await start();
  const { url } = primary;
  const standbys: Standby[] = [];
  const links: DatabaseLink[] = [];
  for (const [i, one] of settings.entries()) {
    const at = { dataDir: join(scratch, `standby-${i}`), port: await freePort(), name: `standby${i}` };
    const standby = await copyPrimary({ url, dataDir }, at);
    standby.settings(one);
    if (started) await standby.start();
    standbys.push(standby);
    links.push(await openDatabaseLink(standby.url));
  }
  const urls = links.map((link) => link.url).join(',');
  const world = await startPublishWorld({ DATABASE_URL: url, DATABASE_REPLICA_URLS: urls, ...env });
  const { app } = world.registry;
  const names = app.reads.replicas().map(({ name }) => name);
  let before: Record<string, number> = {};
  return {
    ...world,
    primary: {
      url,
      dataDir,
      stop: () => primary.stop(),
      start: async () => {
        primary = await start();
      },
    },
    standbys,
    links,
    publish: async (name, version) => {
      const said = await publish(world, world.alice, aServer(`io.github.alice/${name}`, version));
      if (said?.outcome !== 'CREATED') throw new Error(JSON.stringify(said));
    },
    answered: async () => {
      const { values } = await app.metrics.reads.get();
      const now = Object.fromEntries(
        values.map(({ labels, value }) => [
          labels.target === 'primary' ? 'primary' : names.indexOf(String(labels.target)),
          value,
        ]),
      );
      const since = Object.fromEntries(Object.entries(now).map(([target, n]) => [target, n - (before[target] ?? 0)]));
      before = now;
      return Object.fromEntries(Object.entries(since).filter(([, n]) => n > 0));
    },
    serving: async (count) => {
      const deadline = performance.now() + 15_000;
      while (app.reads.replicas().filter(({ revision }) => revision !== null).length !== count) {
        if (performance.now() > deadline) {
          throw new Error(`There are not ${count} replicas: ${JSON.stringify(app.reads.replicas())}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close: async () => {
      await world.close();
      for (const link of links) await link.cut();
      for (const standby of standbys) await standby.end('SIGINT');
      await primary.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
