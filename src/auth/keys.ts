import { createPrivateKey, createPublicKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

/** What registry tokens are signed and checked with, and what other secrets are derived from. */
export interface SigningKeys {
  sign: { kid: string; privateKey: KeyObject };
  /** Public keys by their id. */
  verify: Map<string, KeyObject>;
  jwks: { keys: JWK[] };
  /** Keys of 32 bytes for one purpose: the first is for writing, all are for reading. */
  secret(purpose: string): Uint8Array[];
}

/** PKCS#8 of an Ed25519 key is this and its seed (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Reads Ed25519 seeds of 64 hex digits: the first signs, all verify, so that keys can be rotated. */
export async function readKeys(seeds: string[]): Promise<SigningKeys> {
  const [first, ...others] = await Promise.all(seeds.map(readKey));
  if (!first) throw new Error('At least one signing key is needed.');
  const all = [first, ...others];
  return {
    sign: { kid: first.kid, privateKey: first.privateKey },
    verify: new Map(all.map(({ kid, publicKey }) => [kid, publicKey])),
    jwks: { keys: all.map(({ jwk }) => jwk) },
    secret: (purpose) => seeds.map((seed) => derive(seed, purpose)),
  };
}

async function readKey(seed: string) {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(seed, 'hex')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const shown = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(shown);
  return { kid, privateKey, publicKey, jwk: { ...shown, kid, alg: 'EdDSA', use: 'sig' } };
}

const derive = (seed: string, purpose: string) =>
  new Uint8Array(hkdfSync('sha256', Buffer.from(seed, 'hex'), '', `mcp-registry ${purpose}`, 32));

/** For development: the seed that is kept in the data directory, made when there is none; of processes that start together one makes it. */
export async function loadOrCreateSeed(dataDir: string): Promise<string> {
  const file = join(dataDir, 'jwt-private-key');
  const known = await readSeed(file);
  if (known !== null) return known;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = join(dataDir, `jwt-private-key.${randomBytes(8).toString('hex')}`);
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link is there whole or not at all, and never replaces what another process made.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await readSeed(file))!;
}

async function readSeed(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  if (/^[0-9a-f]{64}$/i.test(text.trim())) return text.trim();
  throw new Error(`${file} holds no signing key (64 hex digits): put it back, or remove it to have a new one made.`);
}
