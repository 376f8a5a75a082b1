import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { migrate, readMigrationStates } from '../../src/database/migrate.ts';
import { connect, emptyDatabase, hasTable, migrationsFolder, query } from './migrations.ts';

const FIRST = 'CREATE TABLE people (id int PRIMARY KEY);';
const SECOND = 'ALTER TABLE people ADD COLUMN name text;';

describe('applying', () => {
  test('applies what is missing, in the order of the names, once', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '2_name': SECOND, '1_people': FIRST });
    const lines: string[] = [];
    expect(await migrate(url, { directory, log: (line) => lines.push(line) })).toEqual(['1_people', '2_name']);
    expect(lines).toEqual(['Applied migration 1_people', 'Applied migration 2_name']);
    await query(url, `INSERT INTO people VALUES (1, 'Ada')`);
    expect(await migrate(url, { directory })).toEqual([]);
  });

  test("applies this checkout's own migrations, which make the registry", async () => {
    const url = await emptyDatabase();
    expect((await migrate(url)).length).toBeGreaterThan(0);
    expect(await hasTable(url, 'versions')).toBe(true);
    const states = await readMigrationStates(url);
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['applied']));
  });

  test('notes each as Prisma does', async () => {
    const url = await emptyDatabase();
    await migrate(url, { directory: migrationsFolder({ '1_people': FIRST }).directory });
    const rows = await query(url, 'SELECT * FROM _prisma_migrations');
    expect(rows).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        checksum: createHash('sha256').update(FIRST).digest('hex'),
        migration_name: '1_people',
        started_at: expect.any(Date),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      },
    ]);
  });

  test('two runners at once apply each migration once', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_slow': `SELECT pg_sleep(0.3); ${FIRST}`, '2_name': SECOND });
    const applied = await Promise.all([1, 2, 3].map(() => migrate(url, { directory })));
    expect(applied.flat().sort()).toEqual(['1_slow', '2_name']);
    expect(await query(url, 'SELECT FROM _prisma_migrations')).toHaveLength(2);
  });

  test('says that it waits for another runner, and waits', async () => {
    const url = await emptyDatabase();
    const other = await connect(url);
    await other.query('SELECT pg_advisory_lock(72707369)');
    const lines: string[] = [];
    const running = migrate(url, {
      directory: migrationsFolder({ '1_people': FIRST }).directory,
      log: (line) => lines.push(line),
    });
    await expect.poll(() => lines).toEqual(['Another process is migrating this database: waiting for it']);
    expect(await hasTable(url, 'people')).toBe(false);
    await other.query('SELECT pg_advisory_unlock(72707369)');
    expect(await running).toEqual(['1_people']);
  });

  test('an up-to-date database needs no right to change it, and no lock', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people': FIRST });
    await migrate(url, { directory });
    await query(url, `DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'r'; EXCEPTION WHEN duplicate_object THEN END $$`);
    await query(url, 'GRANT SELECT ON _prisma_migrations TO reader');
    const other = await connect(url);
    await other.query('SELECT pg_advisory_lock(72707369)');
    const reader = Object.assign(new URL(url), { username: 'reader', password: 'r' });
    expect(await migrate(reader.href, { directory })).toEqual([]);
  });

  test('a script that changes its settings does not change those of the next', async () => {
    const url = await emptyDatabase();
    const changing = `CREATE SCHEMA other; SET search_path = other; CREATE TABLE there (id int);`;
    const { directory } = migrationsFolder({ '1_other': changing, '2_people': FIRST });
    await migrate(url, { directory });
    expect(await hasTable(url, 'other.there')).toBe(true);
    expect(await hasTable(url, 'public.people')).toBe(true);
  });
});

describe('without a transaction', () => {
  const CONCURRENTLY = '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY people_name ON people (name);\n';

  test('runs what PostgreSQL forbids in one', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_people': FIRST, '2_name': SECOND, '3_index': CONCURRENTLY });
    expect(await migrate(url, folder)).toContain('3_index');
    expect(await hasTable(url, 'people_name')).toBe(true);
  });

  test('a failure is remembered, and refused until it is marked as undone', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_people': FIRST, '2_name': SECOND });
    await migrate(url, folder);
    await query(url, `INSERT INTO people VALUES (1, 'Ada'), (2, 'Ada')`);
    folder.write('3_index', CONCURRENTLY);
    await expect(migrate(url, folder)).rejects.toThrow(
      'Migration 3_index failed at line 2: could not create unique index "people_name"; ' +
        'it ran without a transaction, so look what it left.',
    );
    const error = await migrate(url, folder).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(
      /^MigrationError: Migration 3_index failed earlier, \d{4}-.*Z \(Migration 3_index failed at line 2: .*\): undo by hand what it did, then let it run again with: UPDATE /,
    );
    const mark = /UPDATE _prisma_migrations .*$/.exec(String(error))![0];
    await query(url, `DROP INDEX people_name; DELETE FROM people WHERE id = 2; ${mark}`);
    expect(await migrate(url, folder)).toEqual(['3_index']);
  });
});

describe('status', () => {
  test('tells applied, pending, edited, unfinished and unknown ones apart', async () => {
    const url = await emptyDatabase();
    const folder = migrationsFolder({ '1_a': 'SELECT 1', '2_b': 'SELECT 1', '3_c': '-- no-transaction\nSELECT 1/0' });
    await migrate(url, folder).catch(() => undefined);
    folder.write('2_b', 'SELECT 2');
    folder.write('4_d', 'SELECT 1');
    await query(
      url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '9_z', now())`,
    );
    const states = await readMigrationStates(url, folder.directory);
    expect(states.map(({ name, state }) => `${name} ${state}`)).toEqual([
      '1_a applied',
      '2_b edited',
      '3_c unfinished',
      '4_d pending',
      '9_z unknown',
    ]);
  });

  test('changes nothing', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people': FIRST });
    expect(await readMigrationStates(url, directory)).toEqual([{ name: '1_people', state: 'pending', row: null }]);
    expect(await hasTable(url, '_prisma_migrations')).toBe(false);
  });
});
