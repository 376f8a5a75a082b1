import type { Sql } from '../db.ts';

/** Enqueues a job in the caller's transaction: it is done if that commits. With a key, one that waits is replaced. */
export async function enqueueJob(
  sql: Sql,
  task: string,
  payload: Record<string, unknown>,
  options: { key?: string; runAt?: Date } = {},
): Promise<void> {
  await sql('SELECT graphile_worker.add_job($1, $2::json, job_key => $3, run_at => coalesce($4::timestamptz, now()))', [
    task,
    JSON.stringify(payload),
    options.key ?? null,
    options.runAt?.toISOString() ?? null,
  ]);
}
