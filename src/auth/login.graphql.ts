import { builder } from '../builder.ts';
import { loginErrors, resultType, viewerErrors } from '../results.graphql.ts';
import { loginAnonymously } from './login-anonymous.ts';
import { loginWithDomain, startDomainProof, toProof } from './login-domain.ts';
import { loginWithGithub } from './login-github.ts';
import { loginWithOidc } from './login-oidc.ts';
import { loginWithWorkflow } from './login-workflow.ts';
import type { Login } from './login.ts';
import { revokeSession } from './sessions.ts';
import { ViewerRef } from './viewer.graphql.ts';

const LoginPayloadRef = builder.objectRef<Login>('LoginPayload').implement({
  description: 'A login: who it is for, and the token that stands for it.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        'The registry token, a JWT: send it as `Authorization: Bearer <token>`. Its keys are at `/.well-known/jwks.json`.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the token ends, an hour from now.',
      resolve: (login) => login.expiresAt.toISOString(),
    }),
    viewer: t.field({ type: ViewerRef, description: 'Who it is for.', resolve: (login) => login.viewer }),
  }),
});

const LoginResult = resultType('LoginResult', LoginPayloadRef, loginErrors);

const GithubTokenInput = builder.inputType('ExchangeGithubTokenInput', {
  description: 'What GitHub gave after its device flow.',
  fields: (t) => ({
    token: t.string({
      required: true,
      description: "The access token; it must be of the registry's own OAuth app, where that is configured.",
    }),
  }),
});

const GithubOidcTokenInput = builder.inputType('ExchangeGithubOidcTokenInput', {
  description: 'What GitHub gives a workflow.',
  fields: (t) => ({
    token: t.string({
      required: true,
      description: "The identity token, asked for with the registry's address as audience.",
    }),
  }),
});

const OidcTokenInput = builder.inputType('ExchangeOidcTokenInput', {
  description: "What the administrators' issuer gave.",
  fields: (t) => ({ token: t.string({ required: true, description: 'The identity token.' }) }),
});

export const DomainProofMethodRef = builder.enumType('DomainProofMethod', {
  description: 'Where a domain publishes its key.',
  values: {
    DNS: { value: 'dns', description: 'In a TXT record at the domain itself: proves all below it too.' },
    HTTP: { value: 'http', description: 'At https://<domain>/.well-known/mcp-registry-auth: proves this domain only.' },
  } as const,
});

const DomainProofInput = builder.inputType('ExchangeDomainProofInput', {
  description:
    'A signature by a key that the domain publishes: of a `challenge` or, as old clients do it, of a `timestamp`.',
  fields: (t) => ({
    domain: t.string({ required: true, description: 'The domain: `example.com`.' }),
    method: t.field({ type: DomainProofMethodRef, required: true, description: 'Where its key is published.' }),
    challenge: t.string({ description: 'The line that `startDomainProof` gave.' }),
    timestamp: t.string({ description: 'The time now, RFC 3339; it counts within 15 seconds, and once.' }),
    signature: t.string({ required: true, description: 'The signature of the challenge or timestamp, hex.' }),
  }),
});

const DomainProofStartInput = builder.inputType('StartDomainProofInput', {
  description: 'A domain whose key is about to sign.',
  fields: (t) => ({
    domain: t.string({ required: true, description: 'The domain: `example.com`.' }),
    method: t.field({ type: DomainProofMethodRef, required: true, description: 'Where its key is published.' }),
  }),
});

builder.mutationFields((t) => ({
  exchangeGithubToken: t.field({
    type: LoginResult.type,
    description: 'Logs a GitHub user in: their own names and those of the organisations that they own.',
    args: { input: t.arg({ type: GithubTokenInput, required: true, description: 'The proof.' }) },
    resolve: (_root, { input }, context) => LoginResult.settle(loginWithGithub(context, input.token)),
  }),
  exchangeGithubOidcToken: t.field({
    type: LoginResult.type,
    description: "Logs a GitHub Actions workflow in: the names of its repository's owner. Each token counts once.",
    args: { input: t.arg({ type: GithubOidcTokenInput, required: true, description: 'The proof.' }) },
    resolve: (_root, { input }, context) => LoginResult.settle(loginWithWorkflow(context, input.token)),
  }),
  exchangeOidcToken: t.field({
    type: LoginResult.type,
    description: 'Logs an administrator in.',
    args: { input: t.arg({ type: OidcTokenInput, required: true, description: 'The proof.' }) },
    resolve: (_root, { input }, context) => LoginResult.settle(loginWithOidc(context, input.token)),
  }),
  exchangeDomainProof: t.field({
    type: LoginResult.type,
    description: 'Logs the owner of a domain in, by a key that the domain publishes. Each signature counts once.',
    args: { input: t.arg({ type: DomainProofInput, required: true, description: 'The proof.' }) },
    resolve: (_root, { input }, context) =>
      LoginResult.settle(Promise.try(() => loginWithDomain(context, toProof(input)))),
  }),
  loginAnonymously: t.field({
    type: LoginResult.type,
    description: 'Logs in as the account that all share for trials, where that is enabled.',
    resolve: (_root, _args, context) => LoginResult.settle(loginAnonymously(context)),
  }),
}));

const DomainProofStartRef = builder
  .objectRef<Awaited<ReturnType<typeof startDomainProof>>>('StartDomainProofPayload')
  .implement({
    description: 'What the key has to sign.',
    fields: (t) => ({
      challenge: t.exposeString('challenge', {
        description: "The line to sign, as it stands. It names the registry: sign no other's.",
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When it no longer counts, five minutes from now.',
        resolve: (start) => start.expiresAt.toISOString(),
      }),
    }),
  });

const StartDomainProofResult = resultType('StartDomainProofResult', DomainProofStartRef, []);

builder.mutationField('startDomainProof', (t) =>
  t.field({
    type: StartDomainProofResult.type,
    description: "Gives a line to sign with a domain's key, for `exchangeDomainProof`.",
    args: { input: t.arg({ type: DomainProofStartInput, required: true, description: 'The domain.' }) },
    resolve: (_root, { input }, context) => StartDomainProofResult.settle(startDomainProof(context, input)),
  }),
);

const RevokedSessionRef = builder.objectRef<{ sessionId: string }>('RevokeSessionPayload').implement({
  description: 'A login that has ended.',
  fields: (t) => ({ sessionId: t.exposeString('sessionId', { description: "The `jti` of the login's token." }) }),
});

const RevokeSessionResult = resultType('RevokeSessionResult', RevokedSessionRef, viewerErrors);

builder.mutationField('revokeSession', (t) =>
  t.field({
    type: RevokeSessionResult.type,
    description: 'Logs out: the token that this request came with is worth nothing from here on.',
    resolve: (_root, _args, context) =>
      RevokeSessionResult.settle(revokeSession(context).then((sessionId) => ({ sessionId }))),
  }),
);
