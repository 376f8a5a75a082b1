import { LRUCache } from 'lru-cache';
import { listChanges, MAX_CHANGES, type Change, type ChangePage, type ChangeSource } from './changes.ts';
import type { RevisionWatch } from './revision.ts';

/** The change log for those who wait for what comes. */
export interface Feed {
  /** Every change behind revision `after`, once and in order, as they come, until `signal` ends it. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<Change>;
}

/** Pages kept for those who come to the same place next: a commit is read once, however many follow. */
const MAX_PAGES = 32;

/** Follows the log by the registry's revision: what is not there yet is waited for, and never asked for in vain. */
export function createFeed(source: ChangeSource, watch: RevisionWatch): Feed {
  const pages = new LRUCache<number, Promise<ChangePage>>({ max: MAX_PAGES, ttl: 10_000 });
  const pageAfter = async (after: number) => {
    const kept = pages.get(after);
    if (kept) return kept;
    const reading = listChanges(source, after, MAX_CHANGES);
    pages.set(after, reading);
    const forget = () => void (pages.peek(after) === reading && pages.delete(after));
    // An empty page is only true for the moment; one with changes stays true, if not whole.
    reading.then((page) => void (page.changes.length === 0 && forget()), forget);
    return reading;
  };
  return {
    async *follow(after, signal) {
      let known = after;
      while (!signal.aborted) {
        if (watch.current() <= known) await watch.beyond(known, signal);
        if (signal.aborted) return;
        const { changes, revision } = await pageAfter(known);
        for (const change of changes) {
          if (signal.aborted) return;
          yield change;
        }
        known = revision;
      }
    },
  };
}
