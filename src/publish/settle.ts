import type { Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { moveHeads, moveLatest, stamp, type VersionChange } from './latest.db.ts';
import { moveRemotes, type RemoteConflict } from './remotes.db.ts';

/** What is written when all is settled but the revision: the audit, jobs; may still refuse all of it by throwing. */
export type BeforeStamp = (conflicts: RemoteConflict[]) => Promise<void>;

/**
 * Brings all that follows from changed versions in order: latest, what servers show, whose remotes are whose and, as the
 * last statement of the transaction, a revision for each version that a reader now sees differently.
 */
export async function settle(sql: Sql, changes: VersionChange[], beforeStamp?: BeforeStamp): Promise<void> {
  const serverIds = [...new Set(changes.map((change) => change.serverId))];
  const flipped = await moveLatest(sql, serverIds);
  await moveHeads(sql, serverIds);
  const conflicts = await moveRemotes(sql, serverIds);
  await beforeStamp?.(conflicts);
  const changed = new Set(changes.map((change) => change.versionId));
  await stamp(sql, [...changes, ...flipped.filter((flip) => !changed.has(flip.versionId))]);
}

/** Throws REMOTE_URL_TAKEN where another owner's server uses an address. */
export function refuseConflicts(conflicts: RemoteConflict[]): void {
  const [first] = conflicts;
  if (!first) return;
  const message = (one: RemoteConflict) => `remote URL ${one.url} is already used by server ${one.server}`;
  throw new RegistryError('REMOTE_URL_TAKEN', `${message(first)}, of another owner: use an address of your own.`, {
    servers: conflicts.map((one) => one.server),
    errors: conflicts.map((one) => ({ message: message(one), location: 'body.remotes' })),
  });
}
