import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type EmbeddedOptions, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { query } from './migrations.ts';
import { isRoot, makeScratch, ORDINARY, postmasterOf, QUICK, scratch, startApart } from './scratch.ts';

// Many processes: on a busy machine each start takes seconds.
vi.setConfig({ testTimeout: 60_000 });

// A database that is not running; each test leaves it as it was.
const { directory, remove } = makeScratch();
const dataDir = join(directory, 'data');
const cluster = join(dataDir, 'postgres/cluster');
beforeAll(async () => {
  const database = await startEmbeddedPostgres({ dataDir, settings: QUICK });
  await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await database.stop();
});
afterAll(remove);

/** Starts, and tells whether the data is there; or why it doesn't start. */
async function start(options: EmbeddedOptions): Promise<string> {
  try {
    const database = await startEmbeddedPostgres({ ...options, settings: QUICK });
    const rows = await query(database.url, `SELECT to_regclass('kept') IS NOT NULL AS kept`);
    await database.stop();
    return `kept: ${(rows[0] as { kept: boolean }).kept}`;
  } catch (error) {
    return String(error);
  }
}

describe('a lock file that nobody holds any more', () => {
  const lockOf = (pid: number) =>
    writeFileSync(
      join(cluster, 'postmaster.pid'),
      `${pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready   \n`,
    );

  test('its process is gone', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    lockOf(gone.pid!);
    expect(await start({ dataDir })).toBe('kept: true');
  });

  test('its process number belongs to another program now', async () => {
    const other = spawn('sleep', ['60']);
    onTestFinished(() => void other.kill());
    lockOf(other.pid!);
    expect(await start({ dataDir })).toBe('kept: true');
    expect(other.exitCode).toBe(null);
    expect(readdirSync(cluster).filter((name) => name.includes('stale'))).toEqual([]);
  });

  test('it was never written', async () => {
    writeFileSync(join(cluster, 'postmaster.pid'), '');
    utimesSync(join(cluster, 'postmaster.pid'), 1, 1);
    expect(await start({ dataDir })).toBe('kept: true');
  });
});

describe('files that are not a database of ours', () => {
  /** Some of the files of a cluster, as another program may have left them. */
  function spoilt(files: Record<string, string>) {
    const home = join(scratch(), 'postgres');
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(home, 'cluster', name)), { recursive: true });
      writeFileSync(join(home, 'cluster', name), content);
    }
    return { dataDir: dirname(home), home, cluster: join(home, 'cluster') };
  }

  test('a half made one is set aside, and a new one made', async () => {
    const { dataDir, home, cluster } = spoilt({ PG_VERSION: '18\n', 'base/1': 'half' });
    const lines: string[] = [];
    expect(await start({ dataDir, log: (line) => lines.push(line) })).toBe('kept: false');
    const aside = join(
      home,
      readdirSync(home).find((name) => name.startsWith('cluster.incomplete-'))!,
    );
    expect(lines[0]).toBe(`${cluster} was never finished: moved to ${aside}, starting with an empty database`);
    expect(readFileSync(join(aside, 'base/1'), 'utf8')).toBe('half');
  });

  test('a damaged one is left as it is', async () => {
    const { dataDir, cluster } = spoilt({ 'global/pg_control': 'data' });
    expect(await start({ dataDir })).toBe(
      `DatabaseStartError: The database files in ${cluster} are damaged (no PG_VERSION): ` +
        'restore them from a backup, or move the directory away to start with an empty database.',
    );
    expect(readFileSync(join(cluster, 'global/pg_control'), 'utf8')).toBe('data');
  });

  test('one of another major version', async () => {
    const { dataDir, cluster } = spoilt({ PG_VERSION: '17\n', 'global/pg_control': 'data' });
    expect(await start({ dataDir })).toBe(
      `DatabaseStartError: The database files in ${cluster} are of PostgreSQL 17, and this is PostgreSQL 18: ` +
        'bring them over with pg_upgrade or a dump, or set MCP_REGISTRY_DATA_DIR to another directory.',
    );
  });

  test('one without its password', async () => {
    const { dataDir, cluster } = spoilt({ PG_VERSION: '18\n', 'global/pg_control': 'data' });
    expect(await start({ dataDir })).toBe(
      `DatabaseStartError: The embedded database's password file ${cluster}/registry.password is missing: ` +
        'restore it from a backup.',
    );
  });

  /** Writes other content into one of the cluster's files for the length of a test. */
  function replace(name: string, content: string): void {
    const path = join(cluster, name);
    const before = readFileSync(path);
    onTestFinished(() => writeFileSync(path, before));
    writeFileSync(path, content);
  }

  test('one with another password, which is not shown', async () => {
    replace('registry.password', 'w0rd\n');
    expect(await start({ dataDir })).toBe(
      'DatabaseStartError: The embedded database refuses the connection: the password in ' +
        'postgres/cluster/registry.password is not the one it was made with; restore the file.',
    );
    expect(postmasterOf(dataDir)).toBe(0);
  });

  test('a configuration that PostgreSQL refuses', async () => {
    replace('pg_hba.conf', 'nonsense\n');
    expect(await start({ dataDir })).toMatch(
      /^DatabaseStartError: The embedded database in .* did not start: .*pg_hba\.conf.*\.$/,
    );
  });
});

describe('a place that can not be used', () => {
  test('a port that is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    onTestFinished(() => void squatter.close());
    const { port } = squatter.address() as { port: number };
    expect(await start({ dataDir, port })).toBe(
      `DatabaseStartError: Port ${port} is taken on 127.0.0.1: stop what listens there, take another port, ` +
        'or set MCP_REGISTRY_DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  });

  test('a file', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    expect(await start({ dataDir: join(file, 'data') })).toMatch(
      /^DatabaseStartError: The embedded database can't use its directory: .* lies under a file: set MCP_REGISTRY_DATA_DIR to a directory\.$/,
    );
  });

  test('a directory that may not be written', async () => {
    const closed = scratch();
    chmodSync(closed, 0o555);
    const dataDir = join(closed, 'data');
    const { error } = await startApart({ options: { dataDir }, uid: isRoot ? ORDINARY : undefined }).answer;
    expect(error).toBe(
      `DatabaseStartError: The embedded database can't use its directory: no permission for ${dataDir}: ` +
        'run as the user who owns it, or set MCP_REGISTRY_DATA_DIR to a directory of yours.',
    );
  });
});
