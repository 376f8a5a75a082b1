import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** So that scanners of leaked secrets know our tokens. */
const PREFIX = 'mcpr_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 base62 digits are 238 bits. */
const RANDOM_LENGTH = 40;
const CHECKSUM_LENGTH = 6;
const FORMAT = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** Makes a token, `mcpr_` and 46 base62 digits of which the last six are a checksum, and the hash that is kept of it. */
export function createApiToken(): { token: string; hash: string } {
  const random = Array.from({ length: RANDOM_LENGTH }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  const body = PREFIX + random;
  const token = body + checksum(body);
  return { token, hash: sha256(token) };
}

/** Whether a text means to be an API token. */
export const isApiToken = (text: string): boolean => text.startsWith(PREFIX);

/** The SHA-256 of a token, hex; null for what can't be one, so that a slip of a digit costs no look-up. */
export function hashApiToken(text: string): string | null {
  if (text.length > 100 || !FORMAT.test(text)) return null;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return checksum(body) === text.slice(-CHECKSUM_LENGTH) ? sha256(text) : null;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** CRC-32 in base62, as GitHub's tokens have it. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text = DIGITS[rest % DIGITS.length] + text;
    rest = Math.floor(rest / DIGITS.length);
  }
  return text;
}
