import type { App } from '../app.ts';
import type { Sql } from '../context.ts';
import { enqueueJob } from '../jobs/jobs.db.ts';
import { LIST_TAG, serverTag } from '../servers/cache-tags.ts';

/** The job that empties the CDN of what shows some servers. */
export const PURGE = 'purge';

/** The same once more. */
export const PURGE_AGAIN = 'purge-again';

/** A process hears of a revision after at most a second; what it answered until then the CDN may have kept anew. */
const AGAIN_MS = 2_000;

/** Enqueues what must follow a change of these servers, in the transaction that changes them: it is done if that commits. */
export async function followUp({ config }: App, sql: Sql, nameKeys: string[]): Promise<void> {
  if (!config.cdn) return;
  const purge = { tags: [LIST_TAG, ...nameKeys.map(serverTag)] };
  await enqueueJob(sql, PURGE, purge);
  await enqueueJob(sql, PURGE_AGAIN, purge, { runAt: new Date(Date.now() + AGAIN_MS) });
}
