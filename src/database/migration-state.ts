import type pg from 'pg';
import { MigrationError } from './migration-error.ts';
import type { Migration } from './migration-files.ts';

/** A row of Prisma's table of migrations. */
export interface MigrationRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
  started_at: Date;
  logs: string | null;
}

/** `unfinished`: failed, was killed, or runs now; `unknown`: in the database and not in this checkout. */
export type State = 'applied' | 'pending' | 'edited' | 'unfinished' | 'unknown';

export interface MigrationState {
  name: string;
  state: State;
  row: MigrationRow | null;
}

/** Prisma's own definition, so that its command works on the same database. */
export const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/** Compares the files with what the database says was applied; in the order of names, unknown ones last. */
export async function readStates(client: pg.Client, migrations: Migration[]): Promise<MigrationState[]> {
  const rows = await readRows(client);
  const known = migrations.map((migration) => stateOf(migration, rows));
  const names = new Set(migrations.map(({ name }) => name));
  const unknown = rows.filter((row) => !names.has(row.migration_name));
  return [...known, ...unknown.map((row) => ({ name: row.migration_name, state: 'unknown' as const, row }))];
}

async function readRows(client: pg.Client): Promise<MigrationRow[]> {
  const table = await client.query<{ there: boolean }>("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there");
  if (!table.rows[0]?.there) return [];
  const columns = 'migration_name, checksum, finished_at, rolled_back_at, started_at, logs';
  const sql = `SELECT ${columns} FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name, started_at`;
  return (await client.query<MigrationRow>(sql)).rows;
}

function stateOf({ name, checksum }: Migration, rows: MigrationRow[]): MigrationState {
  const mine = rows.filter((row) => row.migration_name === name);
  const unfinished = mine.find((row) => row.finished_at === null);
  const row = unfinished ?? mine[0] ?? null;
  if (!row) return { name, state: 'pending', row };
  if (unfinished) return { name, state: 'unfinished', row };
  return { name, state: row.checksum === checksum ? 'applied' : 'edited', row };
}

/** Throws MigrationError for the first state that forbids to go on. */
export function assertSound(states: MigrationState[]): void {
  for (const { name, state, row } of states) {
    if (state === 'unfinished') throw unfinished(name, row);
    if (state === 'edited') {
      const remedy = 'restore its file and write the change as a new migration';
      throw new MigrationError(`Migration ${name} was edited after it was applied to this database: ${remedy}.`);
    }
    if (state === 'unknown') {
      const remedy = 'update this checkout, or use another database';
      throw new MigrationError(
        `The database is newer than this version, which doesn't know its migration ${name}: ${remedy}.`,
      );
    }
  }
}

function unfinished(name: string, row: MigrationRow | null): MigrationError {
  const reason = row?.logs ? ` (${row.logs.split('\n', 1)[0]})` : '';
  const mark = `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${name}' AND finished_at IS NULL`;
  const remedy = `undo by hand what it did, then let it run again with: ${mark}`;
  return new MigrationError(`Migration ${name} failed earlier, ${row?.started_at.toISOString()}${reason}: ${remedy}`);
}
