import type { Sql } from '../db.ts';

/** Where the change log stood at a time. */
export interface LogPlace {
  /** The newest revision of that time, 0 before the first. */
  revision: number;
  /** How many changes came after it. */
  changes: number;
}

/** Finds where the change log stood so many seconds before a time. */
export async function readLogPlace(sql: Sql, time: string, secondsBefore: number): Promise<LogPlace> {
  const [row] = await sql<LogPlace>(
    `SELECT coalesce(c.revision, 0) AS revision, r.n - coalesce(c.revision, 0) AS changes
     FROM revision r LEFT JOIN LATERAL (
       SELECT revision FROM changes WHERE changed_at <= $1::timestamptz - make_interval(secs => $2)
       ORDER BY changed_at DESC, revision DESC LIMIT 1) c ON true`,
    [time, secondsBefore],
  );
  return row ?? { revision: 0, changes: 0 };
}
