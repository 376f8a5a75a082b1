import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { chooseAccount, makeLaunch } from '../../src/database/account.ts';
import { locateBinaries } from '../../src/database/binaries.ts';
import { clusterPaths, findOwner } from '../../src/database/cluster.ts';

/** A standby of an embedded PostgreSQL, streaming from it. */
export interface Standby {
  url: string;
  /** What it is started with over the defaults. */
  settings(settings: Record<string, string>): void;
  start(): Promise<void>;
  /** As `pg_ctl stop -m fast` does, or as a power cut does. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Runs a statement on it. */
  sql<Row extends object>(text: string): Promise<Row[]>;
}

/** Copies a running primary to `dataDir` and tells how to start the copy on `port`; the packages have no pg_basebackup. */
export async function copyPrimary(
  primary: { url: string; dataDir: string },
  { dataDir, port, name = 'standby' }: { dataDir: string; port: number; name?: string },
): Promise<Standby> {
  const { home, cluster } = clusterPaths(dataDir);
  const account = chooseAccount(findOwner(primary.dataDir));
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  mkdirSync(home, { mode: 0o700 });
  if (account) chownSync(home, account.uid, account.gid);
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  await client.query(`SELECT pg_backup_start('standby', true)`);
  // Files that are dropped meanwhile are no matter.
  spawnSync('cp', ['-a', clusterPaths(primary.dataDir).cluster, cluster]);
  const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  await client.end();
  execFileSync('rm', ['-f', join(cluster, 'postmaster.pid'), join(cluster, 'postmaster.opts')]);
  const put = (file: string, text: string) => {
    const path = join(cluster, file);
    writeFileSync(path, text);
    const { uid, gid } = statSync(cluster);
    chownSync(path, uid, gid);
  };
  put('backup_label', rows[0]!.labelfile);
  put('standby.signal', '');
  return standbyOf({ primary, dataDir, port, name });
}

function standbyOf(where: { primary: { url: string }; dataDir: string; port: number; name: string }): Standby {
  const { home, cluster } = clusterPaths(where.dataDir);
  const { postgres } = locateBinaries();
  const launch = makeLaunch(chooseAccount(findOwner(where.dataDir)), postgres, home);
  const url = new URL(where.primary.url);
  url.port = String(where.port);
  let child: ChildProcess | null = null;
  let kept: Record<string, string> = {};
  const sql = async <Row extends object>(text: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  };
  return {
    url: url.href,
    sql,
    settings: (settings) => {
      kept = settings;
    },
    start: async () => {
      const { hostname, port, username, password } = new URL(where.primary.url);
      const options: Record<string, string> = {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        max_connections: '200',
        timezone: 'UTC',
        fsync: 'off',
        wal_retrieve_retry_interval: '200ms',
        primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password} application_name=${where.name}`,
        ...kept,
      };
      const given = Object.entries(options).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
      child = launch(postgres, ['-D', cluster, '-p', String(where.port), ...given]);
      let said = '';
      child.stderr!.on('data', (text) => (said += text));
      for (let tries = 0; ; tries += 1) {
        if (child.exitCode !== null || tries > 600) throw new Error(said);
        if (await sql('SELECT').then(Boolean, () => false)) return;
        await sleep(50);
      }
    },
    end: async (signal) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
