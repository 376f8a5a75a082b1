import type { App } from '../app.ts';
import type { Sql } from '../context.ts';
import { enqueueJob } from '../jobs/jobs.db.ts';
import { LIST_TAG, serverTag } from '../servers/cache-tags.ts';

/** The job that empties the CDN of what shows some servers. */
export const PURGE = 'purge';

/** Enqueues what must follow a change of these servers, in the transaction that changes them: it is done if that commits. */
export async function followUp({ config }: App, sql: Sql, nameKeys: string[]): Promise<void> {
  if (!config.cdn) return;
  await enqueueJob(sql, PURGE, { tags: [LIST_TAG, ...nameKeys.map(serverTag)] });
}
