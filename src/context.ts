import type { App } from './app.ts';
import { readViewer, type Viewer } from './auth/viewer.ts';
import { refuseExceeded, type Budget, type RateLimits } from './rate-limits.ts';
import type { Reads } from './database/reads.ts';
import { createLoaders, type Loaders } from './servers/loaders.ts';
import { noting, type Store } from './servers/store.ts';

export type { Db, Snapshot, Sql } from './db.ts';

/** Who asks, as far as a door can tell. */
export interface Caller {
  requestId: string;
  /** The Authorization header as it came. */
  authorization?: string;
  /** The address that requests are counted by. */
  address: string;
  /** Aborted when nobody waits for the answer any more, at the doors where answers can last. */
  ended?: AbortSignal;
}

/** One request, the same at every door. */
export interface Context {
  readonly app: App;
  readonly requestId: string;
  readonly address: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly ended: AbortSignal;
  /** Where it reads what is in the registry: whoever shows a token may have written, and asks the primary. */
  readonly reads: Reads;
  /** The version store; it notes the names of the servers that it gives. */
  readonly store: Store;
  /** The names, as keys, of the servers that the answer can show. */
  readonly shown: Set<string>;
  /** A subscription has new ones for each event. */
  loaders: Loaders;
  /** Whom the request speaks for, looked up when it is first asked; null without a token. Throws UNAUTHENTICATED. */
  viewer(): Promise<Viewer | null>;
  /** Takes one from a caller's budget, which the door then tells; throws RATE_LIMITED. */
  spend(...budget: Parameters<RateLimits>): Promise<void>;
  /** What is left of the budget that was spent last. */
  budget: Budget | null;
}

const never = new AbortController().signal;

/** Makes the context of one request. */
export function createContext(app: App, { requestId, authorization, address, ended = never }: Caller): Context {
  let viewer: Promise<Viewer | null> | undefined;
  const shown = new Set<string>();
  const reads = authorization === undefined ? app.reads.anywhere : app.reads.primary;
  const store = noting(app.store.reading(reads.sql), shown);
  const context: Context = {
    app,
    reads,
    store,
    shown,
    requestId,
    address,
    ended,
    loaders: createLoaders(reads, store),
    viewer: () => (viewer ??= readViewer(app, authorization)),
    spend: async (kind, caller) => {
      context.budget = await app.limits(kind, caller);
      // The door tells what is left of it in either case.
      refuseExceeded(context.budget);
    },
    budget: null,
  };
  return context;
}
