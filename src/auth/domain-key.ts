import { createPublicKey, ECDH, verify, type KeyObject } from 'node:crypto';

type Algorithm = 'ed25519' | 'ecdsap384';

/** A key that a domain publishes. */
export interface PublishedKey {
  algorithm: Algorithm;
  publicKey: KeyObject;
  /** `ed25519:AbCdEfGh`: enough of it to know it again. */
  fingerprint: string;
}

/** SubjectPublicKeyInfo of an Ed25519 key is this and its 32 bytes (RFC 8410). */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_BYTES = 32;
/** Of P-384 it is this and the uncompressed point (RFC 5480). */
const P384_PREFIX = Buffer.from('3076301006072a8648ce3d020106052b81040022036200', 'hex');
const P384_COMPRESSED_BYTES = 49;
const MAX_KEYS = 20;

const RECORD = /v=MCPv1;\s*k=([^;]{1,100});\s*p=([A-Za-z0-9+/=]{1,500})/g;

/** Reads `v=MCPv1; k=…; p=…` records (official registry, section 1.8); all other text is passed over, what is wrong with a key is told. */
export function parseKeyRecords(texts: string[]): { keys: PublishedKey[]; problems: string[] } {
  const found = texts.flatMap((text) => [...text.matchAll(RECORD)]).slice(0, MAX_KEYS);
  const keys: PublishedKey[] = [];
  const problems: string[] = [];
  for (const [, k = '', p = ''] of found) {
    const key = readKey(k.trim(), p);
    if (typeof key === 'string') problems.push(key);
    else keys.push({ ...key, fingerprint: `${key.algorithm}:${p.slice(0, 8)}` });
  }
  return { keys, problems };
}

function readKey(algorithm: string, base64: string): Omit<PublishedKey, 'fingerprint'> | string {
  const bytes = Buffer.from(base64, 'base64');
  if (algorithm === 'ed25519') {
    if (bytes.length !== ED25519_BYTES) return 'invalid Ed25519 public key size';
    return { algorithm, publicKey: spki(ED25519_PREFIX, bytes) };
  }
  if (algorithm !== 'ecdsap384') return `unsupported public key algorithm: ${algorithm}`;
  if (bytes.length !== P384_COMPRESSED_BYTES) return 'invalid ECDSA P-384 public key size';
  try {
    const point = ECDH.convertKey(bytes, 'secp384r1', undefined, undefined, 'uncompressed') as Buffer;
    return { algorithm, publicKey: spki(P384_PREFIX, point) };
  } catch {
    return 'invalid ECDSA P-384 public key format';
  }
}

const spki = (prefix: Buffer, bytes: Buffer) =>
  createPublicKey({ key: Buffer.concat([prefix, bytes]), format: 'der', type: 'spki' });

/** Whether a key made this signature: of Ed25519 64 bytes, of P-384 R and S in 96 over the SHA-384 of the message. */
export function verifySignature(
  { algorithm, publicKey }: PublishedKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (algorithm === 'ed25519') return signature.length === 64 && verify(null, message, publicKey, signature);
  return signature.length === 96 && verify('sha384', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}
