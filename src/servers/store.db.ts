import type { Sql } from '../db.ts';
import { NEWEST_KEPT, type ServerRow, type VersionRow } from './rows.ts';

/** The columns of a VersionRow, of `versions v JOIN servers s`. */
export const versionColumns = `v.id, v.revision, v.server_id AS "serverId", s.name, v.name_key AS "nameKey", v.version,
  v.status, v.status_message AS "statusMessage", v.status_changed_at AS "statusChangedAt", v.is_latest AS "isLatest",
  v.published_at AS "publishedAt", v.updated_at AS "updatedAt", v.document, v.digest,
  v.publisher_method AS "publisherMethod", v.publisher_subject AS "publisherSubject"`;

/** Reads versions by id, in one statement and any order. */
export function readVersions(sql: Sql, ids: number[]): Promise<VersionRow[]> {
  return sql(
    `SELECT ${versionColumns} FROM versions v JOIN servers s ON s.id = v.server_id WHERE v.id = ANY($1::int[])`,
    [ids],
  );
}

/**
 * Reads servers by id with the references of their newest versions, in one statement and any order: a row for each
 * server's head and, with `versionsEach`, for that many of its newest versions too.
 */
export function readServers(
  sql: Sql,
  ids: number[],
  versionsEach: number,
): Promise<(ServerRow & VersionRow & { isHead: boolean })[]> {
  return sql(
    `SELECT ${versionColumns}, v.id = s.head_id AS "isHead", s.revision AS "serverRevision", s.status AS "serverStatus",
       s.created_at AS "createdAt", s.updated_at AS "serverUpdatedAt", n.newest
     FROM servers s
     CROSS JOIN LATERAL (
       SELECT array_agg(o.id ORDER BY o.published_at DESC, o.id DESC) AS ids,
         jsonb_agg(jsonb_build_object('id', o.id, 'revision', o.revision, 'status', o.status,
           'publishedAt', to_char(o.published_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY o.published_at DESC, o.id DESC) AS newest
       FROM (SELECT id, revision, status, published_at FROM versions WHERE server_id = s.id
             ORDER BY published_at DESC, id DESC LIMIT ${NEWEST_KEPT + 1}) o) n
     JOIN versions v ON v.id = ANY(s.head_id || n.ids[1:$2::int])
     WHERE s.id = ANY($1::int[])`,
    [ids, versionsEach],
  );
}
