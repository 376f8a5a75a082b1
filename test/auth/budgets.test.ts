import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, post } from './asks.ts';
import { githubLogin, startAuthWorld, type AuthWorld } from './outside.ts';
import { alice, bob } from './principals.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld({ RATE_LIMITS: 'true' });
  for (const { id, login } of [alice, bob]) world.github.name(id, login);
});

afterAll(() => world.close());

const from = (address: string, token?: string) => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'x-forwarded-for': address,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  },
});
const anonymous = (address: string, prefix = '/v0') => world.registry.rest(`${prefix}/auth/none`, from(address));
const budget = (headers: Headers) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`)));

const graphql = async (address: string, query: string, token?: string) => {
  const answer = await fetch(`${world.registry.url}/graphql`, {
    ...from(address, token),
    body: JSON.stringify({ query }),
  });
  return { headers: answer.headers, body: JSON.parse(await answer.text()) };
};

describe('budgets', () => {
  test('an address has 60 logins a minute, told on each answer, at all doors together', async () => {
    const answers = [];
    for (let i = 0; i < 60; i++) answers.push(await anonymous('203.0.113.1', i % 2 ? '/v0' : '/v0.1'));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 200));
    expect(answers.map(({ headers }) => budget(headers)[1])).toEqual(Array.from({ length: 60 }, (_, i) => 59 - i));

    const refused = await anonymous('203.0.113.1');
    const [limit, remaining, reset] = budget(refused.headers);
    expect([refused.status, limit, remaining]).toEqual([429, 60, 0]);
    expect(reset).toBeGreaterThan(0);
    expect(reset).toBeLessThanOrEqual(60);
    expect(refused.headers.get('retry-after')).toBe(String(reset));
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toMatchObject({
      title: 'Too Many Requests',
      status: 429,
      code: 'RATE_LIMITED',
      retryable: true,
      errors: [{ message: `Too many requests: wait ${reset} s and go on.` }],
    });

    const query = 'mutation { loginAnonymously { ... on RateLimited { code message retryable retryAfter } } }';
    const { headers, body } = await graphql('203.0.113.1', query);
    const { retryAfter } = body.data.loginAnonymously;
    expect(body.data.loginAnonymously).toEqual({
      code: 'RATE_LIMITED',
      message: `Too many requests: wait ${retryAfter} s and go on.`,
      retryable: true,
      retryAfter,
    });
    expect(budget(headers)).toEqual([60, 0, retryAfter]);
    expect(headers.get('retry-after')).toBe(String(retryAfter));
  });

  test('others have their own', async () => {
    expect((await anonymous('203.0.113.2')).status).toBe(200);
    expect((await anonymous('2001:db8:1::1')).status).toBe(200);
  });

  test('of an IPv6 network all addresses are one caller', async () => {
    const [one, two] = [await anonymous('2001:db8:2::1'), await anonymous('2001:db8:2::ffff')];
    expect(budget(two.headers)[1]).toBe(budget(one.headers)[1]! - 1);
  });

  test('a refused proof costs as much, and so does a token that is worth nothing', async () => {
    const body = JSON.stringify({ github_token: 'x' });
    const login = await world.registry.rest('/v0/auth/github-at', { ...from('203.0.113.3'), body });
    expect([login.status, budget(login.headers)[1]]).toEqual([401, 59]);
    const query = 'mutation { revokeSession { __typename } }';
    const left = [];
    for (let i = 0; i < 3; i++) left.push(budget((await graphql('203.0.113.3', query, 'x')).headers)[1]);
    expect(left).toEqual([58, 57, 56]);
  });

  test('an account has 300 writes a minute, in all its logins and from anywhere', async () => {
    const tokens = [await githubLogin(world, alice.id), await githubLogin(world, alice.id)];
    const query = 'mutation { revokeApiToken(input: { id: "x" }) { __typename } }';
    const types = new Map<string, number>();
    const start = performance.now();
    for (let i = 0; i < 310; i += 10) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, j) => graphql(`198.51.100.${i % 200}`, query, tokens[j % 2])),
      );
      for (const { body } of answers) {
        const type = body.data.revokeApiToken.__typename;
        types.set(type, (types.get(type) ?? 0) + 1);
      }
    }
    console.log(
      `310 writes of one account in ${Math.round(performance.now() - start)} ms: ${JSON.stringify([...types])}`,
    );
    expect(Object.fromEntries(types)).toEqual({ NotFound: 300, RateLimited: 10 });
    const verify = await post(world, '/v0/verify-domain', { domain: 'example.com' }, tokens[0]);
    expect([verify.status, verify.body.code, budget(verify.headers).slice(0, 2)]).toEqual([
      429,
      'RATE_LIMITED',
      [300, 0],
    ]);
    const other = await githubLogin(world, bob.id);
    expect(await mutate(world, 'revokeApiToken', { id: 'x' }, { token: other })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what saw credentials', () => {
  test('is never stored by a cache', async () => {
    const token = await githubLogin(world, bob.id);
    const authorization = `Bearer ${token}`;
    const paths = [
      '/v0.1/servers',
      '/v0.1/servers/x/versions/latest',
      '/v0/version',
      '/.well-known/jwks.json',
      '/v0/nothing',
    ];
    for (const path of paths) {
      for (const [name, value] of [
        ['authorization', authorization],
        ['authorization', 'nonsense'],
        ['cookie', 'a=b'],
      ] as const) {
        const headers = { [name]: value };
        const answer = await world.registry.rest(path, { headers });
        expect([path, answer.headers.get('cache-control')]).toEqual([path, 'no-store']);
      }
    }
    for (const [path, body] of [
      ['github-at', { github_token: world.github.issue(bob.id) }],
      ['github-at', {}],
      ['none', undefined],
    ] as const) {
      expect((await post(world, `/v0/auth/${path}`, body)).headers.get('cache-control')).toBe('no-store');
    }
    const asked = await world.registry.graphql('{ viewer { method } }', {}, token);
    expect(asked.headers.get('cache-control')).toBe('no-store');
    const got = await world.registry.rest('/graphql?query={__typename}', { headers: { authorization } });
    expect(got.headers.get('cache-control')).toBe('no-store');
  });
});
