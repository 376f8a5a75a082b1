import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  ECDH,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { usage } from '../errors.ts';
import type { Algorithm } from './algorithms.ts';

/** A domain's key: what its DNS or web site publishes, and how it signs. */
export interface DomainKey {
  /** `v=MCPv1; k=ed25519; p=…` */
  record: string;
  /** The private key, PKCS #8 in PEM. */
  pem: string;
  /** The signature of a text, hex. */
  sign(text: string): string;
}

/** A new key. */
export function generateKey(algorithm: Algorithm): DomainKey {
  const { privateKey } =
    algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return toDomainKey(privateKey, algorithm);
}

/** Reads a key file: PEM, or the seed in hex as the official registry's tool takes it. */
export function readKeyFile(file: string): DomainKey {
  let text: string;
  try {
    if (statSync(file).size > 20_000) throw new Error('it is too long for a key');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw usage(`There is no key file ${file}: \`mcp keygen\` makes one, or name it with --key-file.`);
    }
    throw usage(`The key file ${file} can not be read (${message}).`);
  }
  return readKey(text, file);
}

/** Ed25519 in PKCS #8 is this and the 32 bytes of its seed. */
const ED25519_PREFIX = '302e020100300506032b657004220420';

/** Reads a key from a text. */
export function readKey(text: string, from: string): DomainKey {
  const trimmed = text.trim();
  try {
    if (/^[0-9a-f]{64}$/i.test(trimmed)) {
      const der = Buffer.from(ED25519_PREFIX + trimmed, 'hex');
      return toDomainKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), 'ed25519');
    }
    if (/^[0-9a-f]{96}$/i.test(trimmed)) return toDomainKey(p384OfScalar(Buffer.from(trimmed, 'hex')), 'ecdsap384');
    const key = createPrivateKey(trimmed);
    if (key.asymmetricKeyType === 'ed25519') return toDomainKey(key, 'ed25519');
    if (key.asymmetricKeyDetails?.namedCurve === 'secp384r1') return toDomainKey(key, 'ecdsap384');
  } catch {
    // It may hold a secret: nothing of it is told.
  }
  throw usage(
    `${from} holds no Ed25519 or ECDSA P-384 private key, neither as PEM nor in hex; \`mcp keygen\` makes one.`,
  );
}

function p384OfScalar(scalar: Buffer): KeyObject {
  const ecdh = createECDH('secp384r1');
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const part = (from: number, to: number) => point.subarray(from, to).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-384', d: scalar.toString('base64url'), x: part(1, 49), y: part(49, 97) };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

function toDomainKey(privateKey: KeyObject, algorithm: Algorithm): DomainKey {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const published =
    algorithm === 'ed25519'
      ? der.subarray(-32)
      : (ECDH.convertKey(der.subarray(-97), 'secp384r1', undefined, undefined, 'compressed') as Buffer);
  return {
    record: `v=MCPv1; k=${algorithm}; p=${published.toString('base64')}`,
    pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    sign: (text) => {
      const bytes = Buffer.from(text);
      const made =
        algorithm === 'ed25519'
          ? sign(null, bytes, privateKey)
          : sign('sha384', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return made.toString('hex');
    },
  };
}
