import type { Sql } from '../db.ts';
import type { Table } from './tables.db.ts';

/** Whether there is anything that a restore would write over; what migrations and the first start write is nothing. */
export async function holdsAnything(sql: Sql): Promise<boolean> {
  const tables = ['accounts', 'namespaces', 'servers', 'versions', 'changes', 'audit'];
  for (const table of tables) {
    const [found] = await sql<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
    if (found?.there && (await sql(`SELECT FROM ${table} LIMIT 1`)).length > 0) return true;
  }
  return false;
}

/** What was taken off the tables while rows go in: statements that put it back. */
export type Removed = string[];

/** Shuts everyone else out until the transaction ends. */
export async function shutOut(sql: Sql, tables: Table[]): Promise<void> {
  await sql(`LOCK TABLE ${namesOf(tables)} IN ACCESS EXCLUSIVE MODE`);
}

const namesOf = (tables: Table[]): string => tables.map(({ name }) => name).join(', ');

/** Takes off what would slow rows down or ask for their order: indexes, foreign keys, triggers. */
export async function clearForRows(sql: Sql, tables: Table[]): Promise<Removed> {
  await sql(`SET LOCAL maintenance_work_mem = '128MB'`);
  const references = await sql<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2`,
  );
  for (const { table, name } of references) await sql(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  const indexes = await sql<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1`,
  );
  for (const { name } of indexes) await sql(`DROP INDEX ${name}`);
  for (const { name } of tables) await sql(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  await sql(`TRUNCATE ${namesOf(tables)}`);
  return [
    ...indexes.map(({ definition }) => definition),
    ...references.map(({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`),
    ...tables.map(({ name }) => `ALTER TABLE ${name} ENABLE TRIGGER USER`),
  ];
}

/** Puts it back, which checks all rows for what must be unique and what must refer to something. */
export async function putBack(sql: Sql, removed: Removed, onStep: (done: number) => void): Promise<void> {
  for (const [done, statement] of removed.entries()) {
    onStep(done);
    await sql(statement);
  }
}

/** Tells PostgreSQL what is in the tables, by which it plans. */
export async function analyse(sql: Sql): Promise<void> {
  await sql('ANALYZE');
}
