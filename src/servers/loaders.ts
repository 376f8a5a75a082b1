import DataLoader from 'dataloader';
import type { Db, Sql } from '../context.ts';
import { nameKey } from '../namespaces/server-name.ts';
import type { ServerEntry, VersionEntry } from './entries.ts';
import type { Ref } from './rows.ts';
import { MAX_NAME } from '../input.ts';
import {
  findHeads,
  findServers,
  findServersById,
  findVersions,
  findVersionsById,
  type VersionKey,
} from './lookup.db.ts';
import { DEFAULT_SIZE } from './page.ts';
import type { Store } from './store.ts';
import { together } from './together.ts';

/** One request's look-ups by key: everything asked for in one turn costs one statement for each kind, null is unknown. */
export interface Loaders {
  /** By name, in any case; deleted servers too. */
  server: DataLoader<string, ServerEntry | null>;
  serverById: DataLoader<number, ServerEntry | null>;
  /** By name and exact version text; deleted versions too. */
  version: DataLoader<VersionKey, VersionEntry | null, string>;
  versionById: DataLoader<number, VersionEntry | null>;
  /** By name: the latest version or, when all are deleted, the newest. */
  head: DataLoader<string, VersionEntry | null>;
  /** Versions whose references are known; the lists of one turn are read together. */
  versionsByRef(refs: readonly Ref[]): Promise<VersionEntry[]>;
}

/** Makes the loaders of one request. */
export function createLoaders(db: Pick<Db, 'sql'>, store: Store): Loaders {
  const byRef = new DataLoader<Ref, VersionEntry | null, number>(
    async (refs) => {
      const entries = byField(await store.versions(refs), 'id');
      return refs.map((ref) => entries.get(ref.id) ?? null);
    },
    { cacheKeyFn: (ref) => ref.id },
  );
  return {
    server: new DataLoader(async (names) => {
      const keys = names.map(usableKey);
      const refs = (await serversTogether(db.sql, present(keys))).filter((ref) => ref !== null);
      // Who asks for one server mostly asks for its versions next.
      const versionsEach = keys.length === 1 ? DEFAULT_SIZE : 0;
      const entries = byField(await store.servers(refs, versionsEach), 'nameKey');
      return keys.map((key) => (key !== null && entries.get(key)) || null);
    }),
    serverById: new DataLoader(async (ids) => {
      const entries = byField(await store.servers(await findServersById(db.sql, ids)), 'id');
      return ids.map((id) => entries.get(id) ?? null);
    }),
    version: new DataLoader((keys) => loadVersions(db, store, keys), {
      cacheKeyFn: (key) => `${nameKey(key.name)}\0${key.version}`,
    }),
    versionById: new DataLoader(async (ids) => {
      const entries = byField(await store.versions(await findVersionsById(db.sql, ids)), 'id');
      return ids.map((id) => entries.get(id) ?? null);
    }),
    head: new DataLoader(async (names) => {
      const keys = names.map(usableKey);
      const refs = (await headsTogether(db.sql, present(keys))).filter((ref) => ref !== null);
      const entries = byField(await store.versions(refs), 'nameKey');
      return keys.map((key) => (key !== null && entries.get(key)) || null);
    }),
    versionsByRef: async (refs) =>
      (await Promise.all(refs.map((ref) => byRef.load(ref)))).filter((one) => one !== null),
  };
}

type NamedRef = Ref & { nameKey: string };

const byName = (find: (sql: Sql, nameKeys: readonly string[]) => Promise<NamedRef[]>) =>
  together(async (sql: Sql, nameKeys: readonly string[]) => {
    const refs = byField(await find(sql, [...new Set(nameKeys)]), 'nameKey');
    return nameKeys.map((key) => refs.get(key) ?? null);
  });
const serversTogether = byName(findServers);
const headsTogether = byName(findHeads);

const versionsTogether = together(async (sql: Sql, keys: readonly VersionKey[]) => {
  const refs = byField(await findVersions(sql, keys), 'place');
  return keys.map((_, i) => refs.get(i + 1) ?? null);
});

async function loadVersions(
  db: Pick<Db, 'sql'>,
  store: Store,
  keys: readonly VersionKey[],
): Promise<(VersionEntry | null)[]> {
  const wanted = keys.map((key) => ({
    name: usableKey(key.name) ?? '',
    version: usableKey(key.version) === null ? '' : key.version,
  }));
  const refs = await versionsTogether(db.sql, wanted);
  const entries = byField(await store.versions(refs.filter((ref) => ref !== null)), 'id');
  return refs.map((ref) => (ref && entries.get(ref.id)) ?? null);
}

/** The key to look up, or null for text that no name in the registry can be. */
function usableKey(name: string): string | null {
  const usable = name.length <= MAX_NAME && !name.includes('\0') && name.isWellFormed();
  return usable ? nameKey(name) : null;
}

const present = (keys: (string | null)[]) => keys.filter((key) => key !== null);

function byField<Entry, Field extends keyof Entry>(entries: Entry[], field: Field): Map<Entry[Field], Entry> {
  return new Map(entries.map((entry) => [entry[field], entry]));
}
