import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, tryKey } from './asks.ts';
import { ed25519Key, p384Key, type DomainKey } from './keys.ts';
import { PUBLIC_URL, startAuthWorld, type AuthWorld } from './outside.ts';

let world: AuthWorld;
const domain = 'example.com';
const url = `https://${domain}/.well-known/mcp-registry-auth`;

beforeAll(async () => {
  world = await startAuthWorld();
});

afterAll(() => world.close());

type Method = 'dns' | 'http';

/** Publishes records for a domain: in DNS each its own, on the web server a line each. */
function publish(method: Method, records: (string | string[])[], at = domain): void {
  if (method === 'dns') world.dns.txt(at, ...records);
  else world.web.keyFile(at, records.flat().join('\n'));
}

const later = (seconds: number) => new Date(world.now().valueOf() + seconds * 1000).toISOString();

/** A proof as old clients make it: the time, signed. */
function timed(key: DomainKey, seconds = 0, at = domain) {
  const timestamp = later(seconds);
  return { domain: at, timestamp, signature: key.sign(timestamp) };
}

async function challengeFor(at: string, method: Method, of = world): Promise<string> {
  const { body } = await post(of, '/v0/auth/challenge', { domain: at, method });
  return body.challenge;
}

const key = ed25519Key();
const other = ed25519Key();
const curve = p384Key();
const fingerprint = ({ record }: DomainKey) => `ed25519:${/p=(.{8})/.exec(record)![1]}`;
const bytes = (length: number) => Buffer.alloc(length, 7).toString('base64');

describe.each(['dns', 'http'] as const)('by %s', (method) => {
  test.each<[string, (string | string[])[], DomainKey]>([
    ['an Ed25519 key', [key.record], key],
    ['a P-384 key', [curve.record], curve],
    ['the second of two keys', [other.record, key.record], key],
    ['a key of each kind', [key.record, curve.record], curve],
    ['a key beside one of the wrong size', [`v=MCPv1; k=ed25519; p=${bytes(31)}`, key.record], key],
    ['a key beside other records', ['v=spf1 -all', 'google-site-verification=abc', key.record], key],
    ['a record without blanks', [key.record.replaceAll('; ', ';')], key],
  ])('%s signs', async (_name, records, signer) => {
    publish(method, records);
    expect(await tryKey(world, method, timed(signer))).toBe('ok');
    const challenge = await challengeFor(domain, method);
    expect(await tryKey(world, method, { domain, challenge, signature: signer.sign(challenge) })).toBe('ok');
  });

  const nothing =
    method === 'dns'
      ? `no MCP public key found in DNS TXT records: publish v=MCPv1; k=ed25519; p=<base64> at ${domain}`
      : `no MCP public key found in HTTP response: ${url} must hold v=MCPv1; k=ed25519; p=<base64>`;

  test.each<[string, string[], string]>([
    ['no key', ['v=spf1 -all'], nothing],
    ['a record without a key', ['v=MCPv1; k=ed25519'], nothing],
    ['another version', [key.record.replace('v=MCPv1', 'v=MCPv2')], nothing],
    ['an Ed25519 key of 31 bytes', [`v=MCPv1; k=ed25519; p=${bytes(31)}`], 'invalid Ed25519 public key size'],
    ['a P-384 key of 48 bytes', [`v=MCPv1; k=ecdsap384; p=${bytes(48)}`], 'invalid ECDSA P-384 public key size'],
    ['a P-384 key that is no point', [`v=MCPv1; k=ecdsap384; p=${bytes(49)}`], 'invalid ECDSA P-384 public key format'],
    ['an RSA key', [`v=MCPv1; k=rsa; p=${bytes(128)}`], 'unsupported public key algorithm: rsa'],
    [
      'a stale key',
      [other.record],
      `signature verification failed (tried published key ${fingerprint(other)}); ` +
        'if this is not the key you are signing with, the published record may be stale',
    ],
  ])('%s', async (_name, records, sentence) => {
    publish(method, records);
    expect(await tryKey(world, method, timed(key))).toBe(`PROOF_REJECTED: ${sentence}`);
  });

  test('stale keys', async () => {
    const older = ed25519Key();
    publish(method, [other.record, older.record]);
    expect(await tryKey(world, method, timed(key))).toBe(
      'PROOF_REJECTED: signature verification failed against all 2 published keys ' +
        `(tried: ${fingerprint(other)}, ${fingerprint(older)}); ` +
        'if you recently rotated keys, remove any stale records from the apex domain',
    );
  });

  test.each([
    ['a word', 'now'],
    ['seconds', String(Math.floor(Date.now() / 1000))],
    ['a day', '2026-01-02'],
    ['a day that is none', '2026-02-30T00:00:00Z'],
    ['nothing', ''],
  ])('%s is no time', async (_name, timestamp) => {
    const said = await tryKey(world, method, { domain, timestamp, signature: key.sign(timestamp) });
    expect(said).toBe(
      'PROOF_REJECTED: invalid timestamp format: send the time now in RFC 3339, such as 2026-01-02T03:04:05Z',
    );
  });

  test.each(['zz', 'abc', '', '0x00', ' 00', '00'.repeat(300)])('%j is no signature', async (signature) => {
    expect(await tryKey(world, method, { ...timed(key), signature })).toBe(
      'PROOF_REJECTED: invalid signature format, must be hex: two digits 0-9 and a-f for each byte',
    );
  });

  test('a signature of another length or text is wrong', async () => {
    publish(method, [key.record]);
    const proof = timed(key);
    for (const signature of [
      proof.signature.slice(2),
      `${proof.signature}00`,
      key.sign('another text'),
      '00'.repeat(64),
    ]) {
      expect(await tryKey(world, method, { ...proof, signature })).toContain('signature verification failed');
    }
  });

  test('the time counts for 15 seconds before and after, and once', async () => {
    publish(method, [key.record]);
    const outside = 'PROOF_REJECTED: timestamp outside valid window (±15 seconds): check the clock of this machine';
    for (const seconds of [-16, 16]) expect(await tryKey(world, method, timed(key, seconds))).toBe(outside);
    for (const seconds of [-14, 14]) {
      const proof = timed(key, seconds);
      expect(await tryKey(world, method, proof)).toBe('ok');
      expect(await tryKey(world, method, proof)).toBe(
        'PROOF_REJECTED: This proof was used before, and counts once: make a new one.',
      );
    }
  });

  test('a challenge counts for its domain, method, registry and five minutes', async () => {
    publish(method, [key.record]);
    const said = (challenge: string) => tryKey(world, method, { domain, challenge, signature: key.sign(challenge) });
    const another = method === 'dns' ? 'http' : 'dns';
    const mine = await challengeFor(domain, method);
    expect(mine).toMatch(new RegExp(`^mcp-registry-domain-proof:v1 ${PUBLIC_URL} ${domain} ${method} [\\w-]{72}$`));
    expect(await said(await challengeFor('example.net', method))).toBe(
      `PROOF_REJECTED: The challenge is for example.net by ${method}: ask for one for example.com by ${method}.`,
    );
    expect(await said(await challengeFor(domain, another))).toBe(
      `PROOF_REJECTED: The challenge is for example.com by ${another}: ask for one for example.com by ${method}.`,
    );
    const altered =
      'PROOF_REJECTED: The challenge was altered, or is not one of ours: ask for a new one, and sign that.';
    for (const one of [
      mine.replace(/.$/, (digit) => (digit === 'A' ? 'B' : 'A')),
      (await challengeFor('example.net', method)).replace('example.net', domain),
      mine.slice(0, -5),
    ]) {
      expect(await said(one)).toBe(altered);
    }
    for (const one of ['', 'x', `${mine} more`, key.sign('a')]) {
      expect(await said(one)).toBe(
        'PROOF_REJECTED: The challenge is not one of ours: ask for a new one, and sign that.',
      );
    }
    world.clock.offsetMs += 301_000;
    const expired = await said(mine);
    world.clock.offsetMs -= 301_000;
    expect(expired).toBe('PROOF_REJECTED: The challenge has expired: ask for a new one, and sign that.');
    expect(await said(mine)).toBe('ok');
  });
});

test("another registry's challenge, also of one that has our address but not our keys, is refused", async () => {
  publish('dns', [key.record]);
  const elsewhere = await startAuthWorld({ PUBLIC_URL: 'https://other.test' });
  const twin = await startAuthWorld({ JWT_PRIVATE_KEY: 'ab'.repeat(32) });
  const said = async (from: AuthWorld) => {
    const challenge = await challengeFor(domain, 'dns', from);
    return tryKey(world, 'dns', { domain, challenge, signature: key.sign(challenge) });
  };
  expect(await said(elsewhere)).toBe(
    `PROOF_REJECTED: The challenge was made by another registry than ${PUBLIC_URL}: ask for a new one, and sign that.`,
  );
  expect(await said(twin)).toContain('was altered, or is not one of ours');
  await Promise.all([elsewhere.close(), twin.close()]);
});

describe('DNS', () => {
  test.each(['_mcp-auth', '_mcp-registry'])('a record under %s is found, and told', async (selector) => {
    world.dns.txt(domain, 'v=spf1 -all');
    world.dns.txt(`${selector}.${domain}`, key.record);
    expect(await tryKey(world, 'dns', timed(key))).toBe(
      `PROOF_REJECTED: no MCPv1 TXT record at "${domain}", but one was found at "${selector}.${domain}" — ` +
        'MCP DNS auth requires the record at the apex domain, not under a selector',
    );
    world.dns.forget(`${selector}.${domain}`);
  });

  test('a record in several strings, in an answer too long for one datagram', async () => {
    const parts = key.record.match(/.{1,20}/g)!;
    world.dns.txt(domain, ...Array.from({ length: 40 }, (_, i) => `other-record-${i}`), parts);
    expect(await tryKey(world, 'dns', timed(key))).toBe('ok');
    expect(world.dns.questions.some(({ over }) => over === 'tcp')).toBe(true);
  });

  test('a name server that fails proves nothing and refuses nothing', async () => {
    world.dns.fail(domain, 'SERVFAIL');
    expect(await tryKey(world, 'dns', timed(key))).toBe(
      'UPSTREAM_UNAVAILABLE: failed to fetch keys: failed to lookup DNS TXT records: ' +
        `DNS could not say what TXT records ${domain} has (ESERVFAIL).`,
    );
    world.dns.forget(domain);
  });
});

describe('the web server', () => {
  const long = 'x'.repeat(10_000);
  const away = (status: number) => `UPSTREAM_UNAVAILABLE: HTTP ${status}: failed to fetch key from ${url}`;

  test.each<[string, { status: number; location?: string; body?: string }, string]>([
    ['not found', { status: 404 }, `PROOF_REJECTED: HTTP 404: failed to fetch key from ${url}`],
    ['not found, at length', { status: 404, body: long }, `PROOF_REJECTED: HTTP 404: failed to fetch key from ${url}`],
    ['failing', { status: 500 }, away(500)],
    ['away, at length', { status: 503, body: long }, away(503)],
    ['too busy', { status: 429 }, away(429)],
    [
      'too large',
      { status: 200, body: 'x'.repeat(4_097) },
      `UPSTREAM_UNAVAILABLE: failed to fetch keys: failed to fetch key from ${url}: HTTP auth key response too large`,
    ],
    ['a web page', { status: 200, body: '<html>' }, `UPSTREAM_UNAVAILABLE: no MCP public key found in HTTP response`],
    ['a redirect', { status: 302, location: 'https://evil.test/' }, 'redirects, which is not followed here.'],
  ])('%s', async (_name, { status, location, body }, sentence) => {
    world.web.fail((_request, response) => void response.writeHead(status, location ? { location } : {}).end(body));
    const said = await tryKey(world, 'http', timed(key));
    world.web.fail(null);
    expect(said).toContain(sentence);
  });
});
