import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { connect, emptyDatabase, hasTable, migrationsFolder, query, withDatabase } from './migrations.ts';

const FIRST = 'CREATE TABLE people (id int PRIMARY KEY);';

describe('a migration that fails', () => {
  const failures: [string, string, string][] = [
    ['a syntax error', 'CREATE TABLE a ();\n\nSELCT 1;', 'failed at line 3: syntax error at or near "SELCT"'],
    [
      'an error while it runs',
      "CREATE TABLE a ();\n-- a ; in a comment\nSELECT ';';\n\n/* and\n another; */ SELECT 1/0;\nSELECT 2;",
      'failed at line 6: division by zero',
    ],
    [
      'an error in a function body',
      'CREATE TABLE a ();\nDO $$\nBEGIN\n  PERFORM 1;\n  RAISE EXCEPTION $m$no; really$m$;\nEND $$;',
      'failed at line 2: no; really',
    ],
    [
      'a deferred constraint',
      'CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1), (1);',
      'failed: duplicate key value violates unique constraint "a_id_key"',
    ],
    [
      'letters beyond ASCII before it',
      "SELECT '😀😀é';\nSELECT nothing;",
      'failed at line 2: column "nothing" does not',
    ],
  ];

  test.each(failures)('%s: its name, line and message are told, and no trace is left', async (_, sql, told) => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_people': FIRST, '2_bad': sql });
    await expect(migrate(url, folder)).rejects.toThrow(`Migration 2_bad ${told}`);
    await expect(migrate(url, folder)).rejects.toThrow('; nothing of it was applied.');
    expect(await hasTable(url, 'people')).toBe(true);
    expect(await hasTable(url, 'a')).toBe(false);
    expect(await query(url, 'SELECT migration_name FROM _prisma_migrations')).toEqual([{ migration_name: '1_people' }]);
    folder.write('2_bad', 'CREATE TABLE a ();');
    expect(await migrate(url, folder)).toEqual(['2_bad']);
  });

  test('ending its own transaction is refused before anything runs', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_bad': 'CREATE TABLE a ();\n\nCOMMIT;\nCREATE TABLE b ();' });
    await expect(migrate(url, folder)).rejects.toThrow(
      'Migration 1_bad has COMMIT at line 3: remove it, a migration already is one transaction.',
    );
    expect(await hasTable(url, 'a')).toBe(false);
  });

  test('a lock that live traffic holds is not waited for for ever', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_people': FIRST });
    await migrate(url, folder);
    const live = await connect(url);
    await live.query('BEGIN; SELECT FROM people');
    folder.write('2_drop', 'CREATE TABLE a ();\nALTER TABLE people ADD COLUMN name text;');
    await expect(migrate(url, { ...folder, lockTimeoutMs: 50 })).rejects.toThrow(
      'Migration 2_drop is held up at line 2: another transaction holds a lock it needs; ' +
        'nothing was changed, run it again when that has ended.',
    );
    expect(await hasTable(url, 'a')).toBe(false);
    const second = migrate(url, { ...folder, lockTimeoutMs: 300 });
    setTimeout(() => void live.query('COMMIT'), 500);
    expect(await second).toEqual(['2_drop']);
  });
});

describe('a history that does not fit', () => {
  test('an edited migration', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_people': FIRST });
    await migrate(url, folder);
    folder.write('1_people', `${FIRST}\n-- and a comment`);
    await expect(migrate(url, folder)).rejects.toThrow(
      'Migration 1_people was edited after it was applied to this database: ' +
        'restore its file and write the change as a new migration.',
    );
  });

  test('a newer database', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_people': FIRST, '2_later': 'SELECT 1' });
    await migrate(url, folder);
    folder.remove('2_later');
    await expect(migrate(url, folder)).rejects.toThrow(
      "The database is newer than this version, which doesn't know its migration 2_later: " +
        'update this checkout, or use another database.',
    );
  });

  test('one that failed under `prisma migrate deploy`', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_people': FIRST });
    await migrate(url, folder);
    await query(url, `UPDATE _prisma_migrations SET finished_at = NULL, logs = E'no space\\nleft'`);
    await expect(migrate(url, folder)).rejects.toThrow(
      /^Migration 1_people failed earlier, .*Z \(no space\): undo by hand/,
    );
  });

  test('a directory without its file, and no directory at all', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people/deeper': FIRST });
    await expect(migrate(url, { directory })).rejects.toThrow(
      `Migration 1_people can't be read: ${directory}/1_people/migration.sql (ENOENT).`,
    );
    await expect(migrate(url, { directory: `${directory}/none` })).rejects.toThrow(
      `The migrations can't be read from ${directory}/none (ENOENT).`,
    );
  });
});

describe('a database that can not be used', () => {
  const refusal = (url: string) => migrate(url).then(String, String);
  const server = () => new URL(inject('databaseUrl'));

  test('nothing listens', async () => {
    expect(await refusal('postgresql://me:s3cret@127.0.0.1:1/x')).toBe(
      'MigrationError: PostgreSQL at 127.0.0.1:1 refuses the connection: is it running, and is MCP_REGISTRY_DATABASE_URL right?',
    );
  });

  test('a wrong password', async () => {
    const url = Object.assign(server(), { password: 's3cret' });
    expect(await refusal(url.href)).toBe(
      `MigrationError: PostgreSQL at ${url.host} refuses the password of user "postgres": check MCP_REGISTRY_DATABASE_URL.`,
    );
  });

  test('no password', async () => {
    const url = Object.assign(server(), { password: '' });
    expect(await refusal(url.href)).toBe(
      `MigrationError: PostgreSQL at ${url.host} wants a password for user "postgres": put it into MCP_REGISTRY_DATABASE_URL.`,
    );
  });

  test('a database that is absent', async () => {
    const url = withDatabase(server().href, 'nowhere');
    expect(await refusal(url)).toBe(
      `MigrationError: PostgreSQL at ${server().host} has no database "nowhere": ` +
        'create it (CREATE DATABASE "nowhere"), or check MCP_REGISTRY_DATABASE_URL.',
    );
  });

  test('a user without rights', async () => {
    const url = await emptyDatabase();
    await query(url, `DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'g'; EXCEPTION WHEN duplicate_object THEN END $$`);
    const guest = Object.assign(new URL(url), { username: 'guest', password: 'g' });
    expect(await refusal(guest.href)).toBe(
      `MigrationError: PostgreSQL at ${guest.host} forbids user "guest" what is needed in database ` +
        `"${guest.pathname.slice(1)}" (permission denied for schema public): grant it.`,
    );
  });

  test('something that is no PostgreSQL', async () => {
    const other = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const told = await refusal(`postgresql://me:s3cret@127.0.0.1:${port}/x`);
    expect(told).toMatch(/^MigrationError: PostgreSQL at 127\.0\.0\.1:\d+ can't be used: .*\.$/);
    expect(told).not.toContain('s3cret');
  });

  test('no URL at all', async () => {
    expect(await refusal('me:s3cret@nowhere')).toBe(
      'MigrationError: MCP_REGISTRY_DATABASE_URL is not a connection string (postgresql://user:password@host:port/database).',
    );
  });
});
