import type { App } from '../app.ts';
import type { OidcConfig } from '../config.ts';
import { reservedFor } from '../namespaces/reserved.ts';
import { listByAccount } from '../namespaces/verification.db.ts';
import { blockedByConfig, patternsOf, patternsOfDomain } from './decide.ts';
import { accountIds } from './facts.db.ts';
import { listNamespaces, refusedNamespaces } from './namespaces.db.ts';
import type { Action, Viewer } from './viewer.ts';

/** An action and the names that it may be done to: a whole name, `com.example/*`, `com.example.*`, `*`. */
export interface Permission {
  action: Action;
  resource: string;
}

/** What a viewer may do now, as patterns: what it proved and no one else has, what configuration gives administrators. */
export async function permissionsOf(app: App, viewer: Viewer): Promise<Permission[]> {
  const { scope, method } = viewer;
  if (scope) return scope.names.flatMap((resource) => scope.actions.map((action) => ({ action, resource })));
  if (method === 'oidc') return app.config.oidc ? administrators(app.config.oidc) : [];
  const patterns =
    method === 'none' ? patternsOf(viewer) : [...(await byGithub(app, viewer)), ...(await byDomain(app, viewer))];
  const keys = patterns.map(namespaceOf);
  const refused = await refusedNamespaces(app.db.sql, keys, accountIds(viewer));
  return patterns
    .filter((_, i) => !refused.has(keys[i]!) && blockedByConfig(keys[i]!, app.config) === undefined)
    .map((resource) => ({ action: 'publish', resource }));
}

const namespaceOf = (pattern: string) => pattern.replace(/[./]\*$/, '');

/** What the login proved, and what its accounts were called before. */
async function byGithub({ db }: App, viewer: Viewer): Promise<string[]> {
  const owned = await listNamespaces(db.sql, accountIds(viewer), viewer.account.id);
  const before = owned.map(({ name }) => name.toLowerCase()).filter((key) => reservedFor(key) === 'github');
  const proved = (viewer.grants.github ?? []).map(({ namespaceKey }) => namespaceKey);
  return [...new Set([...proved, ...before])].map((key) => `${key}/*`);
}

/** The domains whose proof counts: by a record for whoever has the account, by a key for who signed with it. */
async function byDomain({ db }: App, { account, method, grants }: Viewer): Promise<string[]> {
  const proofs = (await listByAccount(db.sql, account.id)).filter((one) => one.status === 'verified');
  const counts = proofs.filter((one) =>
    one.method === 'txt' ? method !== 'github-oidc' : one.method === method && one.domain === grants.domain?.name,
  );
  return [...new Set(counts.flatMap((one) => patternsOfDomain(one.domain, one.method !== 'http')))];
}

function administrators({ publish, edit }: OidcConfig): Permission[] {
  return [
    ...publish.map((resource): Permission => ({ action: 'publish', resource })),
    ...edit.map((resource): Permission => ({ action: 'edit', resource })),
  ];
}
