import type { Sql } from '../db.ts';
import type { Account } from './viewer.ts';

/** An account as a proof names it. */
export type Proven = Omit<Account, 'id'>;

const columns = 'id, provider, subject, display_name AS "displayName"';

/** Makes sure that the accounts exist, under the names that they have now; in the order given. */
export async function ensureAccounts(sql: Sql, proven: Proven[]): Promise<Account[]> {
  // In one order, so that two logins with the same organisations can't wait for each other.
  const rows = await sql<Account>(
    `INSERT INTO accounts (provider, subject, display_name)
     SELECT DISTINCT ON (provider, subject) provider, subject, display_name
     FROM unnest($1::text[], $2::text[], $3::text[]) x(provider, subject, display_name) ORDER BY provider, subject
     ON CONFLICT (provider, subject) DO UPDATE SET display_name = excluded.display_name RETURNING ${columns}`,
    [proven.map((one) => one.provider), proven.map((one) => one.subject), proven.map((one) => one.displayName)],
  );
  const byKey = new Map(rows.map((row) => [`${row.provider} ${row.subject}`, row]));
  return proven.map((one) => byKey.get(`${one.provider} ${one.subject}`)!);
}

/** An account by how it was proved. */
export async function findAccount(sql: Sql, provider: string, subject: string): Promise<Account | null> {
  const [row] = await sql<Account>(`SELECT ${columns} FROM accounts WHERE provider = $1 AND subject = $2`, [
    provider,
    subject,
  ]);
  return row ?? null;
}

/** Why an account is blocked; null when it is not. */
export async function readBlock(sql: Sql, accountId: number): Promise<string | null> {
  const [row] = await sql<{ reason: string }>(
    `SELECT coalesce(blocked_reason, 'No reason was given.') AS reason FROM accounts
     WHERE id = $1 AND blocked_at IS NOT NULL`,
    [accountId],
  );
  return row?.reason ?? null;
}

/** Blocks an account, or lets it write again with a null reason. */
export async function setAccountBlock(sql: Sql, accountId: number, reason: string | null, now: Date): Promise<void> {
  await sql('UPDATE accounts SET blocked_at = $2, blocked_reason = $3 WHERE id = $1', [
    accountId,
    reason === null ? null : now.toISOString(),
    reason,
  ]);
}

/** Notes that a proof was used; false when it was used before. */
export async function useProof(sql: Sql, id: string, until: Date): Promise<boolean> {
  const rows = await sql(
    'INSERT INTO used_proofs (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id',
    [id, until.toISOString()],
  );
  return rows.length > 0;
}
