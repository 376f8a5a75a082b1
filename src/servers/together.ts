import DataLoader from 'dataloader';
import type { Sql } from '../context.ts';

/** Looks up keys; what is found for each, in their order. */
type Find<Key, Found> = (sql: Sql, keys: readonly Key[]) => Promise<(Found | null)[]>;

/** Of one statement; a page of entities is a hundred. */
const MAX_KEYS = 500;

/**
 * Makes one statement of the look-ups of all requests that came in one turn of the event loop: under load a statement
 * costs more to send than to answer. It reads after all of them came, and where it fails, it fails for all.
 */
export function together<Key, Found>(find: Find<Key, Found>): Find<Key, Found> {
  const loaders = new WeakMap<Sql, DataLoader<Key, Found | null>>();
  return async (sql, keys) => {
    let loader = loaders.get(sql);
    if (!loader) {
      loader = new DataLoader((all) => find(sql, all), {
        cache: false,
        maxBatchSize: MAX_KEYS,
        batchScheduleFn: (run) => void setImmediate(run),
      });
      loaders.set(sql, loader);
    }
    return Promise.all(keys.map((key) => loader.load(key)));
  };
}
