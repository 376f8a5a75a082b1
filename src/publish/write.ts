import type { Db } from '../context.ts';
import { keyOf, type PreparedVersion } from './prepared.ts';
import { settle } from './settle.ts';
import { ensureServers, findExisting, insertVersions, updateVersions, type ExistingVersion } from './write.db.ts';

/** What became of each input, in its order. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'kept';

/**
 * Writes versions that another registry holds, in one transaction: new ones are inserted, changed ones updated, latest
 * is moved, and each version that a reader sees differently takes one revision. One published here is kept as it is.
 */
export function writeVersions(db: Db, versions: PreparedVersion[]): Promise<Outcome[]> {
  return db.transaction(async (sql) => {
    const servers = await ensureServers(sql, versions);
    const existing = await findExisting(sql, versions);
    const plan = versions.map((version) => decide(version, existing.get(keyOf(version))));
    const chosen = (outcome: Outcome) => versions.filter((_, i) => plan[i] === outcome);
    const created = await insertVersions(sql, chosen('created'), servers);
    const updated = await updateVersions(sql, chosen('updated'), existing);
    const changes = [...created, ...updated];
    // An address that another's server uses stays theirs: what another registry took is not ours to refuse.
    if (changes.length > 0) await settle(sql, changes);
    return plan;
  });
}

function decide(version: PreparedVersion, existing: ExistingVersion | undefined): Outcome {
  if (!existing) return 'created';
  if (existing.source === null) return 'kept';
  const same =
    existing.digest === version.digest &&
    existing.status === version.status &&
    existing.statusMessage === version.statusMessage &&
    sameTime(existing.publishedAt, version.publishedAt) &&
    sameTime(existing.updatedAt, version.updatedAt ?? version.publishedAt) &&
    sameTime(existing.statusChangedAt, version.statusChangedAt);
  return same ? 'unchanged' : 'updated';
}

const sameTime = (existing: string, given: string | null) => given === null || existing === given;
