import pg from 'pg';
import type { Sql } from '../db.ts';
import { currentSpan } from '../tracing.ts';

/**
 * Connections for graphile-worker. Of a pool of its own it takes the listeners away before the connections have ended, and
 * one that is cut then ends the process.
 */
export function createJobsPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}

/** Enqueues a job in the caller's transaction: it is done if that commits, and its trace leads back to the caller's. With a key, one that waits is replaced. */
export async function enqueueJob(
  sql: Sql,
  task: string,
  payload: Record<string, unknown>,
  options: { key?: string; runAt?: Date } = {},
): Promise<void> {
  await sql('SELECT graphile_worker.add_job($1, $2::json, job_key => $3, run_at => coalesce($4::timestamptz, now()))', [
    task,
    JSON.stringify({ ...payload, traceparent: currentSpan()?.traceparent }),
    options.key ?? null,
    options.runAt?.toISOString() ?? null,
  ]);
}

/** How many jobs wait, by task: `new`, or `failing` when an earlier try failed. */
export function countJobs(sql: Sql): Promise<{ task: string; state: string; count: number }[]> {
  return sql(
    `SELECT task_identifier AS task, CASE WHEN attempts > 0 AND locked_at IS NULL THEN 'failing' ELSE 'new' END AS state, count(*) AS count
     FROM graphile_worker.jobs GROUP BY 1, 2`,
  );
}

/** Lets others do the jobs that have been running for longer than they can take: their process is dead. */
export async function releaseDead(sql: Sql, tasks: { name: string; longestSeconds: number }[]): Promise<void> {
  await sql(
    `SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT j.locked_by)) FROM graphile_worker.jobs j
     JOIN unnest($1::text[], $2::int[]) t(name, seconds) ON t.name = j.task_identifier
     WHERE j.locked_at < now() - make_interval(secs => t.seconds) HAVING count(*) > 0`,
    [tasks.map((task) => task.name), tasks.map((task) => task.longestSeconds)],
  );
}
