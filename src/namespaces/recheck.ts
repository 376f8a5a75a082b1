import { appendAudit } from '../audit/audit.db.ts';
import type { ReadKeyFile } from '../external/key-file.ts';
import { ExternalError } from '../external/external-error.ts';
import { findRecord } from './verification-record.ts';
import { valueOf, type VerificationEnv } from './verification.ts';
import { settleRecheck, takeDue, type Recheck, type VerificationRow } from './verification.db.ts';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const SUSPENDED_AFTER_MS = 72 * HOUR_MS;
const SUSPENDED_AFTER_ABSENCES = 3;
/** So many are asked for at a time. */
const BATCH = 8;

export type RecheckEnv = VerificationEnv & { readKeyFile: ReadKeyFile };

/**
 * Asks again for every proof that was last asked for a day ago. One that is definitely gone, three times and for 72 hours,
 * is suspended; one that is there again counts again; one that can't be told stays as it is and is asked for in an hour.
 * Ends early, between two batches, once the signal aborts.
 */
export async function recheckVerifications(
  env: RecheckEnv,
  now: Date,
  signal?: AbortSignal,
): Promise<{ asked: number; suspended: number }> {
  const total = { asked: 0, suspended: 0 };
  const before = new Date(now.valueOf() - DAY_MS);
  while (!signal?.aborted) {
    const due = await takeDue(env.db.sql, before, now, BATCH);
    if (due.length === 0) return total;
    const outcomes = await Promise.all(due.map((row) => recheck(env, row, now)));
    total.asked += due.length;
    total.suspended += outcomes.filter((outcome) => outcome === 'suspended').length;
  }
  return total;
}

async function recheck(env: RecheckEnv, row: VerificationRow, now: Date): Promise<string> {
  const outcome = decideRecheck(row, await isThere(env, row), now);
  await env.db.transaction(async (sql) => {
    const written = await settleRecheck(sql, row, outcome);
    if (!written || outcome.status === row.status) return;
    const action = outcome.status === 'suspended' ? 'domain.suspend' : 'domain.restore';
    const details = { account: row.accountId, method: row.method, absences: outcome.absences };
    await appendAudit(sql, { actor: null, action, target: row.domain, outcome: 'done', details });
  });
  return outcome.status;
}

/** What follows from an answer: there, definitely not there, or null when it can't be told. */
export function decideRecheck(row: VerificationRow, there: boolean | null, now: Date): Recheck {
  const { status, absences, absentSince } = row;
  if (there === null) {
    return { status, absences, absentSince, lastCheckedAt: new Date(now.valueOf() - DAY_MS + HOUR_MS) };
  }
  if (there) return { status: 'verified', absences: 0, absentSince: null, lastCheckedAt: now };
  const since = absentSince ?? now.toISOString();
  const lasting = now.valueOf() - new Date(since).valueOf() >= SUSPENDED_AFTER_MS;
  const lapsed = lasting && absences + 1 >= SUSPENDED_AFTER_ABSENCES;
  return { status: lapsed ? 'suspended' : status, absences: absences + 1, absentSince: since, lastCheckedAt: now };
}

/** How an account's key is published, in DNS or in a file. */
const KEY = /v=MCPv1;\s*k=[^;]+;\s*p=[A-Za-z0-9+/=]+/;

async function isThere(env: RecheckEnv, row: VerificationRow): Promise<boolean | null> {
  try {
    if (row.method === 'txt') return (await findRecord(env.resolver, row.domain, valueOf(env, row))).at !== null;
    if (row.method === 'dns') return (await env.resolver.txt(row.domain)).some((one) => KEY.test(one));
    return await isInFile(env.readKeyFile, row.domain);
  } catch (error) {
    if (error instanceof ExternalError) return null;
    throw error;
  }
}

/** A host that is not there any more, leads elsewhere or sends something long has no key file: that is how sold domains look. */
async function isInFile(readKeyFile: ReadKeyFile, domain: string): Promise<boolean | null> {
  try {
    const { status, body } = await readKeyFile(domain);
    if (status === 404 || status === 410) return false;
    return status === 200 ? KEY.test(body) : null;
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    const absent = error.kind === 'redirect' || error.kind === 'too-large' || error.isUnknownName;
    return absent ? false : null;
  }
}
