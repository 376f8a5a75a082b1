import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicSchema } from '../../src/schema.ts';
import { aServer } from '../app.ts';
import { mayWrite, mutate, permissions, post, tryToken } from './asks.ts';
import {
  domainLogin,
  githubLogin,
  PUBLIC_URL,
  publishKey,
  staffLogin,
  startAuthWorld,
  type AuthWorld,
} from './outside.ts';
import { acme, alice, apiToken, block, bob, carol, logout } from './principals.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld({ BLOCKED_NAMESPACES: 'IO.github.Banned, net.example' });
  for (const { id, login } of [alice, bob, carol, acme]) world.github.name(id, login);
});

afterAll(() => world.close());

/** A write that needs a login, at GraphQL and at both prefixes of its REST twin: what each says. */
async function writeEverywhere(token: string | undefined, of = world): Promise<string[]> {
  const input = { domain: 'example.com' };
  const { code = 'ok', message = '' } = await mutate(of, 'startDomainVerification', input, { token });
  const twins = await Promise.all(['/v0', '/v0.1'].map((prefix) => post(of, `${prefix}/verify-domain`, input, token)));
  return [`${code} ${message}`, ...twins.map(({ body }) => `${body.code ?? 'ok'} ${body.detail ?? ''}`)];
}

const everywhere = (sentence: string) => [sentence, sentence, sentence];

describe('a registry token', () => {
  test('says what the contract says, and no more', async () => {
    const token = await githubLogin(world, alice.id);
    const { kid } = world.registry.app.keys.sign;
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'JWT', kid });
    const claims = decodeJwt(token);
    const iat = claims.iat!;
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(5);
    const [{ id }] = (await world.registry.app.db.sql<{ id: number }>(
      "SELECT id FROM accounts WHERE subject = '101'",
    )) as [{ id: number }];
    expect(claims).toEqual({
      iss: PUBLIC_URL,
      aud: PUBLIC_URL,
      sub: String(id),
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat,
      nbf: iat,
      exp: iat + 3600,
      auth_method: 'github-at',
      auth_method_sub: 'alice',
      permissions: [{ action: 'publish', resource: 'io.github.alice/*' }],
      scope: 'publish',
    });
  });

  test('is another at each login, and both count', async () => {
    const [one, two] = [await githubLogin(world, alice.id), await githubLogin(world, alice.id)];
    expect(decodeJwt(one).jti).not.toBe(decodeJwt(two).jti);
    for (const token of [one, two]) expect(await mayWrite(world, token, 'io.github.alice/weather')).toBe('ok');
  });

  test.each(['', 'Bearer', 'Basic YTpi', 'token x', 'Bearer a b', 'Bearer a, Bearer b'])(
    'in the header %j is none',
    async (authorization) => {
      const headers = { 'content-type': 'application/json', authorization };
      const answer = await world.registry.rest('/v0/verify-domain', {
        method: 'POST',
        headers,
        body: '{"domain":"example.com"}',
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await answer.json()).toMatchObject({
        title: 'Unauthorized',
        status: 401,
        detail: "Invalid Authorization header format. Expected 'Bearer <token>'",
        code: 'UNAUTHENTICATED',
      });
    },
  );

  test('may be announced in any letters', async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `bearer ${await githubLogin(world, alice.id)}`,
    };
    const answer = await world.registry.rest('/v0/verify-domain', {
      method: 'POST',
      headers,
      body: '{"domain":"example.com"}',
    });
    expect(answer.status).toBe(200);
  });
});

describe('what is lost is refused at the next write, at both doors', () => {
  test('no login, and one that never was', async () => {
    expect(await writeEverywhere(undefined)).toEqual(
      everywhere('UNAUTHENTICATED This needs a login: send its token as Authorization: Bearer <token>.'),
    );
    expect(await writeEverywhere('x')).toEqual(everywhere('UNAUTHENTICATED Invalid or expired Registry JWT token'));
  });

  test('a login that was ended; the others go on', async () => {
    const [one, two] = [await githubLogin(world, alice.id), await githubLogin(world, alice.id)];
    expect(await writeEverywhere(one)).toEqual(everywhere('ok '));
    const start = performance.now();
    await logout(world, one);
    expect(await writeEverywhere(one)).toEqual(everywhere('UNAUTHENTICATED This login was revoked: log in again.'));
    console.log(`logged out, and refused everywhere ${Math.round(performance.now() - start)} ms later`);
    expect(await writeEverywhere(two)).toEqual(everywhere('ok '));
    expect(await mutate(world, 'revokeSession', null, { token: one })).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('an hour is over', async () => {
    const token = await githubLogin(world, alice.id);
    world.clock.offsetMs += 3_601_000;
    const said = await writeEverywhere(token);
    world.clock.offsetMs -= 3_601_000;
    expect(said).toEqual(everywhere('UNAUTHENTICATED Invalid or expired Registry JWT token'));
  });

  test('an account that was blocked, until it is let go', async () => {
    const token = await githubLogin(world, bob.id);
    const account = { provider: 'github', subject: String(bob.id) };
    const start = performance.now();
    await block(world, account);
    expect(await writeEverywhere(token)).toEqual(
      everywhere('BLOCKED Your account is blocked: Spam. Ask the operators if you think this is a mistake.'),
    );
    console.log(`blocked, and refused everywhere ${Math.round(performance.now() - start)} ms later`);
    expect(await tryToken(world, 'github-at', world.github.issue(bob.id))).toBe(
      'BLOCKED: Your account is blocked: Spam.',
    );
    await block(world, account, false);
    expect(await writeEverywhere(token)).toEqual(everywhere('ok '));
  });

  test('an organisation whose account was blocked is refused to its owners too', async () => {
    world.github.member(carol.id, acme.id, 'admin');
    const token = await githubLogin(world, carol.id);
    const account = { provider: 'github', subject: String(acme.id) };
    await block(world, account);
    const said = await mayWrite(world, token, 'io.github.acme/weather');
    await block(world, account, false);
    expect(said).toBe(
      'BLOCKED: The account acme, which io.github.acme belongs to, is blocked. Ask the operators if you think this is a mistake.',
    );
    expect(await mayWrite(world, token, 'io.github.acme/weather')).toBe('ok');
  });

  test('a namespace that was blocked, with all below it; others and administrators go on', async () => {
    const key = publishKey(world, 'example.com');
    const owner = await domainLogin(world, 'example.com', key);
    const blockNamespace = async (blocked: boolean) =>
      mutate(
        world,
        'setNamespaceBlock',
        { namespace: 'com.Example', blocked, reason: 'Malware.' },
        { token: await staffLogin(world) },
      );
    await blockNamespace(true);
    const why =
      'BLOCKED: Your namespace com.example is blocked: Malware. Ask the operators if you think this is a mistake.';
    for (const name of ['com.example/weather', 'COM.EXAMPLE/weather', 'com.example.team/weather']) {
      expect(await mayWrite(world, owner, name)).toBe(why);
    }
    expect(await permissions(world, owner)).toEqual([]);
    expect(await mayWrite(world, await staffLogin(world), 'com.example/weather')).toBe('ok');
    await blockNamespace(false);
    expect(await mayWrite(world, owner, 'com.example.team/weather')).toBe('ok');
  });

  test('what configuration blocks', async () => {
    world.github.name(500, 'banned');
    const banned = await githubLogin(world, 500);
    expect(await mayWrite(world, banned, 'io.github.banned/weather')).toBe(
      'BLOCKED: Your namespace io.github.banned is blocked by the operators. Ask the operators if you think this is a mistake.',
    );
    const below = await domainLogin(world, 'team.example.net', publishKey(world, 'team.example.net'));
    expect(await mayWrite(world, below, 'net.example.team/weather')).toContain(
      'net.example is blocked by the operators',
    );
    for (const token of [banned, below]) expect(await permissions(world, token)).toEqual([]);
  });
});

describe('read-only', () => {
  test('every mutation and every REST twin says so and when to try again; reading goes on', async () => {
    const token = await githubLogin(world, alice.id);
    const forCi = await apiToken(world, token, ['io.github.alice/*']);
    const still = await startAuthWorld({ READ_ONLY: 'true', DATABASE_URL: world.registry.databaseUrl });
    const mutations = Object.values(publicSchema.getMutationType()!.getFields());
    for (const { name } of mutations) {
      const select = '... on ReadOnly { retryAfter }';
      expect(await mutate(still, name, inputs[name] ?? null, { token, select })).toEqual({
        __typename: 'ReadOnly',
        code: 'READ_ONLY',
        message: 'The registry is read-only at the moment: try again later.',
        retryable: true,
        retryAfter: 60,
      });
    }
    for (const [path, body] of bodies) {
      const answer = await post(still, `/v0.1${path}`, body, token);
      expect([path, answer.status, answer.body.code]).toEqual([path, 503, 'READ_ONLY']);
      expect(answer.headers.get('retry-after')).toBe('60');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    console.log(`read-only: ${mutations.length} mutations, ${bodies.length} REST twins refused`);
    for (const one of [token, forCi]) expect(await permissions(still, one)).toEqual(['publish io.github.alice/*']);
    await still.close();
  });

  const name = 'io.github.alice/weather';
  const account = { provider: 'github', subject: '101' };
  const domain = { domain: 'example.com' };
  const signed = { ...domain, timestamp: '2026-01-02T03:04:05Z' };
  const reason = 'Test.';
  const version = { name, version: '1.0.0' };
  const inputs: Record<string, object> = {
    publishServer: { document: aServer(name) },
    editVersion: { ...version, document: aServer(name) },
    setVersionStatus: { ...version, status: 'DELETED' },
    setServerStatus: { name, status: 'DELETED' },
    exchangeGithubToken: { token: 'x' },
    exchangeGithubOidcToken: { token: 'x' },
    exchangeOidcToken: { token: 'x' },
    exchangeDomainProof: { ...signed, method: 'DNS', signature: '00' },
    startDomainProof: { ...domain, method: 'DNS' },
    createApiToken: { name: 'x', names: [name] },
    revokeApiToken: { id: randomUUID() },
    setTrustedPublisher: { name, publisher: null },
    startDomainVerification: domain,
    checkDomainVerification: domain,
    setNamespaceBlock: { namespace: 'com.example', blocked: true, reason },
    setAccountBlock: { account, blocked: true, reason },
    assignNamespace: { namespace: 'com.example', account, reason },
  };
  const bodies: [string, object | undefined][] = [
    ['/auth/github-at', { github_token: 'x' }],
    ['/auth/github-oidc', { oidc_token: 'x' }],
    ['/auth/oidc', { oidc_token: 'x' }],
    ['/auth/dns', { ...signed, signed_timestamp: '00' }],
    ['/auth/http', { ...signed, signed_timestamp: '00' }],
    ['/auth/challenge', { ...domain, method: 'dns' }],
    ['/auth/none', undefined],
    ['/publish', aServer(name)],
    ['/servers', aServer(name)],
    ['/verify-domain', domain],
    ['/verify-domain/check', domain],
  ];
});
