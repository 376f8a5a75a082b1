import { jwtVerify, SignJWT } from 'jose';
import { RegistryError } from '../errors.ts';
import type { SigningKeys } from './keys.ts';

/** What a registry token is made of. */
export interface TokenInput {
  /** Issuer and audience: this deployment. */
  publicUrl: string;
  sessionId: string;
  accountId: number;
  method: string;
  subject: string;
  permissions: { action: string; resource: string }[];
  now: Date;
  lifetimeSeconds?: number;
}

const MAX_LENGTH = 8 * 1024;
const MAX_LIFETIME_SECONDS = 24 * 3600;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Signs the token of a session: a JWT (EdDSA) of an hour; method and permissions are told for old clients, and count for nothing. */
export async function signRegistryToken(
  keys: SigningKeys,
  input: TokenInput,
): Promise<{ token: string; expiresAt: Date }> {
  const { publicUrl, sessionId, accountId, method, subject, permissions, now, lifetimeSeconds = 3600 } = input;
  const issuedAt = Math.floor(now.valueOf() / 1000);
  const expires = issuedAt + lifetimeSeconds;
  // By this claim routers know administrators, where they look at all.
  const scope = [...new Set(permissions.map(({ action }) => action))].join(' ');
  const token = await new SignJWT({ auth_method: method, auth_method_sub: subject, permissions, scope })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: keys.sign.kid })
    .setIssuer(publicUrl)
    .setAudience(publicUrl)
    .setSubject(String(accountId))
    .setJti(sessionId)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(expires)
    .sign(keys.sign.privateKey);
  return { token, expiresAt: new Date(expires * 1000) };
}

/** Checks a registry token of this deployment and gives the session that it stands for; throws UNAUTHENTICATED, and never says why. */
export async function verifyRegistryToken(
  keys: SigningKeys,
  publicUrl: string,
  token: string,
  now: Date,
): Promise<{ sessionId: string; accountId: number }> {
  try {
    return await verify(keys, publicUrl, token, now);
  } catch {
    throw new RegistryError('UNAUTHENTICATED', 'Invalid or expired Registry JWT token');
  }
}

async function verify(keys: SigningKeys, publicUrl: string, token: string, now: Date) {
  if (token.length > MAX_LENGTH || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new Error('no compact JWT');
  if (!isCanonical(token.slice(token.lastIndexOf('.') + 1))) throw new Error('a signature in another spelling');
  const { payload, protectedHeader } = await jwtVerify(
    token,
    ({ kid }) => {
      const key = typeof kid === 'string' ? keys.verify.get(kid) : undefined;
      if (!key) throw new Error('not one of our keys');
      return key;
    },
    {
      algorithms: ['EdDSA'],
      typ: 'JWT',
      issuer: publicUrl,
      audience: publicUrl,
      requiredClaims: ['iss', 'aud', 'sub', 'jti', 'iat', 'nbf', 'exp'],
      currentDate: now,
      clockTolerance: 0,
      maxTokenAge: MAX_LIFETIME_SECONDS,
    },
  );
  if (Object.keys(protectedHeader).some((name) => !['alg', 'typ', 'kid'].includes(name))) throw new Error('header');
  const { aud, sub, jti, iat = 0, exp = Infinity } = payload;
  if (aud !== publicUrl || !isText(jti, UUID) || !isText(sub, /^[1-9]\d{0,9}$/)) throw new Error('claims');
  if (exp - iat > MAX_LIFETIME_SECONDS) throw new Error('too long a life');
  return { sessionId: jti, accountId: Number(sub) };
}

/** Claims are whatever was signed: a list of one text would pass for the text itself. */
const isText = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value);

/** The last digit of a base64url text has bits that decoding drops: only one spelling counts. */
const isCanonical = (part: string) => Buffer.from(part, 'base64url').toString('base64url') === part;
