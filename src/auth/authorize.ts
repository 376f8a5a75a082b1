import type { App } from '../app.ts';
import type { Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { claimNamespace } from '../namespaces/namespaces.db.ts';
import { parseNamespace, parseServerName } from '../namespaces/server-name.ts';
import { decide, type Permit, type Target } from './decide.ts';
import { readFacts } from './facts.db.ts';
import { confirmMembership } from './membership.ts';
import type { Action, Viewer } from './viewer.ts';

/** The target of an action on one server; throws BAD_USER_INPUT for a name that cannot be one. */
export function serverTarget(text: string): Target {
  const { name, key, namespaceKey } = parseServerName(text);
  return { name, key, namespaceKey };
}

/** The target of an action on all of a namespace, written `com.example/*`. */
export function namespaceTarget(text: string): Target {
  const { name, key } = parseNamespace(text.replace(/\/\*$/, ''));
  return { name: `${name}/*`, key: `${key}/*`, namespaceKey: key };
}

/**
 * Refuses what this viewer may not do now, asking GitHub again where an organisation's membership gives the right. Throws
 * UNAUTHENTICATED, BLOCKED, FORBIDDEN, NAMESPACE_FORBIDDEN, NAMESPACE_DISPUTED, UPSTREAM_UNAVAILABLE.
 */
export async function authorize(app: App, viewer: Viewer, action: Action, target: Target): Promise<Permit> {
  const { permit } = await permitOf(app, app.db.sql, { viewer, action, target });
  if (permit.organisation) await confirmMembership(app, viewer, permit.organisation);
  return permit;
}

/**
 * The same inside of the writing transaction, so that what was lost since is refused, and the claim: a namespace that was
 * nobody's is the viewer's from here on. The organisation's membership was confirmed before, outside of the transaction.
 */
export async function authorizeWrite(
  app: App,
  sql: Sql,
  asked: { viewer: Viewer; action: Action; target: Target },
): Promise<Permit> {
  const { permit, owner } = await permitOf(app, sql, asked);
  if (permit.accountId === null || permit.accountId === owner) return permit;
  const { namespaceKey, name } = asked.target;
  const namespaceName = name.slice(0, name.indexOf('/'));
  const { mine } = await claimNamespace(sql, { namespaceName, namespaceKey, accountId: permit.accountId });
  if (!mine) throw new RegistryError('NAMESPACE_DISPUTED', `Another account has just proved ${namespaceKey}.`);
  return permit;
}

async function permitOf(
  app: App,
  sql: Sql,
  { viewer, action, target }: { viewer: Viewer; action: Action; target: Target },
): Promise<{ permit: Permit; owner: number | null }> {
  const serverKey = target.key.endsWith('/*') ? null : target.key;
  const facts = await readFacts(sql, viewer, { namespaceKey: target.namespaceKey, serverKey }, app.now());
  return { permit: decide(viewer, facts, action, { target, config: app.config }), owner: facts.owner };
}
