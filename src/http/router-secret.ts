import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a request has the secret in `router-authorization`, where there is one. */
export function isRouter(secret: string | null, { headers }: IncomingMessage): boolean {
  if (secret === null) return true;
  const given = headers['router-authorization'];
  // Hashes are of one length, so the comparison tells nothing of the secret's.
  return typeof given === 'string' && timingSafeEqual(sha256(given), sha256(secret));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();
