import type { Sql } from '../db.ts';

/** The registry's newest revision, 0 when nothing was ever published. */
export async function readRevision(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }>('SELECT n FROM revision');
  return row?.n ?? 0;
}

export interface Counts {
  revision: number;
  servers: number;
  versions: number;
  namespaces: number;
}

/** Counts what is visible: servers and versions that are not deleted, namespaces that hold one. */
export async function readCounts(sql: Sql): Promise<Counts> {
  const [row] = await sql<Counts>(
    `SELECT (SELECT n FROM revision) AS revision,
       (SELECT count(*)::int FROM versions WHERE status <> 'deleted') AS versions,
       count(*)::int AS servers, count(DISTINCT namespace_id)::int AS namespaces
     FROM servers WHERE status <> 'deleted'`,
  );
  return row!;
}
