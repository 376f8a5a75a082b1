import type { App } from '../app.ts';
import { RegistryError } from '../errors.ts';
import { findApiToken, touchApiToken } from './api-tokens.db.ts';
import { hashApiToken, isApiToken } from './api-token.ts';
import type { Grants } from './grants.ts';
import { verifyRegistryToken } from './registry-token.ts';
import { findSession } from './sessions.db.ts';

/** How someone proved who they are, in the official registry's words. */
export type Method = 'github-at' | 'github-oidc' | 'oidc' | 'dns' | 'http' | 'none';

/** What can be done with a name: `status` deprecates, deletes and restores; `edit` is for administrators. */
export type Action = 'publish' | 'status' | 'edit';

/** A GitHub user or organisation, a domain, an OIDC subject: whom namespaces belong to. */
export interface Account {
  id: number;
  provider: string;
  subject: string;
  displayName: string;
}

/** What an API token is limited to. */
export interface TokenScope {
  /** `io.github.alice/weather`, `io.github.alice/*` */
  names: string[];
  actions: Action[];
}

/** Whom a request speaks for. */
export interface Viewer {
  account: Account;
  method: Method;
  /** Who it was in the method's own words: a login, a repository, a domain. */
  subject: string;
  grants: Grants;
  /** The session or the API token, by its id. */
  credentialId: string;
  /** Null for a login of a person or workflow; set for an API token. */
  scope: TokenScope | null;
  /** The GitHub token by which memberships are asked again, encrypted. */
  sealed: Uint8Array | null;
  /** RFC 3339. */
  expiresAt: string;
}

const SAY_BEARER = "Invalid Authorization header format. Expected 'Bearer <token>'";

/** The viewer of an Authorization header; null without one. Throws UNAUTHENTICATED for one that is worth nothing (any more). */
export async function readViewer(app: App, authorization: string | undefined): Promise<Viewer | null> {
  if (authorization === undefined) return null;
  const [, token] = /^Bearer +([^\s,]+) *$/i.exec(authorization) ?? [];
  if (!token) throw new RegistryError('UNAUTHENTICATED', SAY_BEARER);
  return isApiToken(token) ? viewerOfApiToken(app, token) : viewerOfSession(app, token);
}

async function viewerOfSession(app: App, token: string): Promise<Viewer> {
  const now = app.now();
  const { sessionId, accountId } = await verifyRegistryToken(app.keys, app.config.publicUrl, token, now);
  const session = await findSession(app.db.sql, sessionId);
  if (!session || session.account.id !== accountId) throw invalid();
  if (session.revokedAt !== null) {
    throw new RegistryError('UNAUTHENTICATED', 'This login was revoked: log in again.');
  }
  refuseBlocked(session.blockedReason);
  return { ...session, scope: null };
}

async function viewerOfApiToken(app: App, token: string): Promise<Viewer> {
  const hash = hashApiToken(token);
  const found = hash === null ? null : await findApiToken(app.db.sql, hash);
  if (!found) throw new RegistryError('UNAUTHENTICATED', 'Unknown API token: create a new one.');
  if (found.revokedAt !== null) {
    throw new RegistryError('UNAUTHENTICATED', 'This API token was revoked: create a new one.');
  }
  const now = app.now();
  if (new Date(found.expiresAt) <= now) {
    throw new RegistryError('UNAUTHENTICATED', `This API token expired at ${found.expiresAt}: create a new one.`);
  }
  refuseBlocked(found.blockedReason);
  if (!app.config.readOnly) await touchApiToken(app.db.sql, found.credentialId, now);
  return found;
}

function refuseBlocked(reason: string | null): void {
  if (reason === null) return;
  throw new RegistryError(
    'BLOCKED',
    `Your account is blocked: ${reason} Ask the operators if you think this is a mistake.`,
  );
}

const invalid = () => new RegistryError('UNAUTHENTICATED', 'Invalid or expired Registry JWT token');
