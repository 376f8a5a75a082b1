import type { Sql } from '../db.ts';

export type VerificationMethod = 'txt' | 'dns' | 'http';
export type VerificationStatus = 'pending' | 'verified' | 'suspended' | 'disputed';

/** The proof of a domain by an account. Times are RFC 3339. */
export interface VerificationRow {
  id: number;
  accountId: number;
  domain: string;
  method: VerificationMethod;
  challenge: string | null;
  status: VerificationStatus;
  expiresAt: string | null;
  verifiedAt: string | null;
  lastCheckedAt: string | null;
  absentSince: string | null;
  absences: number;
}

const columns = `id, account_id AS "accountId", domain, method, challenge, status, expires_at AS "expiresAt",
  verified_at AS "verifiedAt", last_checked_at AS "lastCheckedAt", absent_since AS "absentSince", absences`;

/** Starts a TXT proof, or gives the one that stands: a pending one that has lapsed begins anew, with another challenge. */
export async function ensurePending(
  sql: Sql,
  start: { accountId: number; domain: string; challenge: string; now: Date; expiresAt: Date },
): Promise<VerificationRow> {
  const { accountId, domain, challenge, now, expiresAt } = start;
  await sql(
    `INSERT INTO domain_verifications (account_id, domain, method, challenge, status, created_at, expires_at)
     VALUES ($1, $2, 'txt', $3, 'pending', $4, $5)
     ON CONFLICT (account_id, domain, method) DO UPDATE
       SET challenge = excluded.challenge, created_at = excluded.created_at, expires_at = excluded.expires_at
       WHERE domain_verifications.status = 'pending' AND domain_verifications.expires_at <= excluded.created_at`,
    [accountId, domain, challenge, now.toISOString(), expiresAt.toISOString()],
  );
  return (await findVerification(sql, accountId, domain))!;
}

/** An account's TXT proof of a domain. */
export async function findVerification(sql: Sql, accountId: number, domain: string): Promise<VerificationRow | null> {
  const [row] = await sql<VerificationRow>(
    `SELECT ${columns} FROM domain_verifications WHERE account_id = $1 AND domain = $2 AND method = 'txt'`,
    [accountId, domain],
  );
  return row ?? null;
}

/** How many proofs an account has begun and not ended; until the transaction ends it begins no other. */
export async function countPending(sql: Sql, accountId: number, now: Date): Promise<number> {
  await sql('SELECT FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [accountId]);
  const [row] = await sql<{ n: number }>(
    "SELECT count(*) AS n FROM domain_verifications WHERE account_id = $1 AND status = 'pending' AND expires_at > $2",
    [accountId, now.toISOString()],
  );
  return row!.n;
}

/** Notes that a proof was found; null when it lapsed, or began anew with another challenge, while it was looked for. */
export async function settleFound(
  sql: Sql,
  { id, challenge }: VerificationRow,
  status: 'verified' | 'disputed',
  now: Date,
): Promise<VerificationRow | null> {
  const [row] = await sql<VerificationRow>(
    `UPDATE domain_verifications SET status = $3, verified_at = $4, last_checked_at = $4, expires_at = NULL,
       absences = 0, absent_since = NULL WHERE id = $1 AND challenge = $2 RETURNING ${columns}`,
    [id, challenge, status, now.toISOString()],
  );
  return row ?? null;
}

/** Keeps the proof of a key that has just signed, which is asked for again daily like the others. */
export async function recordKeyProof(
  sql: Sql,
  proof: { accountId: number; domain: string; method: 'dns' | 'http'; mine: boolean; now: Date },
): Promise<void> {
  const { accountId, domain, method, mine, now } = proof;
  await sql(
    `INSERT INTO domain_verifications (account_id, domain, method, status, created_at, verified_at, last_checked_at)
     VALUES ($1, $2, $3, $4, $5, $5, $5)
     ON CONFLICT (account_id, domain, method) DO UPDATE SET status = excluded.status, verified_at = excluded.verified_at,
       last_checked_at = excluded.last_checked_at, absences = 0, absent_since = NULL`,
    [accountId, domain, method, mine ? 'verified' : 'disputed', now.toISOString()],
  );
}

/** An account's proofs, by domain. */
export function listByAccount(sql: Sql, accountId: number): Promise<VerificationRow[]> {
  return sql<VerificationRow>(
    `SELECT ${columns} FROM domain_verifications WHERE account_id = $1 ORDER BY domain, method LIMIT 1000`,
    [accountId],
  );
}

/** Takes proofs that were last asked for before `before`, oldest first, and marks them as asked for now, so that no other process takes them. */
export function takeDue(sql: Sql, before: Date, now: Date, limit: number): Promise<VerificationRow[]> {
  return sql<VerificationRow>(
    // In a WITH, which is run once: a subquery of the WHERE may be run for each row, and then takes more than its limit.
    `WITH due AS (
       SELECT id AS due_id FROM domain_verifications WHERE status IN ('verified', 'suspended') AND last_checked_at <= $1
       ORDER BY last_checked_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     UPDATE domain_verifications SET last_checked_at = $2 FROM due WHERE id = due_id
     RETURNING ${columns}`,
    [before.toISOString(), now.toISOString(), limit],
  );
}

/** What asking again changed. */
export interface Recheck {
  status: VerificationStatus;
  absences: number;
  absentSince: string | null;
  lastCheckedAt: Date;
}

/** Notes the outcome of asking again; not for one whose standing changed, or that was proved anew, meanwhile. */
export async function settleRecheck(sql: Sql, row: VerificationRow, outcome: Recheck): Promise<boolean> {
  const rows = await sql(
    `UPDATE domain_verifications SET status = $3, absences = $4, absent_since = $5, last_checked_at = $6
     WHERE id = $1 AND status = $2 AND verified_at IS NOT DISTINCT FROM $7 RETURNING id`,
    [
      row.id,
      row.status,
      outcome.status,
      outcome.absences,
      outcome.absentSince,
      outcome.lastCheckedAt.toISOString(),
      row.verifiedAt,
    ],
  );
  return rows.length > 0;
}

/** Forgets proofs that were begun and not ended in time. */
export async function dropLapsed(sql: Sql, now: Date): Promise<void> {
  await sql("DELETE FROM domain_verifications WHERE status = 'pending' AND expires_at <= $1", [now.toISOString()]);
}
