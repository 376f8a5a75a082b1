import { setTimeout as sleep } from 'node:timers/promises';
import { FOR_WRITES, type Db, type Snapshot, type Sql } from '../db.ts';
import { createTurns } from '../turns.ts';
import { Replica, type Known, type ReplicaOptions } from './replica.ts';
import { readAtRevision } from './standby.ts';

/** Where a request reads what is in the registry. */
export interface Reads {
  readonly sql: Sql;
  snapshot(): Promise<Snapshot>;
}

/** All that reads what is in the registry, from replicas where there are some. */
export interface AllReads {
  /** At the newest revision that this process knows or later: from a replica that has it, else from the primary. */
  readonly anywhere: Reads;
  /** From the primary: for who has just written, or may have. */
  readonly primary: Reads;
  /** What there is, by name; `revision` is null while it is left out. */
  replicas(): { name: string; revision: number | null }[];
  /** Whether a replica can answer, whatever the primary does. */
  serving(): boolean;
  close(): Promise<void>;
}

export interface ReadsOptions extends Pick<ReplicaOptions, 'known' | 'log' | 'told' | 'traced' | 'onRead'> {
  urls: string[];
  db: Pick<Db, 'sql' | 'snapshot'>;
}

/** Connections to the primary, and to each replica. */
const CONNECTIONS = 10;
/** With so many statements running one more is better asked elsewhere. */
const FULL = 4 * CONNECTIONS;
/** Replicas are behind for moments; this long a reader waits, once for each time that they fall behind. */
const CATCH_UP_MS = 30;
/** Of what falls to the primary so much may wait, and so long. */
const MAX_WAITING = 200;
const WAIT_MS = 1_000;

/**
 * Reads from replicas. Each answer says, out of its own snapshot, which revision it is of: one that is older than what
 * this process has answered before is thrown away, and one that is newer raises what it must be next time. So nobody who
 * asks this process goes back, whichever server answered, and a second statement fits to the first.
 */
export function createReads(options: ReadsOptions): AllReads {
  const { urls, db, known, onRead } = options;
  if (urls.length === 0) {
    return { anywhere: db, primary: db, replicas: () => [], serving: () => false, close: async () => {} };
  }
  const sql = readPrimary(db.sql, known, () => onRead('primary'));
  const waiting = new Set<() => void>();
  const onProgress = () => waiting.forEach((look) => look());
  const each = { ...options, primary: db.sql, connections: CONNECTIONS, onProgress };
  const replicas = urls.map((url) => new Replica({ ...each, url }));
  const choose = createChoice(replicas, waiting);
  // What replicas carried must not drown the primary.
  const fallBack = createTurns({
    atATime: Math.floor(CONNECTIONS * FOR_WRITES),
    waiting: MAX_WAITING,
    waitMs: WAIT_MS,
    refusal: 'Too many are reading at the moment; try again shortly.',
  });
  return {
    primary: { sql, snapshot: db.snapshot },
    anywhere: {
      sql: async <Row extends object>(text: string, values: unknown[] = []) => {
        const atLeast = known.current();
        const replica = await choose(atLeast);
        const rows = replica && (await replica.read<Row>(text, values, atLeast));
        return rows ?? fallBack(() => sql<Row>(text, values));
      },
      snapshot: async () => {
        const atLeast = known.current();
        for (const one of replicas.filter(({ revision }) => revision !== null && revision >= atLeast)) {
          const snapshot = await one.snapshot(atLeast);
          if (snapshot) return snapshot;
        }
        return db.snapshot();
      },
    },
    replicas: () => replicas.map(({ name, revision }) => ({ name, revision })),
    serving: () => replicas.some(({ revision }) => revision !== null),
    close: async () => {
      await Promise.all(replicas.map((one) => one.stop()));
    },
  };
}

/** The longest pause for the primary to show what a replica has shown; all of them together are a second. */
const LONGEST_PAUSE_MS = 512;

/** A standby may show a commit before the primary does, by a moment or, where it is synchronous, by more. */
function readPrimary(sql: Sql, known: Known, onRead: () => void): Sql {
  // A primary that was restored has less than was seen before, for good.
  let patient = true;
  return async <Row extends object>(text: string, values?: unknown[]) => {
    const atLeast = known.current();
    for (let pause = 2; ; pause *= 2) {
      const { rows, revision } = await readAtRevision<Row>(sql, text, values);
      known.saw(revision);
      const reached = revision >= atLeast;
      if (reached || !patient || pause > LONGEST_PAUSE_MS) {
        patient = reached;
        onRead();
        return rows;
      }
      await sleep(pause);
    }
  };
}

/** Chooses of the replicas that have a revision the one with the least to do; waits a moment for one that is about to have it. */
function createChoice(replicas: Replica[], waiting: Set<() => void>) {
  let turn = 0;
  let behindSince: number | null = null;
  const now = (atLeast: number): Replica | null => {
    let best: Replica | null = null;
    turn += 1;
    for (let i = 0; i < replicas.length; i += 1) {
      const one = replicas[(turn + i) % replicas.length]!;
      if (one.revision === null || one.revision < atLeast || one.busy >= FULL) continue;
      if (!best || one.busy < best.busy) best = one;
    }
    if (best) behindSince = null;
    return best;
  };
  return async (atLeast: number): Promise<Replica | null> => {
    const found = now(atLeast);
    const behind = replicas.filter((one) => one.revision !== null && one.revision < atLeast);
    if (found || behind.length === 0) return found;
    for (const one of behind) one.hurry();
    behindSince ??= performance.now();
    const left = behindSince + CATCH_UP_MS - performance.now();
    if (left <= 0) return null;
    return new Promise((resolve) => {
      const end = (replica: Replica | null) => {
        clearTimeout(timer);
        waiting.delete(look);
        resolve(replica);
      };
      const look = () => {
        const replica = now(atLeast);
        if (replica) end(replica);
      };
      const timer = setTimeout(() => end(null), left);
      waiting.add(look);
    });
  };
}
