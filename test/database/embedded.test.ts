import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { query } from './migrations.ts';
import {
  capabilitiesOf,
  EMBEDDED,
  isOpen,
  isRoot,
  makeScratch,
  NOBODY,
  ORDINARY,
  postmasterOf,
  READ_SEARCH,
  startApart,
  userOf,
} from './scratch.ts';

const { directory, remove } = makeScratch();
const dataDir = join(directory, 'a', 'data');
let database: EmbeddedPostgres;

/** What `SHOW name` says, under the name it has there. */
const show = async (url: string, name: string) => Object.values((await query(url, `SHOW ${name}`))[0]!)[0];

beforeAll(async () => {
  // With the settings that real data gets.
  database = await startEmbeddedPostgres({ dataDir });
});
afterAll(async () => {
  await database.stop();
  remove();
});

describe('the first start', () => {
  test('gives the URL of an empty database in UTF-8', async () => {
    expect(database.attached).toBe(false);
    expect(database.url).toMatch(/^postgresql:\/\/postgres:[0-9a-f]{48}@127\.0\.0\.1:\d+\/registry$/);
    const encoding = `SELECT pg_encoding_to_char(encoding) AS encoding, datlocale AS locale
      FROM pg_database WHERE datname = current_database()`;
    expect(await query(database.url, encoding)).toEqual([{ encoding: 'UTF8', locale: 'C.UTF-8' }]);
  });

  test('keeps what is committed, through a crash of the machine too', async () => {
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      expect(await show(database.url, setting)).toBe('on');
    }
  });

  test('has the settings that the registry counts on', async () => {
    expect(await show(database.url, 'max_connections')).toBe('200');
    expect(await show(database.url, 'shared_buffers')).toBe('128MB');
    expect(await show(database.url, 'timezone')).toBe('UTC');
  });

  test('treats letters of all alphabets as letters', async () => {
    await query(database.url, 'CREATE EXTENSION pg_trgm');
    expect(await query(database.url, `SELECT lower('ÉЖ') AS low, similarity('жук', 'жуки') > 0 AS near`)).toEqual([
      { low: 'éж', near: true },
    ]);
  });

  test('serves Prisma', async () => {
    const prisma = await new PrismaPg({ connectionString: database.url }).connect();
    const result = await prisma.queryRaw({ sql: 'SELECT 1 AS one', args: [], argTypes: [] });
    expect(result.rows).toEqual([[1]]);
    await prisma.dispose();
  });

  test('lets nobody in who does not know the password, which only the owner can read', async () => {
    for (const password of ['', 'postgres']) {
      await expect(query(Object.assign(new URL(database.url), { password }).href, 'SELECT 1')).rejects.toThrow(
        /password/,
      );
    }
    const mode = (path: string) => (statSync(join(dataDir, path)).mode & 0o777).toString(8);
    expect(mode('postgres')).toBe('700');
    expect(mode('postgres/cluster')).toBe('700');
    expect(mode('postgres/cluster/registry.password')).toBe('600');
    // As root the directory is only passed through, by the user that PostgreSQL runs as.
    expect(mode('')).toBe(isRoot ? '711' : '700');
  });
});

describe('while it runs', () => {
  test('it is never root, and has no right that its user has not', () => {
    const pid = postmasterOf(dataDir);
    expect(userOf(pid)).toBe(isRoot ? NOBODY : process.geteuid!());
    // Only where this checkout lies below a directory that is closed to that user.
    if (process.platform === 'linux') expect(capabilitiesOf(pid)).toBe(isRoot && !isOpen(EMBEDDED) ? READ_SEARCH : 0);
  });

  test('a second start joins it, and its stop leaves it alone', async () => {
    const second = await startEmbeddedPostgres({ dataDir });
    expect({ url: second.url, attached: second.attached }).toEqual({ url: database.url, attached: true });
    await second.stop();
    expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('so does another process', async () => {
    const other = startApart({ options: { dataDir } });
    expect(await other.answer).toEqual({ url: database.url, attached: true });
    await other.stop();
    expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('another user can neither join nor start it', async () => {
    const uid = isRoot ? ORDINARY : undefined;
    const { error, attached } = await startApart({ options: { dataDir }, uid }).answer;
    if (!isRoot) return expect(attached).toBe(true);
    expect(error).toBe(
      "DatabaseStartError: The embedded database can't use its directory: no permission for " +
        `${dataDir}/postgres/cluster/postmaster.pid: run as the user who owns it, or set MCP_REGISTRY_DATA_DIR to a directory of yours.`,
    );
  });

  test('it is back at the same URL soon after being killed, with all that was committed', async () => {
    await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const killed = postmasterOf(dataDir);
    process.kill(killed, 'SIGKILL');
    const answer = () => query(database.url, 'SELECT answer FROM kept').catch(() => null);
    await expect.poll(answer, { timeout: 10_000 }).toEqual([{ answer: 42 }]);
    expect(postmasterOf(dataDir)).not.toBe(killed);
    expect(database.attached).toBe(false);
  });
});

describe('after a stop', () => {
  test('nothing runs, and the next start has the same data at the same URL', async () => {
    const { url } = database;
    const stopped = postmasterOf(dataDir);
    await database.stop();
    await database.stop();
    expect(() => process.kill(stopped, 0)).toThrow('ESRCH');
    expect(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'))).toBe(false);
    const lines: string[] = [];
    database = await startEmbeddedPostgres({
      dataDir,
      settings: { fsync: 'off', max_connections: '50' },
      log: (line) => lines.push(line),
    });
    expect({ url: database.url, attached: database.attached }).toEqual({ url, attached: false });
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect([await show(url, 'fsync'), await show(url, 'max_connections')]).toEqual(['off', '50']);
    expect(lines.join('\n')).toContain('database system is ready to accept connections');
  });

  test('takes another port when another program took its own', async () => {
    await database.stop();
    const { port } = new URL(database.url);
    const { createServer } = await import('node:net');
    const squatter = createServer().listen(Number(port), '127.0.0.1');
    database = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
    squatter.close();
    expect(new URL(database.url).port).not.toBe(port);
    expect(await query(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });
});
