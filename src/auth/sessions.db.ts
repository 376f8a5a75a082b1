import type { Sql } from '../db.ts';
import type { Grants } from './grants.ts';
import type { Method, Viewer } from './viewer.ts';

/** A login to keep. */
export interface NewSession {
  id: string;
  accountId: number;
  method: Method;
  subject: string;
  grants: Grants;
  sealed: Uint8Array | null;
  now: Date;
  expiresAt: Date;
}

/** A login or an API token as it is kept, and what may have befallen it since. */
export type Credential = Omit<Viewer, 'scope'> & { revokedAt: string | null; blockedReason: string | null };

/** The columns of whom a session or an API token (alias `x`, account `a`) speaks for. */
export const credentialColumns = `x.id AS "credentialId", x.method, x.subject, x.grants, x.credential AS sealed,
  x.expires_at AS "expiresAt", x.revoked_at AS "revokedAt",
  CASE WHEN a.blocked_at IS NOT NULL THEN coalesce(a.blocked_reason, 'No reason was given.') END AS "blockedReason",
  jsonb_build_object('id', a.id, 'provider', a.provider, 'subject', a.subject, 'displayName', a.display_name) AS account`;

/** Keeps a login. */
export async function insertSession(sql: Sql, session: NewSession): Promise<void> {
  const { id, accountId, method, subject, grants, sealed, now, expiresAt } = session;
  await sql(
    `INSERT INTO sessions (id, account_id, method, subject, grants, credential, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, accountId, method, subject, JSON.stringify(grants), sealed, now.toISOString(), expiresAt.toISOString()],
  );
}

/** A login by its id, revoked or not. */
export async function findSession(sql: Sql, id: string): Promise<Credential | null> {
  const [row] = await sql<Credential>(
    `SELECT ${credentialColumns} FROM sessions x JOIN accounts a ON a.id = x.account_id WHERE x.id = $1`,
    [id],
  );
  return row ?? null;
}

/** Revokes a login and forgets its credential; false when it was revoked already. */
export async function revokeSession(sql: Sql, id: string, now: Date): Promise<boolean> {
  const rows = await sql(
    'UPDATE sessions SET revoked_at = $2, credential = NULL WHERE id = $1 AND revoked_at IS NULL RETURNING id',
    [id, now.toISOString()],
  );
  return rows.length > 0;
}

/** Forgets logins that ended more than 30 days ago, and used proofs that could not be used again anyway. */
export async function dropExpired(sql: Sql, now: Date): Promise<void> {
  const monthAgo = new Date(now.valueOf() - 30 * 24 * 3_600_000);
  await sql('UPDATE sessions SET credential = NULL WHERE credential IS NOT NULL AND expires_at < $1', [
    now.toISOString(),
  ]);
  await sql('DELETE FROM sessions WHERE expires_at < $1', [monthAgo.toISOString()]);
  await sql('DELETE FROM api_tokens WHERE expires_at < $1', [monthAgo.toISOString()]);
  await sql('DELETE FROM used_proofs WHERE expires_at < $1', [now.toISOString()]);
}
