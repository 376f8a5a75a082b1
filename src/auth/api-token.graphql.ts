import { builder } from '../builder.ts';
import { resultType, viewerErrors } from '../results.graphql.ts';
import { createApiToken, revokeApiToken } from './api-tokens.ts';
import type { ApiTokenRow } from './api-tokens.db.ts';

export const TokenActionRef = builder.enumType('PermissionAction', {
  description: 'What can be done to a server.',
  values: {
    PUBLISH: { value: 'publish', description: 'Publish versions.' },
    STATUS: { value: 'status', description: 'Deprecate, delete and restore versions.' },
    EDIT: { value: 'edit', description: 'Change what was published; for administrators.' },
  } as const,
});

export const ApiTokenRef = builder.objectRef<ApiTokenRow>('ApiToken').implement({
  description: 'A token for CI. The token itself was shown once.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'For `revokeApiToken`.' }),
    name: t.exposeString('name', { description: 'What its owner calls it.' }),
    names: t.exposeStringList('names', { description: 'What it is limited to: names, or `io.github.alice/*`.' }),
    actions: t.field({
      type: [TokenActionRef],
      description: 'What it may do to them.',
      resolve: (token) => token.actions,
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (token) => token.createdAt }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends.', resolve: (token) => token.expiresAt }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null when it never was.',
      resolve: (token) => token.lastUsedAt,
    }),
  }),
});

const CreateApiTokenInput = builder.inputType('CreateApiTokenInput', {
  description: 'What a new token is to be good for; never for more than its maker may do.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What you call it.' }),
    names: t.stringList({
      required: true,
      description: 'Whole names or namespaces: `io.github.alice/weather`, `io.github.alice/*`.',
    }),
    actions: t.field({
      type: [TokenActionRef],
      required: true,
      defaultValue: ['publish'],
      description: 'What it may do to them.',
    }),
    expiresInDays: t.int({ required: true, defaultValue: 90, description: 'How long it lasts, 1 to 365 days.' }),
  }),
});

const CreateApiTokenPayloadRef = builder
  .objectRef<{ token: string; row: ApiTokenRow }>('CreateApiTokenPayload')
  .implement({
    description: 'A new token.',
    fields: (t) => ({
      token: t.exposeString('token', { description: 'The token itself, `mcpr_…`: it is never shown again.' }),
      apiToken: t.field({ type: ApiTokenRef, description: 'What is kept of it.', resolve: ({ row }) => row }),
    }),
  });

const CreateApiTokenResult = resultType('CreateApiTokenResult', CreateApiTokenPayloadRef, [
  ...viewerErrors,
  'NamespaceForbidden',
  'LimitReached',
  'UpstreamUnavailable',
]);

const RevokeApiTokenInput = builder.inputType('RevokeApiTokenInput', {
  description: 'A token to end.',
  fields: (t) => ({ id: t.string({ required: true, description: 'Its id, from `viewer { apiTokens { id } }`.' }) }),
});

const RevokeApiTokenPayloadRef = builder.objectRef<{ id: string }>('RevokeApiTokenPayload').implement({
  description: 'A token that has ended.',
  fields: (t) => ({ id: t.exposeString('id', { description: 'Its id.' }) }),
});

const RevokeApiTokenResult = resultType('RevokeApiTokenResult', RevokeApiTokenPayloadRef, [
  ...viewerErrors,
  'NotFound',
]);

builder.mutationFields((t) => ({
  createApiToken: t.field({
    type: CreateApiTokenResult.type,
    description: 'Makes a token for CI and shows it once.',
    args: { input: t.arg({ type: CreateApiTokenInput, required: true, description: 'What it is to be good for.' }) },
    resolve: (_root, { input }, context) => CreateApiTokenResult.settle(createApiToken(context, input)),
  }),
  revokeApiToken: t.field({
    type: RevokeApiTokenResult.type,
    description: "Ends one of the viewer's own tokens, at once.",
    args: { input: t.arg({ type: RevokeApiTokenInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, context) =>
      RevokeApiTokenResult.settle(revokeApiToken(context, input.id).then((id) => ({ id }))),
  }),
}));
