import { builder } from '../builder.ts';
import { listApiTokens } from './api-tokens.db.ts';
import { ApiTokenRef, TokenActionRef } from './api-token.graphql.ts';
import { DomainVerificationRef } from './domain-verification.graphql.ts';
import { verificationsOf } from './domain-verifications.ts';
import { accountIds } from './facts.db.ts';
import { listNamespaces, type OwnedNamespace } from './namespaces.db.ts';
import { permissionsOf, type Permission } from './permissions.ts';
import type { Account, Viewer } from './viewer.ts';

export const AccountRef = builder.objectRef<Account>('Account').implement({
  description: 'Whom namespaces belong to.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: '`github`, `domain`, `oidc:<issuer>` or `anonymous`.' }),
    subject: t.exposeString('subject', {
      description: "The account's number at GitHub, which stays when it is renamed; a domain; an OIDC subject.",
    }),
    displayName: t.exposeString('displayName', { description: 'What it was called when it last logged in.' }),
  }),
});

const PermissionRef = builder.objectRef<Permission>('Permission').implement({
  description: 'Something that may be done to some names.',
  fields: (t) => ({
    action: t.field({
      type: TokenActionRef,
      description: 'What may be done.',
      resolve: (permission) => permission.action,
    }),
    resource: t.exposeString('resource', {
      description: 'A name, `com.example/*` for all of a namespace, `com.example.*` for all below it, or `*`.',
    }),
  }),
});

const OwnedNamespaceRef = builder.objectRef<OwnedNamespace>('OwnedNamespace').implement({
  description: "A namespace of the viewer's.",
  fields: (t) => ({
    name: t.exposeString('name', { description: '`io.github.alice` or `com.example`.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: "Why it can't be written at the moment; null when it can.",
    }),
  }),
});

export const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Whom the request speaks for.',
  fields: (t) => ({
    account: t.field({ type: AccountRef, description: 'The account.', resolve: (viewer) => viewer.account }),
    method: t.exposeString('method', {
      description: 'How it was proved: `github-at`, `github-oidc`, `oidc`, `dns`, `http` or `none`.',
    }),
    subject: t.exposeString('subject', { description: "In the method's own words: a login, a repository, a domain." }),
    isApiToken: t.boolean({
      description: 'Whether this is an API token rather than a login.',
      resolve: (viewer) => viewer.scope !== null,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the login or token ends.',
      resolve: (viewer) => viewer.expiresAt,
    }),
    permissions: t.field({
      type: [PermissionRef],
      description: 'What it may do now.',
      resolve: (viewer, _args, { app }) => permissionsOf(app, viewer),
    }),
    namespaces: t.field({
      type: [OwnedNamespaceRef],
      description: 'The namespaces that belong to its accounts, and those that another account proved first.',
      resolve: (viewer, _args, { app }) => listNamespaces(app.db.sql, accountIds(viewer), viewer.account.id),
    }),
    domainVerifications: t.field({
      type: [DomainVerificationRef],
      description: 'The domains that it proved or set out to prove.',
      resolve: (viewer, _args, { app }) => verificationsOf(app, viewer),
    }),
    apiTokens: t.field({
      type: [ApiTokenRef],
      description: 'Its API tokens that still count, newest first; none when an API token asks.',
      resolve: ({ scope, account }, _args, { app }) => (scope ? [] : listApiTokens(app.db.sql, account.id, app.now())),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    nullable: true,
    description: 'Whom the request speaks for, by its token; null without one.',
    complexity: { field: 50 },
    resolve: (_root, _args, context) => context.viewer(),
  }),
);
