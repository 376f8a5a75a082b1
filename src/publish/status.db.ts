import type { Sql } from '../db.ts';
import type { ServerStatus } from '../servers/rows.ts';
import type { VersionChange } from './latest.db.ts';

/** A version as far as a change of status looks at it. */
export interface StatusRow {
  id: number;
  serverId: number;
  version: string;
  status: ServerStatus;
  statusMessage: string | null;
  takenDown: boolean;
}

/** Locks a server until the transaction ends, as all its writers do; null when there is none. */
export async function lockServer(sql: Sql, nameKey: string): Promise<{ id: number; name: string } | null> {
  const [row] = await sql<{ id: number; name: string }>(
    'SELECT id, name FROM servers WHERE name_key = $1 FOR NO KEY UPDATE',
    [nameKey],
  );
  return row ?? null;
}

/** One version of a server or, with null, all of them, newest first. */
export function readStatuses(sql: Sql, serverId: number, version: string | null): Promise<StatusRow[]> {
  return sql<StatusRow>(
    `SELECT id, server_id AS "serverId", version, status, status_message AS "statusMessage", taken_down AS "takenDown"
     FROM versions WHERE server_id = $1 AND ($2::text IS NULL OR version = $2) ORDER BY published_at DESC, id DESC`,
    [serverId, version],
  );
}

/** Gives versions a status; the time of the status moves only with its value. */
export async function writeStatuses(
  sql: Sql,
  rows: StatusRow[],
  to: { status: ServerStatus; statusMessage: string | null; takenDown: boolean },
): Promise<VersionChange[]> {
  await sql(
    `WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now)
     UPDATE versions SET status = $2::server_status, status_message = $3, taken_down = $4, updated_at = now,
       status_changed_at = CASE WHEN status = $2::server_status THEN status_changed_at ELSE now END,
       is_latest = is_latest AND $2 <> 'deleted'
     FROM moment WHERE id = ANY($1::int[])`,
    [rows.map((row) => row.id), to.status, to.statusMessage, to.takenDown],
  );
  return rows.map(({ id, serverId }) => ({ versionId: id, serverId, kind: 'status_changed' }));
}
