import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, post } from './asks.ts';
import { publishKey, startAuthWorld, workflowToken, type AuthWorld } from './outside.ts';
import { ed25519Key } from './keys.ts';
import { acme, alice } from './principals.ts';

let world: AuthWorld;
const key = ed25519Key();

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
  publishKey(world, 'example.com', key);
  world.web.keyFile('example.com', key.record);
});

afterAll(() => world.close());

let made = 0;
/** The official tool's request, signing a time that was not signed before. */
function signedTime() {
  made += 1;
  const timestamp = new Date(world.now().valueOf() + made).toISOString();
  return { domain: 'example.com', timestamp, signed_timestamp: key.sign(timestamp) };
}
const staff = () => world.staff.sign({ aud: 'registry-staff', sub: 'root', hd: 'registry.test' });

const logins: [string, string, () => Promise<object | undefined>][] = [
  ['github-at', 'Token exchange failed', async () => ({ github_token: world.github.issue(alice.id) })],
  ['github-oidc', 'Token exchange failed', async () => ({ oidc_token: await workflowToken(world, acme) })],
  ['oidc', 'Token exchange failed', async () => ({ oidc_token: await staff() })],
  ['dns', 'DNS authentication failed', async () => signedTime()],
  ['http', 'HTTP authentication failed', async () => signedTime()],
  ['none', 'Token exchange failed', async () => undefined],
];

describe.each(['/v0', '/v0.1'])("the official registry's requests under %s", (prefix) => {
  test.each(logins)('%s', async (method, _failed, body) => {
    const { status, headers, body: answer } = await post(world, `${prefix}/auth/${method}`, await body());
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer).toEqual({ registry_token: expect.any(String), expires_at: expect.any(Number) });
    const claims = decodeJwt(answer.registry_token);
    expect(claims).toMatchObject({ exp: answer.expires_at, auth_method: method });
    expect(answer.expires_at - Date.now() / 1000).toBeGreaterThan(3_590);
  });

  test.each([
    ['github-at', 'Token exchange failed', { github_token: 'x' }, 'GitHub does not accept this token: log in again.'],
    ['github-oidc', 'Token exchange failed', { oidc_token: 'x' }, 'The token is no JWT.'],
    ['oidc', 'Token exchange failed', { oidc_token: 'x' }, 'The token is no JWT.'],
    ['dns', 'DNS authentication failed', { ...stale() }, 'timestamp outside valid window (±15 seconds)'],
    ['dns', 'DNS authentication failed', { ...stale(), domain: 'localhost' }, 'invalid domain format'],
    ['dns', 'DNS authentication failed', { ...stale(), timestamp: 'x' }, 'invalid timestamp format: '],
    [
      'http',
      'HTTP authentication failed',
      { ...stale(), timestamp: soon(), signed_timestamp: 'x' },
      'invalid signature format, must be hex: ',
    ],
    [
      'http',
      'HTTP authentication failed',
      { ...stale(), timestamp: soon() },
      'signature verification failed (tried published key ed25519:',
    ],
  ])('%s refused: %s, %j', async (method, failed, body, message) => {
    const { status, headers, body: problem } = await post(world, `${prefix}/auth/${method}`, body);
    expect(status).toBe(401);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(problem).toEqual({
      title: 'Unauthorized',
      status: 401,
      detail: failed,
      errors: [{ message: expect.stringContaining(message) }],
      code: 'PROOF_REJECTED',
      retryable: false,
    });
  });

  test.each([
    ['github-at', {}, 'expected required property github_token to be present', 'body'],
    ['github-at', { github_token: 5 }, 'expected string', 'body.github_token'],
    ['github-at', { github_token: 'x', more: 1 }, 'unexpected property', 'body.more'],
    ['github-oidc', {}, 'expected required property oidc_token to be present', 'body'],
    ['oidc', {}, 'expected required property oidc_token to be present', 'body'],
    ['dns', {}, 'expected required property domain to be present', 'body'],
    ['challenge', { domain: 'example.com' }, 'expected required property method to be present', 'body'],
    ['challenge', { domain: 'example.com', method: 'ftp' }, 'expected value to be one of "dns, http"', 'body.method'],
    ['github-at', [], 'expected object', 'body'],
    ['github-at', undefined, 'request body is required', 'body'],
    ['github-at', { github_token: 'g'.repeat(20_000) }, 'expected length <= 16384', 'body.github_token'],
  ])('%s with %j is no request', async (method, body, message, location) => {
    const { status, body: problem } = await post(world, `${prefix}/auth/${method}`, body);
    expect({ status, ...problem }).toMatchObject({
      status: 422,
      title: 'Unprocessable Entity',
      detail: 'validation failed',
      errors: [{ message: expect.stringContaining(message), location }],
    });
  });

  test('of a proof, what was signed and its signature, one kind of them', async () => {
    const { domain, timestamp, signed_timestamp } = signedTime();
    for (const body of [
      { domain },
      { domain, timestamp },
      { domain, challenge: 'x' },
      { domain, timestamp, signed_timestamp, challenge: 'x', signature: 'x' },
    ]) {
      const { status, body: problem } = await post(world, `${prefix}/auth/dns`, body);
      expect([status, problem.code, problem.detail]).toEqual([400, 'BAD_USER_INPUT', 'DNS authentication failed']);
      expect(problem.errors[0].message).toMatch(/^Send /);
    }
  });

  test('only POST, only JSON', async () => {
    const get = await world.registry.rest(`${prefix}/auth/none`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')]);
    const form = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"github_token":"x"}' };
    expect((await world.registry.rest(`${prefix}/auth/github-at`, form)).status).toBe(415);
    const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"github_token":' };
    expect((await world.registry.rest(`${prefix}/auth/github-at`, broken)).status).toBe(400);
    const long = { ...broken, body: JSON.stringify({ github_token: 'x'.repeat(3_000_000) }) };
    expect((await world.registry.rest(`${prefix}/auth/github-at`, long)).status).toBe(413);
  });

  test('a challenge', async () => {
    const { status, body } = await post(world, `${prefix}/auth/challenge`, { domain: 'Example.com.', method: 'http' });
    expect([status, body]).toEqual([
      200,
      { challenge: expect.stringContaining(' example.com http '), expires_at: expect.any(Number) },
    ]);
    expect(body.expires_at - Date.now() / 1000).toBeGreaterThan(295);
    const { challenge } = body;
    const proof = { domain: 'example.com', challenge, signature: key.sign(challenge) };
    expect((await post(world, `${prefix}/auth/http`, proof)).status).toBe(200);
  });
});

function stale() {
  return { domain: 'example.com', timestamp: '2026-01-02T03:04:05Z', signed_timestamp: '00'.repeat(64) };
}

function soon() {
  return new Date().toISOString();
}

test('both doors give the same token but for its number', async () => {
  const ways: [string, string, () => Promise<[object | null, object | undefined]>][] = [
    [
      'github-at',
      'exchangeGithubToken',
      async () => [{ token: world.github.issue(alice.id) }, { github_token: world.github.issue(alice.id) }],
    ],
    [
      'github-oidc',
      'exchangeGithubOidcToken',
      async () => [{ token: await workflowToken(world, acme) }, { oidc_token: await workflowToken(world, acme) }],
    ],
    ['oidc', 'exchangeOidcToken', async () => [{ token: await staff() }, { oidc_token: await staff() }]],
    ['dns', 'exchangeDomainProof', async () => [ofGraphql('DNS'), signedTime()]],
    ['http', 'exchangeDomainProof', async () => [ofGraphql('HTTP'), signedTime()]],
    ['none', 'loginAnonymously', async () => [null, undefined]],
  ];
  for (const [method, mutation, inputs] of ways) {
    const [input, body] = await inputs();
    const select = '... on LoginPayload { token expiresAt }';
    const said = await mutate(world, mutation, input, { select });
    const { body: answer } = await post(world, `/v0/auth/${method}`, body);
    const [one, two] = [decodeJwt(said.token), decodeJwt(answer.registry_token)];
    expect(new Date(said.expiresAt).valueOf() / 1000).toBe(one.exp);
    for (const claims of [one, two]) for (const name of ['jti', 'iat', 'nbf', 'exp']) delete claims[name];
    expect(two).toEqual(one);
  }
});

function ofGraphql(method: string) {
  const { signed_timestamp: signature, ...rest } = signedTime();
  return { ...rest, method, signature };
}

test('anonymous logins are off unless they are turned on', async () => {
  const usual = await startAuthWorld({ ENABLE_ANONYMOUS_AUTH: '' });
  const { status, body } = await post(usual, '/v0/auth/none');
  const message = 'Logging in anonymously is not enabled here: log in with a proof.';
  expect([status, body]).toEqual([404, expect.objectContaining({ code: 'NOT_ENABLED', errors: [{ message }] })]);
  expect(await mutate(usual, 'loginAnonymously', null)).toMatchObject({ code: 'NOT_ENABLED', message });
  await usual.close();
});
