import type { Sql } from '../db.ts';

/** An address that another owner's server uses. */
export interface RemoteConflict {
  url: string;
  /** The other server's name. */
  server: string;
}

/**
 * Lets go of the addresses that these servers' active latest versions no longer use, and takes those that they use now.
 * An address belongs to one owner: gives those that are another's, whose servers keep them. Constant in the number of
 * servers, and safe against others that take the same address at the same time: the address is the primary key.
 */
export async function moveRemotes(sql: Sql, serverIds: number[]): Promise<RemoteConflict[]> {
  if (!(await haveRemotes(sql, serverIds))) return [];
  await sql(
    `UPDATE remote_urls r SET holders = ARRAY(
       SELECT h FROM unnest(r.holders) h WHERE NOT h = ANY($1::int[]) OR uses_remote(h, r.url))
     WHERE r.url IN (
       SELECT url FROM remote_urls q WHERE holders && $1::int[]
         AND EXISTS (SELECT FROM unnest(q.holders) h WHERE h = ANY($1::int[]) AND NOT uses_remote(h, q.url))
       ORDER BY url FOR UPDATE)`,
    [serverIds],
  );
  await sql(
    `INSERT INTO remote_urls AS r (url, holders)
     SELECT url, array_agg(server_id ORDER BY server_id) FROM (
       SELECT DISTINCT u.url, v.server_id, first_value(owner_of(v.server_id)) OVER (PARTITION BY u.url ORDER BY v.server_id) AS first,
         owner_of(v.server_id) AS owner
       FROM versions v CROSS JOIN LATERAL unnest(v.remote_urls) u(url)
       WHERE v.server_id = ANY($1::int[]) AND v.is_latest AND v.status = 'active') x
     WHERE owner = first GROUP BY url ORDER BY url COLLATE "C"
     ON CONFLICT (url) DO UPDATE SET holders = ARRAY(SELECT DISTINCT unnest(r.holders || excluded.holders))
     WHERE NOT r.holders @> excluded.holders AND (r.holders = '{}' OR owner_of(r.holders[1]) = owner_of(excluded.holders[1]))`,
    [serverIds],
  );
  return sql<RemoteConflict>(
    `SELECT u.url, s.name AS server FROM versions v CROSS JOIN LATERAL unnest(v.remote_urls) u(url)
     JOIN remote_urls r ON r.url = u.url JOIN servers s ON s.id = r.holders[1]
     WHERE v.server_id = ANY($1::int[]) AND v.is_latest AND v.status = 'active' AND NOT v.server_id = ANY(r.holders)
     ORDER BY u.url`,
    [serverIds],
  );
}

/** Whether any of these servers has an address or uses one. */
async function haveRemotes(sql: Sql, serverIds: number[]): Promise<boolean> {
  const [row] = await sql<{ any: boolean }>(
    `SELECT EXISTS (SELECT FROM remote_urls WHERE holders && $1::int[]) OR EXISTS (
       SELECT FROM versions WHERE server_id = ANY($1::int[]) AND is_latest AND remote_urls <> '{}') AS any`,
    [serverIds],
  );
  return row!.any;
}
