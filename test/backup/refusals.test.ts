import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArchive, writeArchive } from '../../src/backup/archive.ts';
import type { Manifest } from '../../src/backup/manifest.ts';
import { migrate, readMigrationStates } from '../../src/database/migrate.ts';
import { MIGRATIONS_DIRECTORY, readMigrations } from '../../src/database/migration-files.ts';
import { prepareJobs } from '../../src/jobs/jobs.ts';
import { aServer, createTestApp } from '../app.ts';
import { emptyDatabase, run, sql } from './command.ts';

let folder: string;
let url: string;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-registry-backup-'));
  const registry = await createTestApp();
  await registry.seed([1, 2, 3].map((i) => ({ server: aServer(`io.github.alice/server-${i}`) })));
  url = registry.databaseUrl;
  await registry.close();
  file = join(folder, 'whole.zip');
  expect(await run('backup', url, file)).toMatchObject({ code: 0 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The backup with its manifest, or the text of a part, changed by hand. */
async function forge(change: (manifest: Manifest) => void, texts: Record<string, string> = {}): Promise<string> {
  const path = join(folder, `forged-${Math.random()}.zip`);
  const from = await readArchive(file);
  const to = writeArchive(path, new AbortController().signal);
  const manifest = JSON.parse(await from.text('manifest.json')) as Manifest;
  for (const entry of [...manifest.tables, manifest.jobs]) {
    const text = texts[entry.name];
    const source = text === undefined ? await from.open(entry.name) : Readable.from([Buffer.from(text)]);
    Object.assign(entry, await to.add(entry.name, source, () => {}));
  }
  change(manifest);
  await to.add('manifest.json', Readable.from([Buffer.from(JSON.stringify(manifest))]), () => {});
  await to.finish();
  from.close();
  return path;
}

const table = ({ tables }: Manifest, wanted: string) => tables.find(({ name }) => name === wanted)!;
const sequence = ({ sequences }: Manifest, wanted: string) => sequences.find(({ name }) => name === wanted)!;

const tables = async (database: string) =>
  (await sql<{ n: number }>(database, `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'`))[0]!.n;

describe('a restore refuses, and changes nothing', () => {
  const refused = async (path: string, says: string | RegExp, database?: string) => {
    const target = database ?? (await emptyDatabase());
    const had = await tables(target);
    const { code, stdout, stderr } = await run('restore', target, path);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(says) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await tables(target)).toBe(had);
  };

  test('a database that holds a registry', () =>
    refused(file, 'already holds a registry.*create an empty database', url));

  test('a file of which a byte was changed in any part', async () => {
    const bytes = readFileSync(file);
    for (const name of ['changes', 'servers', 'versions', 'manifest.json']) {
      // Behind the part's own header, of which not every byte says something.
      const header = bytes.indexOf(name);
      const content = header + bytes.readUInt16LE(header - 4) + bytes.readUInt16LE(header - 2);
      const damaged = join(folder, 'damaged.zip');
      const copy = Buffer.from(bytes);
      copy[content + 8]! ^= 0xff;
      writeFileSync(damaged, copy);
      await refused(damaged, /damaged|no whole backup|no backup/);
    }
  });

  test('a file that was cut off, that is no backup, or is not there', async () => {
    const cut = join(folder, 'cut.zip');
    writeFileSync(cut, readFileSync(file).subarray(0, -100));
    await refused(cut, 'is no whole backup');
    await refused(join(folder, 'nowhere.zip'), 'There is no file');
    const other = join(folder, 'other.zip');
    const archive = writeArchive(other, new AbortController().signal);
    await archive.add('readme.txt', Readable.from([Buffer.from('hello')]), () => {});
    await archive.finish();
    await refused(other, 'has no manifest.json');
  });

  test('a backup of a newer release', async () => {
    const newer = await forge(({ migrations }) => migrations.push({ name: '20990101000000_later', checksum: 'x' }));
    await refused(newer, 'of a newer release, whose migration 20990101000000_later is not known here');
    await refused(
      await forge((manifest) => Object.assign(manifest, { format: 2 })),
      'no backup that this release can read',
    );
  });

  test('one whose tables are others, so that no name of a file gets into a statement', async () => {
    const hostile = await forge(({ tables: [first] }) => (first!.name = 'versions; DROP TABLE servers'));
    await refused(hostile, /damaged|no backup/);
  });

  const unsound: [string, (manifest: Manifest) => void, Record<string, string>, string][] = [
    ['a change log with a gap', (it) => (it.revision += 1), {}, 'has 3 rows up to revision 3 where it should have 4'],
    ['a cut audit', (it) => (it.auditRows += 1), {}, 'the audit has 0 rows'],
    ['numbers behind the rows', (it) => (sequence(it, 'versions_id_seq').last = 1), {}, 'ahead of the numbering'],
    ['too many rows', (it) => (table(it, 'servers').rows = 2), {}, 'servers got 3 rows'],
    ['too few rows', () => {}, { namespaces: '' }, 'namespaces got 0 rows'],
    [
      'rows that refer to nothing',
      (it) => (table(it, 'namespaces').rows = 0),
      { namespaces: '' },
      'violates foreign key constraint "servers_namespace_id_fkey"',
    ],
  ];
  test.each(unsound)(
    'one that is whole as a file and has %s; what it began is gone',
    async (_what, change, texts, says) => {
      const target = await emptyDatabase();
      const { code, stderr } = await run('restore', target, await forge(change, texts));
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(says) });
      expect(await sql(target, 'SELECT FROM servers')).toEqual([]);
      // And the same database takes the right one.
      expect(await run('restore', target, file)).toMatchObject({ code: 0 });
      expect(await sql(target, 'SELECT FROM servers')).toHaveLength(3);
    },
  );

  test('what is already migrated further than the backup', async () => {
    const old = await anOlderBackup();
    const target = await emptyDatabase();
    await migrate(target);
    await refused(old, 'has a newer schema than the backup', target);
  });
});

/** A backup of a database that lacks the newest migration. */
async function anOlderBackup(): Promise<string> {
  const database = await emptyDatabase();
  await migrate(database, {
    only: readMigrations(MIGRATIONS_DIRECTORY)
      .slice(0, -1)
      .map(({ name }) => name),
  });
  await prepareJobs(database);
  const path = join(folder, `old-${Math.random()}.zip`);
  expect(await run('backup', database, path)).toMatchObject({ code: 0 });
  // A backup changes nothing, not even the schema.
  expect((await readMigrationStates(database)).at(-1)).toMatchObject({ state: 'pending' });
  return path;
}

test('a backup of an older release gets its own schema, and the newer migrations behind it', async () => {
  const target = await emptyDatabase();
  expect(await run('restore', target, await anOlderBackup())).toMatchObject({ code: 0 });
  expect(new Set((await readMigrationStates(target)).map(({ state }) => state))).toEqual(new Set(['applied']));
});

test('a restored database has every index, reference and trigger that the migrations make', async () => {
  const target = await emptyDatabase();
  expect(await run('restore', target, file)).toMatchObject({ code: 0 });
  const catalog = (database: string) =>
    sql(
      database,
      `SELECT pg_get_indexdef(indexrelid) AS it FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace
       UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
       UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
    );
  expect(await catalog(target)).toEqual(await catalog(url));
});

describe('a backup', () => {
  test('never writes over a file', async () => {
    const bytes = readFileSync(file);
    const again = await run('backup', url, file);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
    expect(readFileSync(file)).toEqual(bytes);
  });

  test('that is interrupted leaves no file, and says so', async () => {
    const locker = new pg.Client({ connectionString: url });
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE versions IN ACCESS EXCLUSIVE MODE');
    const path = join(folder, 'interrupted.zip');
    const running = run('backup', url, path);
    while (!existsSync(`${path}.part`)) await sleep(10);
    await sleep(300);
    running.child.kill('SIGINT');
    expect(await running).toMatchObject({ code: 1, stderr: 'Interrupted: no backup was made.\n' });
    await locker.end();
    expect(readdirSync(folder).filter((name) => name.startsWith('interrupted'))).toEqual([]);
  });

  test('that finds no database, or none of ours, says so in a line without the password', async () => {
    const wrong = new URL(url);
    wrong.password = 'hunter2';
    wrong.port = '1';
    const { code, stderr } = await run('backup', wrong.href, join(folder, 'none.zip'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('refuses the connection') });
    expect(stderr).not.toContain('hunter2');
    const empty = await run('backup', await emptyDatabase(), join(folder, 'none.zip'));
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining('holds no registry') });
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  test('of a folder has the time as its name, and the oldest go', async () => {
    const many = join(folder, 'many');
    expect(await run('backup', url, `${many}/`)).toMatchObject({ code: 0 });
    const old = ['01', '02', '03'].map((day) => join(many, `registry-202001${day}T000000Z.zip`));
    for (const path of [...old, join(many, 'registry-20200101T000000Z.zip.part'), join(many, 'mine.zip')]) {
      copyFileSync(file, path);
      utimesSync(path, 0, 0);
    }
    await sleep(1_100);
    expect(await run('backup', url, many, '--keep', '3')).toMatchObject({ code: 0 });
    const left = readdirSync(many).toSorted();
    expect(left).toEqual(['mine.zip', 'registry-20200103T000000Z.zip', expect.any(String), expect.any(String)]);
  });
});

test('--check reads a backup and asks no database', async () => {
  const nowhere = { MCP_REGISTRY_DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };
  expect(await run('restore', nowhere, '--check', file)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^The backup is whole: [\d,]+ rows as of 20.*revision 3\.\n$/),
  });
});

test('wrong usage and wrong settings are exit code 2', async () => {
  for (const args of [[], ['a', 'b'], ['a', '--keep', '0'], ['a', '--nonsense']]) {
    expect(await run('backup', url, ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
  }
  for (const args of [[], ['a', 'b'], ['--nonsense'], ['--check']]) {
    expect(await run('restore', url, ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
  }
  expect(await run('restore', { MCP_REGISTRY_PORT: 'x' }, file)).toMatchObject({ code: 2 });
});
