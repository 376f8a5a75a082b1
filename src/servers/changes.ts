import type { Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { readChanges, type ChangeRow } from './changes.db.ts';

/** Changes behind a revision, oldest first; `revision` is where to go on from. */
export interface ChangePage {
  changes: ChangeRow[];
  revision: number;
  hasMore: boolean;
}

const MAX_CHANGES = 100;

/** Reads up to `first` (1-100) changes behind revision `after`; nothing committed before the read is missed. */
export async function listChanges(sql: Sql, after: number, first: number): Promise<ChangePage> {
  if (first < 1 || first > MAX_CHANGES) {
    throw new RegistryError('BAD_USER_INPUT', `\`first\` must be from 1 to ${MAX_CHANGES}, not ${first}.`);
  }
  const rows = await readChanges(sql, after, first + 1);
  const changes = rows.slice(0, first);
  return { changes, revision: changes.at(-1)?.changeRevision ?? after, hasMore: rows.length > first };
}
