import type { Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { isTime } from '../input.ts';
import { readLogPlace, type LogPlace } from './since.db.ts';
import type { Where } from './where.ts';

/**
 * Whoever asks by time is sent a little that it has already: a change is seen a moment after the time that it bears,
 * answers stay in caches for up to 90 seconds, and clocks differ.
 */
export const ALLOWANCE_SECONDS = 120;

/** Up to so many changes are looked up one by one; a list of more of them meets them soon enough in its own order. */
const FEW = 5_000;

/** A time to list from, and where the change log stood shortly before. */
export interface Since extends LogPlace {
  time: string;
}

/** Checks a time to list from and finds its place in the log (one statement); null without one. */
export async function readSince(sql: Sql, time: string | null | undefined): Promise<Since | null> {
  if (time == null) return null;
  if (!isTime(time)) {
    throw new RegistryError('BAD_USER_INPUT', `${JSON.stringify(time.slice(0, 40))} is no RFC 3339 time.`);
  }
  return { time, ...(await readLogPlace(sql, time, ALLOWANCE_SECONDS)) };
}

/** What a follower who has everything up to a time still needs: what the log has from there, and what calls itself newer. */
export function addSince(where: Where, row: 's' | 'v', since: Since | null): void {
  if (!since) return;
  const [revision, time] = [where.value(since.revision), where.value(since.time)];
  if (since.changes > FEW) return where.and(`(${row}.revision > ${revision} OR ${row}.updated_at > ${time})`);
  const [changed, table] =
    row === 'v'
      ? ['c.version_id FROM changes c', 'versions']
      : ['o.server_id FROM changes c JOIN versions o ON o.id = c.version_id', 'servers'];
  where.and(`${row}.id IN (SELECT ${changed} WHERE c.revision > ${revision}
    UNION ALL SELECT id FROM ${table} WHERE updated_at > ${time})`);
}
