import type { App } from '../app.ts';
import type { OidcConfig } from '../config.ts';
import { patternsOf } from './decide.ts';
import { accountIds } from './facts.db.ts';
import { listNamespaces } from './namespaces.db.ts';
import type { Action, Viewer } from './viewer.ts';

/** An action and the names that it may be done to: a whole name, `com.example/*`, `com.example.*`, `*`. */
export interface Permission {
  action: Action;
  resource: string;
}

/** What a viewer may do, as patterns: what its login proved, what its accounts own, what configuration gives administrators. */
export async function permissionsOf(app: App, viewer: Viewer): Promise<Permission[]> {
  if (viewer.method === 'oidc' && app.config.oidc) return administrators(app.config.oidc);
  const { scope } = viewer;
  if (scope) return scope.names.flatMap((resource) => scope.actions.map((action) => ({ action, resource })));
  const owned = await listNamespaces(app.db.sql, accountIds(viewer), viewer.account.id);
  const usable = owned.filter((one) => one.problem === null).map((one) => `${one.name.toLowerCase()}/*`);
  const foreign = new Set(owned.filter((one) => one.problem !== null).map((one) => `${one.name.toLowerCase()}/*`));
  const resources = new Set([...patternsOf(viewer).filter((pattern) => !foreign.has(pattern)), ...usable]);
  return [...resources].map((resource) => ({ action: 'publish', resource }));
}

function administrators({ publish, edit }: OidcConfig): Permission[] {
  return [
    ...publish.map((resource): Permission => ({ action: 'publish', resource })),
    ...edit.map((resource): Permission => ({ action: 'edit', resource })),
  ];
}
