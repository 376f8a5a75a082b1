import type { Db } from '../context.ts';
import { readRevision } from './registry.db.ts';

/** What this process knows of the registry's newest revision. */
export interface RevisionWatch {
  /** The newest revision seen: what is read after asking is at least as new. */
  current(): number;
  /** Resolves once there is a newer revision than this, or when `signal` says that nobody waits any more. */
  beyond(revision: number, signal: AbortSignal): Promise<void>;
  /** Says that there is such a revision, for who has just written or was told. */
  saw(revision: number): void;
  /** Asks at once. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 1_000;

/** Follows the revision: told by NOTIFY at once, and asked once a second in case a word was missed. */
export async function watchRevision(db: Db, log: { warn: (message: string) => void }): Promise<RevisionWatch> {
  let newest = await readRevision(db.sql);
  let stopped = false;
  let unlisten: (() => Promise<void>) | null = null;
  const { waiting, beyond } = createWaiting(() => newest);
  const saw = (revision: number) => {
    if (!(revision > newest)) return;
    newest = revision;
    for (const wake of [...waiting]) wake();
  };
  const ask = async () => {
    saw(await readRevision(db.sql).catch(() => newest));
    if (!unlisten && !stopped) await listen();
  };
  const lost = () => {
    if (!stopped && unlisten) log.warn('The connection that listens for changes was lost; polling until it is back.');
    unlisten = null;
  };
  const listen = async () => {
    unlisten = await db.listen('revision', (revision) => saw(Number(revision)), lost).catch(() => null);
  };
  await listen();
  const timer = setInterval(() => void ask(), POLL_MS).unref();
  return {
    current: () => newest,
    beyond,
    saw,
    refresh: ask,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await unlisten?.();
    },
  };
}

/** Those who wait for a newer revision; each is forgotten as soon as it is woken or no longer waits. */
function createWaiting(current: () => number): { waiting: Set<() => void>; beyond: RevisionWatch['beyond'] } {
  const waiting = new Set<() => void>();
  const beyond: RevisionWatch['beyond'] = (revision, signal) =>
    new Promise((resolve) => {
      const done = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const wake = () => {
        if (current() > revision) done();
      };
      waiting.add(wake);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
      else wake();
    });
  return { waiting, beyond };
}
