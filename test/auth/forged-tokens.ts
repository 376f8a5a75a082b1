import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { TEST_SEED } from '../app.ts';
import { keyOfSeed } from './keys.ts';

type Part = Record<string, unknown> | string;

const encode = (part: Part) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** Signs with Ed25519 whatever the head says. */
function ed25519(head: Part, body: Part, key: KeyObject): string {
  const signed = `${encode(head)}.${encode(body)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

/** Signs with HMAC, the key being whatever was published. */
function hmac(alg: string, head: Record<string, unknown>, body: Part, key: string | Buffer): string {
  const signed = `${encode({ ...head, alg })}.${encode(body)}`;
  const digest = createHmac(`sha${alg.slice(2)}`, key)
    .update(signed)
    .digest('base64url');
  return `${signed}.${digest}`;
}

/** A sound token taken apart, and the tokens that others would make of it; none may ever be accepted. */
export function forgedTokens(sound: string, publicUrl: string, now: Date): { name: string; token: string }[] {
  const [headText = '', bodyText = '', signature = ''] = sound.split('.');
  const head = JSON.parse(Buffer.from(headText, 'base64url').toString()) as Record<string, unknown>;
  const body = JSON.parse(Buffer.from(bodyText, 'base64url').toString()) as Record<string, unknown>;
  const { privateKey, publicKey } = keyOfSeed(TEST_SEED);
  const foreign = generateKeyPairSync('ed25519');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ours = (head: Part, body: Part) => ed25519(head, body, privateKey);
  const seconds = Math.floor(now.valueOf() / 1000);
  const without = (name: string) => Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
  const foreignJwk = foreign.publicKey.export({ format: 'jwk' });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const publicDer = publicKey.export({ type: 'spki', format: 'der' });
  const signedPart = `${headText}.${bodyText}`;

  const unsigned = ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => [
    { name: `alg ${alg || 'empty'}, no signature`, token: `${encode({ ...head, alg })}.${bodyText}.` },
    { name: `alg ${alg || 'empty'}, old signature`, token: `${encode({ ...head, alg })}.${bodyText}.${signature}` },
  ]);
  const symmetric = ['HS256', 'HS384', 'HS512'].flatMap((alg) => [
    { name: `${alg} by the public PEM`, token: hmac(alg, head, body, publicPem) },
    { name: `${alg} by the public DER`, token: hmac(alg, head, body, publicDer) },
    { name: `${alg} by the raw public key`, token: hmac(alg, head, body, publicDer.subarray(-32)) },
    { name: `${alg} by the JWK's x`, token: hmac(alg, head, body, String(publicKey.export({ format: 'jwk' }).x)) },
  ]);
  const kids: unknown[] = [
    undefined,
    null,
    '',
    'unknown',
    '../../dev/null',
    "' OR 1=1 --",
    'https://evil.test/jwks.json',
    ['a'],
    { toString: 'x' },
    0,
    '__proto__',
    'constructor',
    'k'.repeat(4_000),
  ];
  const byKid = kids.map((kid) => ({
    name: `kid ${JSON.stringify(kid)?.slice(0, 40)}`,
    token: ours({ ...head, kid }, body),
  }));
  const headers: Record<string, unknown>[] = [
    { jku: 'https://evil.test/jwks.json' },
    { x5u: 'https://evil.test/cert.pem' },
    { jwk: foreignJwk },
    { x5c: ['MIIB'] },
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { b64: false },
    { zip: 'DEF' },
    { typ: 'at+jwt' },
    { cty: 'JWT' },
  ];
  const byHeader = headers.map((more) => ({
    name: `header ${JSON.stringify(more).slice(0, 40)}`,
    token: ours({ ...head, ...more }, body),
  }));
  const claims: Record<string, unknown>[] = [
    { exp: seconds - 1 },
    { exp: seconds },
    { exp: String(seconds + 3600) },
    { exp: seconds + 366 * 24 * 3600 },
    { exp: Number.MAX_SAFE_INTEGER },
    { nbf: seconds + 60 },
    { iat: seconds + 60, nbf: seconds - 10 },
    { iat: seconds - 2 * 24 * 3600 },
    { iss: 'https://other.test' },
    { iss: `${publicUrl}/` },
    { iss: publicUrl.toUpperCase() },
    { aud: 'https://other.test' },
    { aud: [publicUrl, 'https://other.test'] },
    { aud: publicUrl.slice(0, -1) },
    { aud: `${publicUrl}.evil.test` },
    { sub: '0' },
    { sub: '999999' },
    { sub: `${String(body.sub)} OR 1=1` },
    { jti: randomUUID() },
    { jti: "' OR 1=1 --" },
    { jti: [body.jti] },
  ];
  const byClaim = claims.map((more) => ({
    name: `claim ${JSON.stringify(more).slice(0, 60)}`,
    token: ours(head, { ...body, ...more }),
  }));
  const missing = ['iss', 'aud', 'sub', 'jti', 'iat', 'nbf', 'exp'].map((name) => ({
    name: `no ${name}`,
    token: ours(head, without(name)),
  }));
  const flipped = Buffer.from(signature, 'base64url');
  flipped[10]! ^= 1;
  const spelled = [
    { name: 'another key under our kid', token: ed25519(head, body, foreign.privateKey) },
    {
      name: 'another key and its own jwk',
      token: ed25519({ ...head, kid: undefined, jwk: foreignJwk }, body, foreign.privateKey),
    },
    { name: 'RS256 by another key', token: asymmetric('RS256', head, bodyText, rsa.privateKey) },
    { name: 'ES256 by another key', token: asymmetric('ES256', head, bodyText, ec.privateKey) },
    {
      name: 'a changed body under the old signature',
      token: `${headText}.${encode({ ...body, sub: '1', permissions: [{ action: 'edit', resource: '*' }] })}.${signature}`,
    },
    { name: 'no signature', token: signedPart },
    { name: 'an empty signature', token: `${signedPart}.` },
    { name: 'half of the signature', token: `${signedPart}.${signature.slice(0, 43)}` },
    { name: 'a longer signature', token: `${signedPart}.${signature}AAAA` },
    { name: 'a signature of zeros', token: `${signedPart}.${Buffer.alloc(64).toString('base64url')}` },
    { name: 'a flipped bit', token: `${signedPart}.${flipped.toString('base64url')}` },
    { name: 'another spelling of the last digit', token: `${signedPart}.${otherSpelling(signature)}` },
    { name: 'padding', token: `${signedPart}.${signature}==` },
    { name: 'the standard alphabet', token: `${signedPart}.${Buffer.from(signature, 'base64url').toString('base64')}` },
    { name: 'a part too many', token: `${sound}.${signature}` },
    { name: 'a dot at the end', token: `${sound}.` },
    { name: 'five parts, as encrypted', token: `${sound}.a.b` },
    { name: 'JSON serialisation', token: JSON.stringify({ protected: headText, payload: bodyText, signature }) },
    { name: 'two tokens', token: `${sound},${sound}` },
    { name: 'a token in a token', token: ours(head, encode(sound)) },
    { name: 'a body that is no object', token: ours(head, '"text"') },
    { name: 'a body that is no JSON', token: ours(head, '{') },
    {
      name: 'claims twice',
      token: ours(
        head,
        JSON.stringify(body)
          .replace('{', '{"exp":9999999999,"aud":"x","iss":"x",')
          .replace(/"iss":"https[^,]*,/g, ''),
      ),
    },
    { name: 'a megabyte', token: `${'A'.repeat(7_000)}.${bodyText}.${signature}` },
    { name: 'digits that are not ASCII', token: sound.replace(/[A-Z]/, '\u{FF21}') },
  ];
  return [...unsigned, ...symmetric, ...byKid, ...byHeader, ...byClaim, ...missing, ...spelled];
}

function asymmetric(alg: 'RS256' | 'ES256', head: Record<string, unknown>, bodyText: string, key: KeyObject): string {
  const signed = `${encode({ ...head, alg })}.${bodyText}`;
  const made = sign('sha256', Buffer.from(signed), alg === 'RS256' ? key : { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${made.toString('base64url')}`;
}

/** 64 bytes leave four bits of the last digit unused: another digit decodes to the same. */
function otherSpelling(signature: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = digits.indexOf(signature.at(-1)!);
  return signature.slice(0, -1) + digits[(last & 0b110000) | ((last + 1) & 0b001111)];
}
