import type { Sql } from '../db.ts';

/** The text of a registered operation, and whether its use is to be noted again. */
export async function findOperation(sql: Sql, id: string): Promise<{ document: string; due: boolean } | undefined> {
  const [row] = await sql<{ document: string; due: boolean }>(
    `SELECT document, last_used_at < now() - interval '1 day' AS due FROM operations WHERE id = $1`,
    [id],
  );
  return row;
}

/** Notes that an operation is used, once a day. */
export async function noteUse(sql: Sql, id: string): Promise<void> {
  await sql(`UPDATE operations SET last_used_at = now() WHERE id = $1 AND last_used_at < now() - interval '1 day'`, [
    id,
  ]);
}

/** Registers an operation while there are fewer than `most`; one that is there already stays. */
export async function insertOperation(sql: Sql, id: string, document: string, most: number): Promise<void> {
  await sql(
    `INSERT INTO operations (id, document) SELECT $1, $2 WHERE (SELECT count(*) FROM operations) < $3
     ON CONFLICT (id) DO NOTHING`,
    [id, document, most],
  );
}

/** Drops what nobody has used for so many days. */
export async function deleteUnused(sql: Sql, days: number): Promise<void> {
  await sql(`DELETE FROM operations WHERE last_used_at < now() - make_interval(days => $1)`, [days]);
}
