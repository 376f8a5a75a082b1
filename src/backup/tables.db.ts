import type { Sql } from '../db.ts';
import type { Manifest } from './manifest.ts';

/** A table of the registry's, its names as SQL writes them. */
export interface Table {
  name: string;
  /** Those that are written; generated ones are made again. */
  columns: string[];
}

/** PostgreSQL's names of the columns and tables, quoted where they must be; all but the note of migrations. */
export function readTables(sql: Sql): Promise<Table[]> {
  return sql<Table>(
    `SELECT quote_ident(c.relname) AS name, array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
     GROUP BY c.relname ORDER BY c.relname`,
  );
}

/** Keeps the tables as they are for as long as the transaction lasts; reading and writing go on. */
export async function holdTables(sql: Sql, tables: Table[]): Promise<void> {
  await sql(`LOCK TABLE ${tables.map(({ name }) => name).join(', ')} IN ACCESS SHARE MODE`);
}

/** The migrations that made the schema; none before the first. */
export async function readApplied(sql: Sql): Promise<Manifest['migrations']> {
  const [table] = await sql<{ there: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`);
  if (!table?.there) return [];
  return sql(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
}

/** How far the registry is. */
export interface State {
  /** The moment that the transaction sees, by PostgreSQL's clock. */
  madeAt: string;
  postgres: string;
  revision: number;
  auditRows: number;
}

/** Reads it. */
export async function readState(sql: Sql): Promise<State> {
  const [state] = await sql<State>(
    `SELECT now() AS "madeAt", current_setting('server_version') AS postgres, (SELECT n FROM revision) AS revision,
       (SELECT n FROM audit_head) AS "auditRows"`,
  );
  return state!;
}

/** Where the numbering of rows is; read after the rows, since sequences belong to no snapshot. */
export async function readSequences(sql: Sql): Promise<Manifest['sequences']> {
  const names = await sql<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' ORDER BY relname`,
  );
  if (names.length === 0) return [];
  const each = names.map(
    ({ name }) =>
      `SELECT '${name.replaceAll("'", "''")}' AS name, last_value AS last, is_called AS called FROM ${name}`,
  );
  return sql(each.join(' UNION ALL '));
}

/** Sets the numbering. */
export async function setSequences(sql: Sql, sequences: Manifest['sequences']): Promise<void> {
  for (const { name, last, called } of sequences) {
    await sql('SELECT setval($1::regclass, $2, $3)', [name, last, called]);
  }
}

/** The jobs that wait or run, without what belongs to the process that runs them. */
export const JOBS = `SELECT j.task_identifier, p.payload, j.queue_name, j.run_at, j.max_attempts, j.key, j.priority
  FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p ON p.id = j.id ORDER BY j.id`;

/** A table for them that is gone after the transaction. */
export async function makeJobsTable(sql: Sql): Promise<string> {
  await sql(
    `CREATE TEMPORARY TABLE restored_jobs (task text, payload json, queue text, run_at timestamptz, max_attempts int,
       key text, priority int) ON COMMIT DROP`,
  );
  return 'restored_jobs';
}

/** Enqueues them anew: each is done once more, also one that ran at the moment of the backup. */
export async function enqueueRestored(sql: Sql): Promise<void> {
  await sql(
    `SELECT graphile_worker.add_job(task, payload, queue_name => queue, run_at => run_at, max_attempts => max_attempts,
       job_key => key, priority => priority) FROM restored_jobs`,
  );
}
