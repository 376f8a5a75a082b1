import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { RegistryError } from '../errors.ts';
import { MAX_AGE_SECONDS, TokenRefused, type OidcIssuer } from '../external/oidc.ts';
import { orUnavailable } from './outage.ts';

/** How long after its end a token's number is still kept: issuers' clocks may be off by a minute. */
const LEEWAY_SECONDS = 120;

/** Checks an identity token with its issuer; throws PROOF_REJECTED with the reason, or UPSTREAM_UNAVAILABLE. */
export async function verifyIdentity(
  issuer: OidcIssuer,
  token: string,
  expected: { audience: string; now: Date },
): Promise<JWTPayload> {
  try {
    return await orUnavailable('The issuer of the token', () => issuer.verify(token, expected));
  } catch (error) {
    if (error instanceof TokenRefused) throw new RegistryError('PROOF_REJECTED', error.message);
    throw error;
  }
}

/** An identity token counts once: by its `jti` or, without one, by what was signed, for signatures have several spellings. */
export function onceFor({ iss, jti, iat = 0, exp = 0 }: JWTPayload, token: string): { id: string; until: Date } {
  const signed = token.slice(0, token.lastIndexOf('.'));
  const number = jti ?? `sha256:${hash('sha256', signed)}`;
  if (!isStorable(number)) throw new RegistryError('PROOF_REJECTED', "The token's `jti` is too long, or no text.");
  // However late a token says that it ends, it is too old after a day.
  const until = Math.min(exp, iat + MAX_AGE_SECONDS) + LEEWAY_SECONDS;
  return { id: `oidc ${iss} ${number}`, until: new Date(until * 1000) };
}

/** Whether a claim is a text that can be kept. */
export const isStorable = (claim: unknown): claim is string =>
  typeof claim === 'string' && /^[^\0]{1,255}$/s.test(claim) && claim.isWellFormed();
