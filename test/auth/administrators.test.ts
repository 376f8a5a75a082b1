import { type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayWrite, mutate, permissions, post, tryToken } from './asks.ts';
import { staffLogin, startAuthWorld, type AuthWorld } from './outside.ts';
import { apiToken } from './principals.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld({
    OIDC_EXTRA_CLAIMS: '[{"hd":"registry.test"},{"groups":["ops"],"email_verified":true}]',
    OIDC_PUBLISH_PERMISSIONS: 'com.example/*, org.Example.*,io.github.acme/weather',
    OIDC_EDIT_PERMISSIONS: 'com.example/*',
  });
});

afterAll(() => world.close());

const sound = {
  aud: 'registry-staff',
  sub: 'root',
  hd: 'registry.test',
  groups: ['ops'],
  email_verified: true,
  email: 'root@registry.test',
};
const sign = (claims: JWTPayload) => world.staff.sign({ ...sound, ...claims }, { now: world.now() });
const tryClaims = async (claims: JWTPayload) => tryToken(world, 'oidc', await sign(claims));
const logIn = async () => (await post(world, '/v0/auth/oidc', { oidc_token: await sign({}) })).body.registry_token;

describe('every claim that configuration names must be there', () => {
  const notWhat = (claim: string) => `PROOF_REJECTED: The token's claim ${claim} is not what administrators need.`;

  test.each<[string, JWTPayload, string]>([
    ['all of them', {}, 'ok'],
    ['an issuer with a slash at its end', { iss: 'its own/' }, 'ok'],
    ['none of the domain', { hd: undefined }, notWhat('hd')],
    ['another domain', { hd: 'gmail.com' }, notWhat('hd')],
    ['the domain in other letters', { hd: 'Registry.test' }, notWhat('hd')],
    ['the domain in a list', { hd: ['registry.test'] }, notWhat('hd')],
    ['another list', { groups: ['ops', 'guests'] }, notWhat('groups')],
    ['a text where true is wanted', { email_verified: 'true' }, notWhat('email_verified')],
    [
      'an audience that is not ours',
      { aud: 'another-app' },
      'The token was made for the audience "another-app", not for registry-staff',
    ],
    ['another issuer', { iss: 'https://evil.test' }, 'PROOF_REJECTED: The token is by "https://evil.test"'],
    ['nobody', { sub: undefined }, 'PROOF_REJECTED: The token names nobody: its `sub` is missing or too long.'],
    ['an empty subject', { sub: '' }, 'The token names nobody'],
    ['a subject that is no text', { sub: 7 as never }, 'PROOF_REJECTED'],
    ['a subject with a NUL', { sub: 'a\0b' }, 'The token names nobody'],
    ['a subject of a kilobyte', { sub: 's'.repeat(1_000) }, 'The token names nobody'],
  ])('%s', async (_name, claims, sentence) => {
    const iss = claims.iss === 'its own/' ? { iss: `${world.staff.issuer}/` } : {};
    expect(await tryClaims({ ...claims, ...iss })).toContain(sentence);
  });

  test("a workflow's issuer vouches for no administrator", async () => {
    const token = await world.actions.sign(sound, { now: world.now() });
    expect(await tryToken(world, 'oidc', token)).toContain('PROOF_REJECTED');
  });

  test('each token counts once, also one without a number', async () => {
    for (const claims of [{}, { jti: undefined }]) {
      const token = await sign(claims);
      expect(await tryToken(world, 'oidc', token)).toBe('ok');
      expect(await tryToken(world, 'oidc', token)).toBe(
        'PROOF_REJECTED: This proof was used before, and counts once: make a new one.',
      );
    }
  });

  test('keys are found by discovery, once', async () => {
    const paths = new Map(
      Map.groupBy(world.staff.requests, (path) => path)
        .entries()
        .map(([path, all]) => [path, all.length]),
    );
    expect(paths).toEqual(
      new Map([
        ['/.well-known/openid-configuration', 1],
        ['/keys', 1],
      ]),
    );
  });
});

describe('what administrators may do', () => {
  test.each([
    ['publish', 'com.example/weather', true],
    ['publish', 'COM.Example/Weather', true],
    ['publish', 'com.example.team/weather', false],
    ['publish', 'com.example2/weather', false],
    ['publish', 'org.example.team/weather', true],
    ['publish', 'org.example/weather', false],
    ['publish', 'io.github.acme/weather', true],
    ['publish', 'io.github.acme/weather2', false],
    ['status', 'io.github.acme/weather', true],
    ['edit', 'com.example/weather', true],
    ['edit', 'io.github.acme/weather', false],
    ['edit', 'org.example.team/weather', false],
  ] as const)('%s %s: %s', async (action, name, may) => {
    const said = await mayWrite(world, await logIn(), name, action);
    const refusal = action === 'edit' ? 'FORBIDDEN: You do not have edit permissions' : 'NAMESPACE_FORBIDDEN';
    expect(said).toContain(may ? 'ok' : refusal);
  });

  test('is what the viewer says, and what a token of theirs says is less', async () => {
    const token = await logIn();
    const all = [
      'publish com.example/*',
      'publish org.Example.*',
      'publish io.github.acme/weather',
      'edit com.example/*',
    ];
    expect(await permissions(world, token)).toEqual(all);
    const forCi = await apiToken(world, token, ['com.example/weather'], ['EDIT']);
    expect(await permissions(world, forCi)).toEqual(['edit com.example/weather']);
    expect(await mayWrite(world, forCi, 'com.example/weather', 'edit')).toBe('ok');
    expect(await mayWrite(world, forCi, 'com.example/other', 'edit')).toContain('FORBIDDEN: This API token');
    expect(await mayWrite(world, forCi, 'com.example/weather', 'publish')).toContain('FORBIDDEN: This API token');
  });

  test('moderating needs the edit permission for everything', async () => {
    const input = { namespace: 'com.example', blocked: true, reason: 'Spam.' };
    const said = await mutate(world, 'setNamespaceBlock', input, { token: await logIn() });
    expect(said).toMatchObject({
      code: 'FORBIDDEN',
      message: 'This is for administrators: log in through their OIDC issuer.',
    });
  });
});

test('where no issuer is configured the proof is not offered', async () => {
  const without = await startAuthWorld({ OIDC_ISSUER: '', OIDC_CLIENT_ID: '' });
  const off = await startAuthWorld({ OIDC_ENABLED: 'false' });
  for (const one of [without, off]) {
    expect(await tryToken(one, 'oidc', 'x')).toBe('NOT_ENABLED: Logging in with OIDC is not enabled here.');
    await one.close();
  }
});

test('what configuration takes away is gone at the next write', async () => {
  const before = await startAuthWorld();
  const token = await staffLogin(before);
  expect(await mayWrite(before, token, 'com.example/weather', 'edit')).toBe('ok');
  const { app } = before.registry;
  const after = { ...before, registry: { ...before.registry, app: { ...app, config: { ...app.config, oidc: null } } } };
  expect(await mayWrite(after, token, 'com.example/weather', 'edit')).toContain('FORBIDDEN');
  await before.close();
});
