import type { Db } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { readChanges, type ChangeRow } from './changes.db.ts';
import type { VersionEntry } from './entries.ts';
import type { Store } from './store.ts';

/** An entry of the change log, with the version that changed as it is now. */
export interface Change extends Pick<ChangeRow, 'kind' | 'changedAt'> {
  revision: number;
  version: VersionEntry;
}

/** Changes behind a revision, oldest first; `revision` is where to go on from. */
export interface ChangePage {
  changes: Change[];
  revision: number;
  hasMore: boolean;
}

/** What the change log is read with. */
export interface ChangeSource {
  db: Pick<Db, 'sql'>;
  store: Store;
}

/** The most changes of a page, and how many there are when nothing is said. */
export const MAX_CHANGES = 100;

/** Reads up to `first` (1-100) changes behind revision `after`; nothing committed before the read is missed. */
export async function listChanges({ db, store }: ChangeSource, after: number, first: number): Promise<ChangePage> {
  if (first < 1 || first > MAX_CHANGES) {
    throw new RegistryError('BAD_USER_INPUT', `\`first\` must be from 1 to ${MAX_CHANGES}, not ${first}.`);
  }
  const rows = await readChanges(db.sql, after, first + 1);
  const page = rows.slice(0, first);
  const versions = new Map((await store.versions(page)).map((version) => [version.id, version]));
  return {
    changes: page.flatMap(({ id, changeRevision, kind, changedAt }) => {
      const version = versions.get(id);
      return version ? [{ revision: changeRevision, kind, changedAt, version }] : [];
    }),
    revision: page.at(-1)?.changeRevision ?? after,
    hasMore: rows.length > first,
  };
}
