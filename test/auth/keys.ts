import { createPrivateKey, createPublicKey, ECDH, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A domain's key pair, the record that publishes it, and how it signs. */
export interface DomainKey {
  /** `v=MCPv1; k=…; p=…` */
  record: string;
  /** The signature of a text, hex. */
  sign(text: string): string;
}

/** A new Ed25519 key. */
export function ed25519Key(): DomainKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return {
    record: `v=MCPv1; k=ed25519; p=${bytes.toString('base64')}`,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('hex'),
  };
}

/** A new ECDSA P-384 key. */
export function p384Key(): DomainKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-97);
  const compressed = ECDH.convertKey(point, 'secp384r1', undefined, undefined, 'compressed') as Buffer;
  return {
    record: `v=MCPv1; k=ecdsap384; p=${compressed.toString('base64')}`,
    sign: (text) => sign('sha384', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('hex'),
  };
}

/** The Ed25519 private key of a seed, hex. */
export function keyOfSeed(seed: string): { privateKey: KeyObject; publicKey: KeyObject } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(seed, 'hex')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
