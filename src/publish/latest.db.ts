import type { Sql } from '../db.ts';
import type { ChangeKind } from '../servers/changes.db.ts';

/** A version that a reader sees differently after this transaction, and why. */
export interface VersionChange {
  versionId: number;
  serverId: number;
  kind: ChangeKind;
}

/** The one total order, greatest first: src/servers/precedence.ts. */
const greatestFirst = 'precedence DESC, published_at DESC, id DESC';

/** Makes the greatest version that is not deleted the latest of each server; gives those that gained or lost it. */
export async function moveLatest(sql: Sql, serverIds: number[]): Promise<VersionChange[]> {
  const best = `SELECT b.id FROM unnest($1::int[]) s(id) CROSS JOIN LATERAL (
    SELECT id FROM versions WHERE server_id = s.id AND status <> 'deleted' ORDER BY ${greatestFirst} LIMIT 1) b`;
  const lost = await sql<{ versionId: number; serverId: number }>(
    `UPDATE versions SET is_latest = false WHERE server_id = ANY($1::int[]) AND is_latest AND id NOT IN (${best})
     RETURNING id AS "versionId", server_id AS "serverId"`,
    [serverIds],
  );
  const gained = await sql<{ versionId: number; serverId: number }>(
    `UPDATE versions SET is_latest = true WHERE id IN (${best}) AND NOT is_latest
     RETURNING id AS "versionId", server_id AS "serverId"`,
    [serverIds],
  );
  return [...lost, ...gained].map((flip) => ({ ...flip, kind: 'latest_changed' }));
}

/** Shows of each server what its head says: the latest version or, when all are deleted, the greatest of them. */
export async function moveHeads(sql: Sql, serverIds: number[]): Promise<void> {
  await sql(
    `UPDATE servers s SET head_id = h.id, status = h.status, title = h.title, description = h.description,
       published_at = h.published_at, created_at = t.first, updated_at = t.last
     FROM unnest($1::int[]) x(id)
     CROSS JOIN LATERAL (SELECT id, status, title, description, published_at FROM versions WHERE server_id = x.id
       ORDER BY is_latest DESC, ${greatestFirst} LIMIT 1) h
     CROSS JOIN LATERAL (SELECT min(published_at) AS first, max(updated_at) AS last FROM versions WHERE server_id = x.id) t
     WHERE s.id = x.id`,
    [serverIds],
  );
  // In one order, so that two writers with the same new words can't wait for each other.
  await sql(
    `INSERT INTO search_words (word) SELECT DISTINCT unnest(tsvector_to_array(search)) COLLATE "C" FROM servers
     WHERE id = ANY($1::int[]) ORDER BY 1 ON CONFLICT (word) DO NOTHING`,
    [serverIds],
  );
}

/**
 * Takes the next revision for each change, in their order, and stamps versions, servers and the log with them. It must
 * be the last statement of its transaction: the counter's row is locked from here to the commit, so revisions are
 * without gaps and in the order of commits, and so are the times of changes. What was published here was last updated
 * at that time; of what was imported its own registry says when.
 */
export async function stamp(sql: Sql, changes: VersionChange[]): Promise<void> {
  await sql(
    `WITH taken AS (
         UPDATE revision SET n = n + $3::int, at = greatest(clock_timestamp(), at + interval '1 microsecond')
         RETURNING n - $3::int AS base, at),
       logged AS (
         INSERT INTO changes (revision, version_id, kind, changed_at)
         SELECT t.base + c.place, c.version_id, c.kind, t.at
         FROM taken t, unnest($1::int[], $2::change_kind[]) WITH ORDINALITY c(version_id, kind, place)
         RETURNING revision, version_id, changed_at),
       stamped AS (
         UPDATE versions v SET revision = l.revision,
           updated_at = CASE WHEN v.source IS NULL THEN l.at ELSE v.updated_at END
         FROM (SELECT version_id, max(revision) AS revision, max(changed_at) AS at FROM logged GROUP BY 1) l
         WHERE v.id = l.version_id RETURNING v.server_id, v.revision, v.updated_at),
       notified AS (SELECT pg_notify('revision', (base + $3::int)::text) FROM taken)
     UPDATE servers s SET revision = c.revision, updated_at = greatest(s.updated_at, c.updated_at)
     FROM (SELECT server_id, max(revision) AS revision, max(updated_at) AS updated_at FROM stamped GROUP BY 1) c, notified
     WHERE s.id = c.server_id`,
    [changes.map((change) => change.versionId), changes.map((change) => change.kind), changes.length],
  );
}
