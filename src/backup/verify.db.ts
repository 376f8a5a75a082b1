import type { Sql } from '../db.ts';

/** The counter of revisions and the log that must follow it without a gap. */
export async function readLog(sql: Sql): Promise<{ revision: number; last: number; changes: number }> {
  const [log] = await sql<{ revision: number; last: number; changes: number }>(
    `SELECT (SELECT n FROM revision) AS revision, coalesce(max(revision), 0) AS last, count(*) AS changes FROM changes`,
  );
  return log!;
}

/** What can't be so in a registry that is whole, a sentence each. */
export async function readUnsound(sql: Sql): Promise<string[]> {
  const [counts] = await sql<{ latest: number; heads: number; ahead: number }>(
    `SELECT (SELECT count(*) FROM (SELECT FROM versions GROUP BY server_id
         HAVING count(*) FILTER (WHERE is_latest) <> CASE WHEN bool_or(status <> 'deleted') THEN 1 ELSE 0 END) s) AS latest,
       (SELECT count(*) FROM servers WHERE head_id IS NULL) AS heads,
       (SELECT count(*) FROM versions WHERE id > (SELECT last_value FROM versions_id_seq)) AS ahead`,
  );
  const { latest, heads, ahead } = counts!;
  return [
    latest > 0 && `${latest} servers have not one latest version`,
    heads > 0 && `${heads} servers show no version`,
    ahead > 0 && `${ahead} versions are ahead of the numbering`,
  ].filter((problem) => problem !== false);
}
