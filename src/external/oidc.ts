import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { ExternalError } from './external-error.ts';
import { guardedFetch } from './fetch.ts';

/** A token that its issuer does not stand for; the message says why. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** Someone who signs identity tokens. */
export interface OidcIssuer {
  /** The claims of a sound token; throws TokenRefused, or an ExternalError when the issuer's keys can't be had. */
  verify(token: string, expected: { audience: string; now: Date }): Promise<JWTPayload>;
}

export interface OidcOptions {
  issuer: string;
  /** Where its keys are; asked of the issuer when left out (OpenID Connect Discovery). */
  jwksUri?: string;
  algorithms?: string[];
}

const DEFAULT_ALGORITHMS = ['RS256', 'ES256', 'ES384', 'PS256', 'EdDSA'];
const LEEWAY_SECONDS = 60;
const MAX_TOKEN = 16 * 1024;
const DISCOVERY_MS = 10 * 60_000;
/** After so long a token is too old, whatever end it names. */
export const MAX_AGE_SECONDS = 24 * 3600;
/** How often in a minute tokens of unknown keys, which anyone can make, cause a look for new keys. */
const REFRESHES = 5;

/** Makes a checker: keys are fetched once, kept, and fetched again when a token names one that is not known. */
export function createOidcIssuer({ issuer, jwksUri, algorithms = DEFAULT_ALGORITHMS }: OidcOptions): OidcIssuer {
  const keys = keysOf(issuer, jwksUri);
  return {
    verify: async (token, { audience, now }) => {
      if (token.length > MAX_TOKEN || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
        throw new TokenRefused('The token is no JWT.');
      }
      const options = {
        // Some issuers end with a slash, which settings leave out.
        issuer: [issuer, `${issuer}/`],
        audience,
        algorithms,
        currentDate: now,
        clockTolerance: LEEWAY_SECONDS,
        requiredClaims: ['iss', 'aud', 'exp', 'iat'],
        // An issuer's clock may be fast by the leeway, no more.
        maxTokenAge: MAX_AGE_SECONDS,
      };
      try {
        return (await jwtVerify(token, await keys(), options)).payload;
      } catch (error) {
        throw toRefusal(error, issuer, audience);
      }
    },
  };
}

/** Where the keys come from: one set for all tokens, found by discovery when no one said. */
function keysOf(issuer: string, jwksUri: string | undefined): () => Promise<JWTVerifyGetKey> {
  const setAt = (uri: string) =>
    // Without a pause, so that a key that has just come into use is found at once; sparing() bounds it.
    createRemoteJWKSet(new URL(uri), {
      cooldownDuration: 0,
      timeoutDuration: 10_000,
      [customFetch]: sparing(fetchKeys),
    });
  if (jwksUri !== undefined) {
    const set = setAt(jwksUri);
    return async () => set;
  }
  let found: Promise<JWTVerifyGetKey> | null = null;
  let until = 0;
  return () => {
    if (found && Date.now() < until) return found;
    until = Date.now() + DISCOVERY_MS;
    const asked = discover(issuer).then(setAt);
    found = asked;
    // A failure is not kept.
    asked.catch(() => (found = null));
    return asked;
  };
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

async function discover(issuer: string): Promise<string> {
  const answer = await fetchJson(`${issuer}/.well-known/openid-configuration`);
  const { success, data } = Discovery.safeParse(await answer.json());
  if (success && data.issuer.replace(/\/$/, '') === issuer) return data.jwks_uri;
  throw new ExternalError('protocol', `${new URL(issuer).host} does not describe itself as an OpenID Connect issuer.`);
}

/** What jose fetches, through the one way out; only a sound answer comes back. */
async function fetchJson(url: string): Promise<Response> {
  const answer = await guardedFetch(url, {
    headers: { accept: 'application/json' },
    allowPrivate: true,
    allowHttp: true,
  });
  if (answer.status === 200) return Response.json(await answer.json());
  answer.discard();
  throw new ExternalError('network', `${new URL(url).host} answered with status ${answer.status}.`);
}

const KeySet = z.object({ keys: z.array(z.looseObject({})) });

/** A set of keys, and nothing else: what is given again must be worth it. */
async function fetchKeys(url: string): Promise<Response> {
  const answer = await fetchJson(url);
  if (KeySet.safeParse(await answer.clone().json()).success) return answer;
  throw new ExternalError('protocol', `${new URL(url).host} answered with something that is no set of keys.`);
}

/** Asks so often in a minute and no more, while there is an answer to give again. */
function sparing(ask: (url: string) => Promise<Response>): (url: string) => Promise<Response> {
  let last: Response | null = null;
  let asked: number[] = [];
  return async (url) => {
    const now = performance.now();
    asked = asked.filter((time) => time > now - 60_000);
    if (last && asked.length >= REFRESHES) return last.clone();
    asked.push(now);
    last = await ask(url);
    return last.clone();
  };
}

function toRefusal(error: unknown, issuer: string, audience: string): Error {
  if (error instanceof ExternalError) return error;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) {
    return new ExternalError('network', `${new URL(issuer).host} did not answer with its keys.`, error);
  }
  if (error instanceof errors.JWTExpired) return new TokenRefused('The token has expired: ask for a new one.');
  if (error instanceof errors.JWTClaimValidationFailed) return new TokenRefused(sayClaim(error, issuer, audience));
  if (error instanceof errors.JWKSNoMatchingKey) return new TokenRefused(`No key of ${issuer} signed the token.`);
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new TokenRefused("The token's signature is wrong.");
  }
  return new TokenRefused('The token is no JWT that can be checked.');
}

function sayClaim({ claim, payload }: errors.JWTClaimValidationFailed, issuer: string, audience: string): string {
  const got = JSON.stringify(payload[claim] ?? null).slice(0, 200);
  if (claim === 'aud') {
    return `The token was made for the audience ${got}, not for ${audience}: ask for one with that audience.`;
  }
  if (claim === 'iss') return `The token is by ${got}, not by ${issuer}.`;
  return `The token's claim ${claim} is missing or wrong.`;
}
