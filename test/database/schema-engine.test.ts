import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { createMigration, schemaDrift } from '../../src/database/schema-engine.ts';
import { emptyDatabase, hasTable, migrationsFolder, query } from './migrations.ts';

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model Person {
  id     Int                      @id
  name   String                   @db.Citext
  search Unsupported("tsvector")? @default(dbgenerated("to_tsvector('simple'::regconfig, (name)::text)"))

  @@map("people")
}
`;
// What Prisma's own adapter stumbles over: an extension's type, a function body with semicolons, what a schema can't say.
const SQL = `CREATE EXTENSION citext;
CREATE TABLE people (
  id int CONSTRAINT people_pkey PRIMARY KEY,
  name citext NOT NULL,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, name::text)) STORED
);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION touch();
CREATE UNIQUE INDEX people_only_one_ada ON people (name) WHERE name = 'Ada';
`;

function schemaFile(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'schema-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'schema.prisma'), content);
  return join(directory, 'schema.prisma');
}

/** Databases that a comparison could leave behind. */
const shadows = (url: string) =>
  query(url, `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`);

describe('the comparison of migrations and schema', () => {
  test('is silent when they agree, whatever the database itself has', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people': SQL });
    expect(await schemaDrift(url, { directory, schemaPath: schemaFile(SCHEMA) })).toBe(null);
    expect(await hasTable(url, 'people')).toBe(false);
    expect(await shadows(url)).toEqual([]);
  });

  test('tells what either lacks', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people': `${SQL}CREATE TABLE pets (id int PRIMARY KEY);` });
    const schemaPath = schemaFile(SCHEMA.replace('@id\n', '@id\n  born DateTime?\n'));
    const drift = await schemaDrift(url, { directory, schemaPath });
    expect(drift).toContain('[-] Removed tables\n  - pets');
    expect(drift).toContain('[*] Changed the `people` table\n  [+] Added column `born`');
    expect(await shadows(url)).toEqual([]);
  });

  test('tells in one line which migration is wrong, and cleans up', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people': SQL, '2_bad': 'SELCT 1;' });
    await expect(schemaDrift(url, { directory, schemaPath: schemaFile(SCHEMA) })).rejects.toThrow(
      /^The migrations can't be compared with the schema: Migration `2_bad` failed .* syntax error at or near "SELCT"$/,
    );
    expect(await shadows(url)).toEqual([]);
  });

  test('tells where the schema is wrong', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people': SQL });
    const schemaPath = schemaFile(SCHEMA.replace('Int ', 'Integer '));
    await expect(schemaDrift(url, { directory, schemaPath })).rejects.toThrow(
      'Type "Integer" is neither a built-in type',
    );
    expect(await shadows(url)).toEqual([]);
  });

  test('tells a database that is not there like the runner does', async () => {
    const { directory } = migrationsFolder({});
    await expect(
      schemaDrift('postgresql://me:s3cret@127.0.0.1:1/x', { directory, schemaPath: schemaFile(SCHEMA) }),
    ).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:1 refuses the connection: .*\?$/);
  });
});

describe('a new migration', () => {
  test('is written from the difference, applies nothing, and closes it', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '20260101000000_people': SQL });
    const paths = { directory, schemaPath: schemaFile(SCHEMA.replace('@id\n', '@id\n  born DateTime?\n')) };
    const written = await createMigration(url, 'add_born', paths);
    expect(basename(written!)).toMatch(/^\d{14}_add_born$/);
    expect(readFileSync(join(written!, 'migration.sql'), 'utf8')).toBe(
      '-- AlterTable\nALTER TABLE "people" ADD COLUMN     "born" TIMESTAMP(3);\n',
    );
    expect(readFileSync(join(directory, 'migration_lock.toml'), 'utf8')).toContain('provider = "postgresql"');
    expect(await hasTable(url, 'people')).toBe(false);
    expect(await schemaDrift(url, paths)).toBe(null);
    expect(await migrate(url, { directory })).toEqual(['20260101000000_people', basename(written!)]);
  });

  test('is not written when there is no difference', async () => {
    const url = await emptyDatabase();
    const { directory } = migrationsFolder({ '1_people': SQL });
    expect(await createMigration(url, 'nothing', { directory, schemaPath: schemaFile(SCHEMA) })).toBe(null);
  });
});

test("this checkout's migrations make what its schema.prisma says", async () => {
  expect(await schemaDrift(await emptyDatabase())).toBe(null);
});
