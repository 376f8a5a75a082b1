import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { RegistryError } from '../errors.ts';
import type { SigningKeys } from './keys.ts';

/** What a challenge is for. */
export interface ChallengeScope {
  domain: string;
  method: 'dns' | 'http';
}

const LABEL = 'mcp-registry-domain-proof:v1';
const LIFETIME_MS = 5 * 60_000;
const RANDOM_BYTES = 16;
const TIME_BYTES = 6;

/** A line to sign with a domain's key, readable, so that who signs sees what for: nothing is kept of it but the registry's own mark. */
export function createChallenge(
  keys: SigningKeys,
  { publicUrl, now, ...scope }: ChallengeScope & { publicUrl: string; now: Date },
): { challenge: string; expiresAt: Date } {
  const expiresAt = new Date(now.valueOf() + LIFETIME_MS);
  const head = Buffer.alloc(TIME_BYTES);
  head.writeUIntBE(expiresAt.valueOf(), 0, TIME_BYTES);
  const nonce = Buffer.concat([head, randomBytes(RANDOM_BYTES)]);
  const mark = macOf(keys.secret('challenge')[0]!, lineOf(publicUrl, scope), nonce);
  return { challenge: `${lineOf(publicUrl, scope)} ${Buffer.concat([nonce, mark]).toString('base64url')}`, expiresAt };
}

/** What a challenge was made for, and the id by which it counts once; throws PROOF_REJECTED for one that isn't this registry's or has ended. */
export function readChallenge(
  keys: SigningKeys,
  challenge: string,
  { publicUrl, now }: { publicUrl: string; now: Date },
): ChallengeScope & { replayId: string; expiresAt: Date } {
  const [label, url, domain = '', method, text = '', ...rest] = challenge.split(' ');
  if (label !== LABEL || rest.length > 0 || (method !== 'dns' && method !== 'http')) {
    throw rejected('is not one of ours');
  }
  if (url !== publicUrl) throw rejected(`was made by another registry than ${publicUrl}`);
  const bytes = Buffer.from(text, 'base64url');
  const nonce = bytes.subarray(0, TIME_BYTES + RANDOM_BYTES);
  const mark = bytes.subarray(TIME_BYTES + RANDOM_BYTES);
  const sound = keys
    .secret('challenge')
    .some((key) => isSame(mark, macOf(key, lineOf(url, { domain, method }), nonce)));
  if (!sound || bytes.toString('base64url') !== text) throw rejected('was altered, or is not one of ours');
  const expiresAt = new Date(nonce.readUIntBE(0, TIME_BYTES));
  if (expiresAt <= now) throw rejected('has expired');
  return { domain, method, replayId: `challenge ${nonce.toString('base64url')}`, expiresAt };
}

const lineOf = (publicUrl: string, { domain, method }: ChallengeScope) => `${LABEL} ${publicUrl} ${domain} ${method}`;

const macOf = (key: Uint8Array, line: string, nonce: Buffer) =>
  createHmac('sha256', key).update(nonce).update(line).digest();

const isSame = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);

const rejected = (why: string) =>
  new RegistryError('PROOF_REJECTED', `The challenge ${why}: ask for a new one, and sign that.`);
