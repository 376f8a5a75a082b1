import type { Db } from '../context.ts';
import { readRevision } from './registry.db.ts';

/** What this process knows of the registry's newest revision. */
export interface RevisionWatch {
  /** The newest revision seen: what is read after asking is at least as new. */
  current(): number;
  /** Asks at once, for who has just written. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 1_000;

/** Follows the revision: told by NOTIFY at once, and asked once a second in case a word was missed. */
export async function watchRevision(db: Db, log: { warn: (message: string) => void }): Promise<RevisionWatch> {
  let newest = await readRevision(db.sql);
  let stopped = false;
  let unlisten: (() => Promise<void>) | null = null;
  const ask = async () => {
    const revision = await readRevision(db.sql).catch(() => newest);
    newest = Math.max(newest, revision);
    if (!unlisten && !stopped) await listen();
  };
  const lost = () => {
    if (!stopped && unlisten) log.warn('The connection that listens for changes was lost; polling until it is back.');
    unlisten = null;
  };
  const listen = async () => {
    unlisten = await db.listen('revision', () => void ask(), lost).catch(() => null);
  };
  await listen();
  const timer = setInterval(() => void ask(), POLL_MS).unref();
  return {
    current: () => newest,
    refresh: ask,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await unlisten?.();
    },
  };
}
