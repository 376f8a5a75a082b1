import { LRUCache } from 'lru-cache';
import type { Db, Sql } from '../context.ts';
import { toServerEntry, VersionEntry, type ServerEntry } from './entries.ts';
import { readServers, readVersions } from './store.db.ts';
import type { Ref, VersionRow } from './rows.ts';
import { together } from './together.ts';

/** Ready-to-serve servers and versions of this process, by id and revision; nothing in it is ever stale. */
export interface Store {
  /** The versions of these references, in their order, at these revisions or later; what is missing costs one statement. */
  versions(refs: readonly Ref[]): Promise<VersionEntry[]>;
  /** The same for servers; their heads come with them and, with `versionsEach`, that many of their newest versions. */
  servers(refs: readonly Ref[], versionsEach?: number): Promise<ServerEntry[]>;
  /** The same store, which reads by these statements what it lacks. */
  reading(sql: Sql): Store;
  /** What it holds, roughly. */
  bytes(): number;
  /** Whether it keeps anything at all. */
  readonly keeps: boolean;
}

/** What an entry takes at least. */
const LEAST = 1_000;

/** What it takes beside its document: views and wire form are about twice the text again, what documents show of it (http/entry-texts.ts) as much. */
const sizeOf = (entry: VersionEntry) => LEAST + 6 * entry.document.length;

/** Told how many of the entries that were asked for were there, and how many were read. */
type OnLookup = (of: { hits: number; misses: number }) => void;

/** Makes an empty store of at most `maxBytes` (roughly counted). */
export function createStore(db: Pick<Db, 'sql'>, maxBytes: number, onLookup: OnLookup = () => {}): Store {
  const versions = new LRUCache<number, VersionEntry>({ maxSize: maxBytes, sizeCalculation: sizeOf });
  const servers = new LRUCache<number, ServerEntry>({
    maxSize: maxBytes,
    sizeCalculation: (entry) => LEAST + 64 * (entry.versions?.length ?? 0) + sizeOf(entry.head),
  });
  const readEntries = async (sql: Sql, ids: number[], versionsEach: number): Promise<ServerEntry[]> => {
    const rows = await readServers(sql, ids, versionsEach);
    return rows.flatMap((row) => {
      const version = versionOf(versions, row);
      return row.isHead ? [toServerEntry(row, version)] : [];
    });
  };
  const versionsTogether = togetherById(async (sql, ids) =>
    (await readVersions(sql, ids)).map((row) => new VersionEntry(row)),
  );
  const serversTogether = togetherById((sql, ids) => readEntries(sql, ids, 0));
  const told = <Entry extends Ref>(cache: LRUCache<number, Entry>): Lookup<Entry> => ({ cache, onLookup });
  const reading = (sql: Sql): Store => ({
    reading,
    keeps: maxBytes >= LEAST,
    bytes: () => versions.calculatedSize + servers.calculatedSize,
    versions: (refs) => resolve(told(versions), refs, (ids) => versionsTogether(sql, ids)),
    servers: (refs, versionsEach = 0) =>
      resolve(told(servers), refs, (ids) =>
        versionsEach === 0 ? serversTogether(sql, ids) : readEntries(sql, ids, versionsEach),
      ),
  });
  return reading(db.sql);
}

/** The same store, which notes in `shown` the name of every server that it gives anything of. */
export function noting(store: Store, shown: Set<string>): Store {
  const note = <Entry extends { nameKey: string }>(entries: Entry[]) => {
    for (const { nameKey } of entries) shown.add(nameKey);
    return entries;
  };
  return {
    ...store,
    versions: async (refs) => note(await store.versions(refs)),
    servers: async (refs, versionsEach) => note(await store.servers(refs, versionsEach)),
  };
}

/**
 * Reads entries by id, for all requests of one turn at once: where many ask for what nobody has kept, as after a start, it
 * is read once, and they share what is made of it.
 */
function togetherById<Entry extends Ref>(read: (sql: Sql, ids: number[]) => Promise<Entry[]>) {
  const find = together<number, Entry>(async (sql, ids) => {
    const entries = new Map((await read(sql, [...new Set(ids)])).map((entry) => [entry.id, entry]));
    return ids.map((id) => entries.get(id) ?? null);
  });
  return async (sql: Sql, ids: number[]) => (await find(sql, ids)).filter((entry) => entry !== null);
}

/** The version of a row as that statement saw it: the entry that is there, if it is of the same revision, or a new one. */
function versionOf(versions: LRUCache<number, VersionEntry>, row: VersionRow): VersionEntry {
  const kept = versions.get(row.id);
  return kept?.revision === row.revision ? kept : keepNewest(versions, new VersionEntry(row));
}

/** Keeps an entry unless a newer one is there: statements may end in another order than they began. */
function keepNewest<Entry extends Ref>(cache: LRUCache<number, Entry>, entry: Entry): Entry {
  const kept = cache.get(entry.id);
  if (!kept || kept.revision < entry.revision) cache.set(entry.id, entry);
  return entry;
}

interface Lookup<Entry extends Ref> {
  cache: LRUCache<number, Entry>;
  onLookup: OnLookup;
}

/** Takes from the cache what is new enough and reads the rest at once; a row that is gone by then is left out. */
async function resolve<Entry extends Ref>(
  { cache, onLookup }: Lookup<Entry>,
  refs: readonly Ref[],
  read: (ids: number[]) => Promise<Entry[]>,
): Promise<Entry[]> {
  const found = new Map<number, Entry>();
  const missing: number[] = [];
  for (const ref of refs) {
    const kept = cache.get(ref.id);
    if (kept && kept.revision >= ref.revision) found.set(ref.id, kept);
    else missing.push(ref.id);
  }
  onLookup({ hits: found.size, misses: missing.length });
  if (missing.length > 0) {
    for (const entry of await read(missing)) {
      found.set(entry.id, keepNewest(cache, entry));
    }
  }
  return refs.map((ref) => found.get(ref.id)).filter((entry) => entry !== undefined);
}
