import type { Config } from '../config.ts';
import { startEmbeddedPostgres } from '../database/embedded.ts';

/** Does `work` with the address of the database that configuration names, or of the embedded one, as it is: nothing is migrated. */
export async function onDatabase<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.databaseUrl) return work(config.databaseUrl);
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}
