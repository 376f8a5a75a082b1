import { z } from 'zod';
import { loginAnonymously } from '../../auth/login-anonymous.ts';
import { loginWithDomain, startDomainProof, toProof } from '../../auth/login-domain.ts';
import { loginWithGithub } from '../../auth/login-github.ts';
import { loginWithOidc } from '../../auth/login-oidc.ts';
import { loginWithWorkflow } from '../../auth/login-workflow.ts';
import type { Login } from '../../auth/login.ts';
import type { Context } from '../../context.ts';
import { RegistryError } from '../../errors.ts';
import { operation, type Answer, type Description } from './operation.ts';

const Token = z
  .object({
    registry_token: z.string().meta({ description: 'Send it as `Authorization: Bearer <token>`.' }),
    expires_at: z.int().meta({ description: 'When it ends, in seconds since 1970.' }),
  })
  .meta({ id: 'RegistryToken', description: 'A login of one hour.' });

const MAX_TOKEN = 16 * 1024;

const describe = (id: string, summary: string, description: string): Description => ({
  id,
  tag: 'auth',
  summary,
  description,
  answer: Token,
  problems: [400, 401, 403, 404, 422, 429, 503],
});

/** A GitHub access token for a registry token. */
export const githubAt = operation({
  described: describe(
    'exchange-github-token',
    'Log in with a GitHub access token',
    "The names of the user and of the organisations that it owns. Where an OAuth app is configured the token must be the app's.",
  ),
  body: z.strictObject({ github_token: z.string().max(MAX_TOKEN) }),
  handle: (context, { body }) => exchange('Token exchange failed', () => loginWithGithub(context, body.github_token)),
});

const oidcBody = z.strictObject({ oidc_token: z.string().max(MAX_TOKEN) });

/** An identity token of a GitHub Actions workflow for a registry token. */
export const githubOidc = operation({
  described: describe(
    'exchange-github-oidc-token',
    'Log in with an identity token of GitHub Actions',
    "The names of the repository's owner. Ask for the token with the registry's address as audience; each counts once.",
  ),
  body: oidcBody,
  handle: (context, { body }) => exchange('Token exchange failed', () => loginWithWorkflow(context, body.oidc_token)),
});

/** An identity token of the administrators' issuer for a registry token. */
export const oidc = operation({
  described: describe(
    'exchange-oidc-token',
    "Log in through the administrators' OIDC issuer",
    'Where one is configured.',
  ),
  body: oidcBody,
  handle: (context, { body }) => exchange('Token exchange failed', () => loginWithOidc(context, body.oidc_token)),
});

const hex = z.string().max(1_000);
const proofBody = z.strictObject({
  domain: z
    .string()
    .max(1_000)
    .meta({ examples: ['example.com'] }),
  timestamp: z.string().max(100).optional().meta({ description: 'What was signed: the time now, RFC 3339.' }),
  signed_timestamp: hex.optional().meta({ description: 'Its signature, hex.' }),
  challenge: z.string().max(2_000).optional().meta({ description: 'What was signed: the line of `/auth/challenge`.' }),
  signature: hex.optional().meta({ description: 'Its signature, hex.' }),
});

const domainProof = (method: 'dns' | 'http', where: string, failed: string) =>
  operation({
    described: describe(
      `exchange-${method}-proof`,
      `Log in with a domain's key in ${where}`,
      'Sign the line of `/auth/challenge` or, as old clients do it, the time now. Each signature counts once.',
    ),
    body: proofBody,
    handle: (context, { body: { domain, challenge, timestamp, signature, signed_timestamp } }) =>
      exchange(failed, () => {
        const given = challenge === undefined ? signed_timestamp : signature;
        if (given === undefined) {
          throw new RegistryError(
            'BAD_USER_INPUT',
            'Send `timestamp` and `signed_timestamp`, or `challenge` and `signature`.',
          );
        }
        return loginWithDomain(context, toProof({ method, domain, challenge, timestamp, signature: given }));
      }),
  });

/** A signature by the key in a domain's TXT record for a registry token. */
export const dns = domainProof('dns', 'DNS', 'DNS authentication failed');

/** A signature by the key on a domain's web server for a registry token. */
export const http = domainProof('http', 'a file', 'HTTP authentication failed');

const Challenge = z
  .object({
    challenge: z
      .string()
      .meta({ description: "The line to sign, as it stands. It names the registry: sign no other's." }),
    expires_at: z.int().meta({ description: 'When it no longer counts, in seconds since 1970.' }),
  })
  .meta({ id: 'Challenge', description: "What a domain's key has to sign." });

/** A line to sign with a domain's key. */
export const challenge = operation({
  described: {
    ...describe(
      'start-domain-proof',
      "Get a line to sign with a domain's key",
      'It counts for five minutes, and once.',
    ),
    answer: Challenge,
  },
  body: z.strictObject({ domain: z.string().max(1_000), method: z.enum(['dns', 'http']) }),
  handle: async (context, { body }) => {
    const { challenge, expiresAt } = await startDomainProof(context, body);
    return { body: JSON.stringify({ challenge, expires_at: toSeconds(expiresAt) }) };
  },
});

/** A login as the account that all share, for trials. */
export const anonymous = operation({
  described: describe('login-anonymously', 'Log in without a proof', 'For trials, where it is enabled.'),
  handle: (context: Context) => exchange('Token exchange failed', () => loginAnonymously(context)),
});

const Jwks = z
  .object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) })
  .meta({ id: 'Jwks', description: 'A JSON Web Key Set (RFC 7517).' });

/** The public keys that registry tokens are checked with. */
export const jwks = operation({
  described: {
    id: 'get-jwks',
    tag: 'auth',
    summary: "The registry's public keys",
    description: 'Registry tokens are JWTs, signed with EdDSA by one of these.',
    answer: Jwks,
    problems: [],
  },
  handle: ({ app }) => ({ body: JSON.stringify(app.keys.jwks) }),
});

/** Answers a login in the official registry's shape; its refusals have the reason in `errors`, where old clients look. */
async function exchange(failed: string, work: () => Promise<Login>): Promise<Answer> {
  try {
    const { token, expiresAt } = await work();
    return { body: JSON.stringify({ registry_token: token, expires_at: toSeconds(expiresAt) }) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new RegistryError(error.code, failed, { ...error.details, errors: [{ message: error.message }] });
  }
}

const toSeconds = (time: Date) => Math.floor(time.valueOf() / 1000);
