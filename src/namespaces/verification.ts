import { appendAudit } from '../audit/audit.db.ts';
import type { Db } from '../context.ts';
import { RegistryError } from '../errors.ts';
import type { Resolver } from '../external/dns.ts';
import { ExternalError } from '../external/external-error.ts';
import type { Domain } from './domain.ts';
import { claimNamespace } from './namespaces.db.ts';
import { findRecord, newChallenge, recordNames, recordValue, type DnsRecord } from './verification-record.ts';
import * as rows from './verification.db.ts';

/** The proof of a domain, as its account sees it. Times are RFC 3339. */
export interface Verification {
  domain: string;
  method: rows.VerificationMethod;
  status: rows.VerificationStatus;
  /** Null for a key. */
  record: DnsRecord | null;
  /** Why it doesn't count; null when it does, or may still. */
  reason: string | null;
  expiresAt: string | null;
  verifiedAt: string | null;
}

/** What the rules stand on. */
export interface VerificationEnv {
  db: Db;
  resolver: Resolver;
  publicUrl: string;
}

/** The account that proves, and what the audit calls it. */
export interface Prover {
  accountId: number;
  actor: string;
}

const MAX_PENDING = 100;
const LAPSES_AFTER_MS = 7 * 24 * 3_600_000;

/** Gives the record to publish, the same until it is found or has lapsed after 7 days. Throws LIMIT_REACHED. */
export function startVerification(env: VerificationEnv, who: Prover, { name: domain }: Domain, now: Date) {
  return env.db.transaction(async (sql): Promise<Verification> => {
    const { accountId, actor } = who;
    const known = await rows.findVerification(sql, accountId, domain);
    if ((!known || hasLapsed(known, now)) && (await rows.countPending(sql, accountId, now)) >= MAX_PENDING) {
      throw new RegistryError(
        'LIMIT_REACHED',
        `You are proving ${MAX_PENDING} domains already: finish some of them, or wait until they lapse.`,
      );
    }
    const expiresAt = new Date(now.valueOf() + LAPSES_AFTER_MS);
    const row = await rows.ensurePending(sql, { accountId, domain, challenge: newChallenge(), now, expiresAt });
    await appendAudit(sql, { actor, action: 'domain.verify.start', target: domain, outcome: 'done' });
    return toVerification(env, row);
  });
}

/**
 * Asks DNS for the record. Found, the domain is verified and its namespace the account's; if another account proved it
 * first it is disputed, and stays theirs. Throws NOT_FOUND, PROOF_REJECTED, UPSTREAM_UNAVAILABLE.
 */
export async function checkVerification(
  env: VerificationEnv,
  { accountId, actor }: Prover,
  { name: domain, namespaceKey }: Domain,
  now: Date,
): Promise<Verification> {
  const row = await rows.findVerification(env.db.sql, accountId, domain);
  if (!row || hasLapsed(row, now)) throw notBegun(domain);
  const { at, instead } = await ask(() => findRecord(env.resolver, domain, valueOf(env, row)));
  if (at === null) {
    const [apex, below] = recordNames(domain);
    throw new RegistryError('PROOF_REJECTED', `The TXT record was looked for at ${apex} and at ${below}. ${instead}`);
  }
  return env.db.transaction(async (sql) => {
    const { mine } = await claimNamespace(sql, { namespaceName: namespaceKey, namespaceKey, accountId });
    const status = mine ? 'verified' : 'disputed';
    const settled = await rows.settleFound(sql, row, status, now);
    if (!settled) throw notBegun(domain);
    await appendAudit(sql, {
      actor,
      action: 'domain.verify.check',
      target: domain,
      outcome: 'done',
      details: { status, at },
    });
    return toVerification(env, settled);
  });
}

const hasLapsed = ({ status, expiresAt }: rows.VerificationRow, now: Date) =>
  status === 'pending' && expiresAt !== null && new Date(expiresAt) <= now;

const notBegun = (domain: string) =>
  new RegistryError(
    'NOT_FOUND',
    `You have not begun to prove ${domain}, or it has lapsed: start the verification first.`,
  );

/** The domains that an account proved or set out to prove. */
export async function listVerifications(env: VerificationEnv, accountId: number): Promise<Verification[]> {
  return (await rows.listByAccount(env.db.sql, accountId)).map((row) => toVerification(env, row));
}

/** The value that a row's record must have; a key has none. */
export const valueOf = ({ publicUrl }: Pick<VerificationEnv, 'publicUrl'>, row: rows.VerificationRow): string =>
  recordValue(row.challenge ?? '', { publicUrl, accountId: row.accountId, domain: row.domain });

function toVerification(env: VerificationEnv, row: rows.VerificationRow): Verification {
  const { domain, method, status, expiresAt, verifiedAt } = row;
  const record: DnsRecord | null = method === 'txt' ? { type: 'TXT', name: domain, value: valueOf(env, row) } : null;
  const pending = status === 'pending';
  return { domain, method, status, record, reason: reasonOf(row), expiresAt: pending ? expiresAt : null, verifiedAt };
}

function reasonOf({ domain, status, absentSince }: rows.VerificationRow): string | null {
  if (status === 'suspended') {
    return `The proof of ${domain} is gone since ${absentSince}: publish it again. Until it is found nothing can be written; what is published stays.`;
  }
  if (status !== 'disputed') return null;
  return `Another account proved ${domain} first, and keeps it. If that is wrong, ask the operators to decide.`;
}

/** A resolver that can't tell is an outage, never an absence. */
async function ask<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    throw new RegistryError('UPSTREAM_UNAVAILABLE', `${error.message} Try again in a moment.`, { retryAfter: 15 });
  }
}
