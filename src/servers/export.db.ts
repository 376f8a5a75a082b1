import type { Sql } from '../db.ts';
import { readRevision } from './registry.db.ts';
import type { VersionRow } from './rows.ts';
import { versionColumns } from './store.db.ts';

/** Begins to read every version, in the order in which they came, in a snapshot; gives the revision it is of. */
export async function beginExport(sql: Sql): Promise<number> {
  const revision = await readRevision(sql);
  await sql(
    `DECLARE export NO SCROLL CURSOR FOR
     SELECT ${versionColumns} FROM versions v JOIN servers s ON s.id = v.server_id ORDER BY v.id`,
  );
  return revision;
}

/** Reads the next rows; none when there are no more. The count is part of the statement, so there should be few. */
export function fetchExport(sql: Sql, count: number): Promise<VersionRow[]> {
  return sql(`FETCH ${Math.trunc(count)} FROM export`);
}
