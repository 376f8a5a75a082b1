import { builder } from '../builder.ts';
import { resultType, viewerErrors } from '../results.graphql.ts';
import { assignNamespace, setAccountBlock, setNamespaceBlock } from './moderation.ts';
import type { Account } from './viewer.ts';
import { AccountRef } from './viewer.graphql.ts';

const AccountInput = builder.inputType('AccountInput', {
  description: 'An account that has logged in before.',
  fields: (t) => ({
    provider: t.string({ required: true, description: '`github`, `domain`, `oidc:<issuer>`.' }),
    subject: t.string({ required: true, description: 'Its number at GitHub, its domain, its OIDC subject.' }),
  }),
});

const reason = 'Why: the audit keeps it, and who is affected reads it.';

const SetNamespaceBlockInput = builder.inputType('SetNamespaceBlockInput', {
  description: 'A namespace to block, or to let go.',
  fields: (t) => ({
    namespace: t.string({
      required: true,
      description: '`io.github.mallory`, `com.example`; all below it is blocked too.',
    }),
    blocked: t.boolean({ required: true, description: 'False lets it go.' }),
    reason: t.string({ required: true, description: reason }),
  }),
});

const SetAccountBlockInput = builder.inputType('SetAccountBlockInput', {
  description: 'An account to block, or to let go.',
  fields: (t) => ({
    account: t.field({ type: AccountInput, required: true, description: 'Which one.' }),
    blocked: t.boolean({ required: true, description: 'False lets it go.' }),
    reason: t.string({ required: true, description: reason }),
  }),
});

const AssignNamespaceInput = builder.inputType('AssignNamespaceInput', {
  description: 'A namespace, and who it belongs to from here on.',
  fields: (t) => ({
    namespace: t.string({ required: true, description: '`io.github.alice`, `com.example`.' }),
    account: t.field({ type: AccountInput, required: true, description: 'The account.' }),
    reason: t.string({ required: true, description: reason }),
  }),
});

const NamespacePayload = (name: string, description: string) =>
  builder.objectRef<{ namespace: string }>(name).implement({
    description,
    fields: (t) => ({ namespace: t.exposeString('namespace', { description: 'The namespace.' }) }),
  });

const SetAccountBlockPayloadRef = builder.objectRef<{ account: Account }>('SetAccountBlockPayload').implement({
  description: 'The block counts, or is gone, from here on.',
  fields: (t) => ({
    account: t.field({ type: AccountRef, description: 'The account.', resolve: ({ account }) => account }),
  }),
});

const SetNamespaceBlockResult = resultType(
  'SetNamespaceBlockResult',
  NamespacePayload('SetNamespaceBlockPayload', 'The block counts, or is gone, from here on.'),
  viewerErrors,
);
const SetAccountBlockResult = resultType('SetAccountBlockResult', SetAccountBlockPayloadRef, [
  ...viewerErrors,
  'NotFound',
]);
const AssignNamespaceResult = resultType(
  'AssignNamespaceResult',
  NamespacePayload('AssignNamespacePayload', 'The namespace belongs to the account from here on.'),
  [...viewerErrors, 'NotFound'],
);

builder.mutationFields((t) => ({
  setNamespaceBlock: t.field({
    type: SetNamespaceBlockResult.type,
    description: 'Blocks writing under a namespace, whoever owns it, or lets it go; for administrators.',
    args: { input: t.arg({ type: SetNamespaceBlockInput, required: true, description: 'Which one, and why.' }) },
    resolve: (_root, { input }, context) =>
      SetNamespaceBlockResult.settle(setNamespaceBlock(context, input).then((namespace) => ({ namespace }))),
  }),
  setAccountBlock: t.field({
    type: SetAccountBlockResult.type,
    description: 'Blocks an account, its logins and tokens included, or lets it go; for administrators.',
    args: { input: t.arg({ type: SetAccountBlockInput, required: true, description: 'Which one, and why.' }) },
    resolve: (_root, { input }, context) =>
      SetAccountBlockResult.settle(setAccountBlock(context, input).then((account) => ({ account }))),
  }),
  assignNamespace: t.field({
    type: AssignNamespaceResult.type,
    description: 'Decides who a namespace belongs to, which ends a dispute; for administrators.',
    args: { input: t.arg({ type: AssignNamespaceInput, required: true, description: 'Which one, whose, and why.' }) },
    resolve: (_root, { input }, context) =>
      AssignNamespaceResult.settle(assignNamespace(context, input).then((namespace) => ({ namespace }))),
  }),
}));
