import type { Sql } from '../db.ts';
import { credentialColumns, type Credential } from './sessions.db.ts';
import type { Action, TokenScope, Viewer } from './viewer.ts';

/** An API token as its owner sees it; the token itself is kept nowhere. */
export interface ApiTokenRow {
  id: string;
  name: string;
  names: string[];
  actions: Action[];
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

/** A token to keep. */
export interface NewApiToken {
  id: string;
  name: string;
  hash: string;
  scope: TokenScope;
  now: Date;
  expiresAt: Date;
}

/** Keeps a token with what the login that made it proved. */
export async function insertApiToken(sql: Sql, viewer: Viewer, token: NewApiToken): Promise<ApiTokenRow> {
  const { account, method, subject, grants, sealed } = viewer;
  const { id, name, hash, scope, now, expiresAt } = token;
  const [row] = await sql<ApiTokenRow>(
    `INSERT INTO api_tokens (id, account_id, name, hash, scopes, method, subject, grants, credential, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${shown}`,
    [
      id,
      account.id,
      name,
      hash,
      JSON.stringify(scope),
      method,
      subject,
      JSON.stringify(grants),
      sealed,
      now.toISOString(),
      expiresAt.toISOString(),
    ],
  );
  return row!;
}

const shown = `id, name, scopes->'names' AS names, scopes->'actions' AS actions, created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt"`;

/** The token with this hash, revoked or not. */
export async function findApiToken(sql: Sql, hash: string): Promise<(Credential & { scope: TokenScope }) | null> {
  const [row] = await sql<Credential & { scope: TokenScope }>(
    `SELECT ${credentialColumns}, x.scopes AS scope FROM api_tokens x JOIN accounts a ON a.id = x.account_id
     WHERE x.hash = $1`,
    [hash],
  );
  return row ?? null;
}

/** Notes that a token was used, to the minute. */
export async function touchApiToken(sql: Sql, id: string, now: Date): Promise<void> {
  await sql(
    `UPDATE api_tokens SET last_used_at = $2
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`,
    [id, now.toISOString()],
  );
}

/** Makes whoever else makes a token of this account wait for the end of the transaction. */
export async function lockApiTokens(sql: Sql, accountId: number): Promise<void> {
  await sql('SELECT FROM accounts WHERE id = $1 FOR UPDATE', [accountId]);
}

/** An account's tokens that can still be used, newest first. */
export function listApiTokens(sql: Sql, accountId: number, now: Date): Promise<ApiTokenRow[]> {
  return sql<ApiTokenRow>(
    `SELECT ${shown} FROM api_tokens WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2
     ORDER BY created_at DESC, id`,
    [accountId, now.toISOString()],
  );
}

/** Revokes an account's own token and forgets its credential; false when it has no such token. */
export async function revokeApiToken(sql: Sql, accountId: number, id: string, now: Date): Promise<boolean> {
  const rows = await sql(
    `UPDATE api_tokens SET revoked_at = $3, credential = NULL
     WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL RETURNING id`,
    [id, accountId, now.toISOString()],
  );
  return rows.length > 0;
}
