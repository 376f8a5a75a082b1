import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '../../src/auth/viewer.ts';
import { holds, mayWrite, mutate, permissions, stored } from './asks.ts';
import { ed25519Key } from './keys.ts';
import { domainLogin, githubLogin, publishKey, staffLogin, startAuthWorld, type AuthWorld } from './outside.ts';
import { acme, alice, apiToken, block, bob, logout } from './principals.ts';

let world: AuthWorld;
let maker: string;

beforeAll(async () => {
  world = await startAuthWorld();
  for (const { id, login } of [alice, bob, acme]) world.github.name(id, login);
  maker = await githubLogin(world, alice.id);
});

afterAll(() => world.close());

const DAY_MS = 24 * 3_600_000;
const select = '... on CreateApiTokenPayload { token apiToken { id name names actions expiresAt lastUsedAt } }';
const create = (input: object, token = maker) =>
  mutate(world, 'createApiToken', { name: 'CI', names: ['io.github.alice/*'], ...input }, { token, select });
const revoke = (id: string, token: string) => mutate(world, 'revokeApiToken', { id }, { token });
const list = async (token: string) =>
  (await world.registry.graphql('{ viewer { isApiToken apiTokens { id name lastUsedAt } } }', {}, token)).data.viewer;

/** What a header that may be worth nothing is told. */
const viewerSays = async (token: string) => {
  const { data, errors } = await world.registry.graphql('{ viewer { isApiToken } }', {}, token);
  return errors?.[0]?.message ?? data.viewer;
};
const unknown = 'Unknown API token: create a new one.';

describe('a token', () => {
  test('is shown once: the database holds its hash alone', async () => {
    const { token, apiToken } = await create({ expiresInDays: 1 });
    expect(token).toMatch(/^mcpr_[0-9A-Za-z]{46}$/);
    expect(apiToken).toMatchObject({
      name: 'CI',
      names: ['io.github.alice/*'],
      actions: ['PUBLISH'],
      lastUsedAt: null,
    });
    const all = await stored(world);
    expect(holds(all, token)).toBe(false);
    expect(holds(all, token.slice(5, 40))).toBe(false);
    expect(all).toContain(hash('sha256', token));
  });

  test('with a slip in any of its digits costs no look-up', async () => {
    const { token } = await create({});
    world.registry.takeStatements();
    for (let i = 0; i < token.length; i++) {
      const slip = token.slice(0, i) + (token[i] === 'x' ? 'y' : 'x') + token.slice(i + 1);
      expect(await viewerSays(slip)).toBe(i < 5 ? 'Invalid or expired Registry JWT token' : unknown);
    }
    for (const cut of [token.slice(0, -1), `${token}0`, 'mcpr_', token.replace('_', '-')]) await viewerSays(cut);
    const looked = world.registry.takeStatements().filter((text) => /api_tokens|sessions/.test(text));
    console.log(`${token.length} slips of a digit: ${looked.length} look-ups`);
    expect(looked).toEqual([]);
  });

  test('that is well made and unknown is refused by the look-up', async () => {
    const other = await startAuthWorld();
    other.github.name(alice.id, alice.login);
    const token = await apiToken(other, await githubLogin(other, alice.id), ['io.github.alice/*']);
    await other.close();
    expect(await viewerSays(token)).toBe(unknown);
  });

  test('ends when it says, and is listed no more', async () => {
    const { token, apiToken } = await create({ expiresInDays: 1 });
    world.clock.offsetMs += DAY_MS - 5_000;
    const before = await mayWrite(world, token, 'io.github.alice/weather');
    world.clock.offsetMs += 10_000;
    const after = await mayWrite(world, token, 'io.github.alice/weather');
    const listed = (await list(await githubLogin(world, alice.id))).apiTokens;
    world.clock.offsetMs -= DAY_MS + 5_000;
    expect(before).toBe('ok');
    expect(after).toMatch(/^UNAUTHENTICATED: This API token expired at \S+: create a new one\.$/);
    expect(listed.map((one: { id: string }) => one.id)).not.toContain(apiToken.id);
  });

  test('is listed with its last use, never shown again, and lists nothing itself', async () => {
    const { token, apiToken } = await create({ name: 'of the list' });
    await viewerSays(token);
    const mine = (await list(maker)).apiTokens.find((one: { id: string }) => one.id === apiToken.id);
    expect(mine.name).toBe('of the list');
    expect(Math.abs(new Date(mine.lastUsedAt).valueOf() - world.now().valueOf())).toBeLessThan(60_000);
    expect(await list(token)).toEqual({ isApiToken: true, apiTokens: [] });
  });

  test.each<[string, object, string]>([
    ['no name', { name: ' ' }, 'A token needs a name, by which you know it again.'],
    ['a long name', { name: 'x'.repeat(101) }, "A token's name is too long: at most 100 characters, not 101."],
    ['no names', { names: [] }, 'A token is for 1 to 50 names, such as io.github.alice/* or io.github.alice/weather.'],
    [
      'too many names',
      { names: Array.from({ length: 51 }, (_, i) => `io.github.alice/s${i}`) },
      'A token is for 1 to 50 names',
    ],
    ['every name', { names: ['*'] }, "A server's name has 3 to 200 characters, this one has 1."],
    ['a name with a star', { names: ['io.github.alice/we*'] }, 'The part behind the slash'],
    ['a namespace of all', { names: ['io.github.*'] }, "A server's name is a namespace"],
    ['no action', { actions: [] }, 'A token needs at least one action.'],
    ['no time', { expiresInDays: 0 }, 'A token lasts 1 to 365 days.'],
    ['more than a year', { expiresInDays: 366 }, 'A token lasts 1 to 365 days.'],
  ])('for %s is not made', async (_name, input, message) => {
    expect(await create(input)).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining(message) });
  });

  test.each<[string, object, string]>([
    ["another's name", { names: ['io.github.alice/*', 'io.github.bob/weather'] }, 'NAMESPACE_FORBIDDEN'],
    ["administrators' action", { actions: ['PUBLISH', 'EDIT'] }, 'FORBIDDEN'],
  ])('for %s is not made', async (_name, input, code) => {
    expect(await create(input)).toMatchObject({ code });
  });

  test('an account has 100, also when many are made at once', async () => {
    const token = await githubLogin(world, bob.id);
    const input = { names: ['io.github.bob/*'] };
    for (let i = 0; i < 95; i += 19) await Promise.all(Array.from({ length: 19 }, () => create(input, token)));
    const said = await Promise.all(Array.from({ length: 20 }, () => create(input, token)));
    const refused = said.filter((one) => one.code === 'LIMIT_REACHED');
    console.log(`20 tokens at once where 5 are left: ${said.length - refused.length} made`);
    expect(refused).toHaveLength(15);
    expect(refused[0].message).toBe('An account has at most 100 tokens: revoke one first.');
  });
});

describe('what a token may do', () => {
  const limitedTo = (names: string, name: string) =>
    `FORBIDDEN: This API token is limited to ${names}: ${name} is not among them.`;
  const mayOnly = (may: string, action: string) =>
    `FORBIDDEN: This API token may only ${may}, not ${action}: create one with that action.`;
  const all = 'io.github.alice/*';
  const one = 'io.github.alice/weather';

  test.each<[string, string, string, string]>([
    [`PUBLISH ${all}`, 'publish', one, 'ok'],
    [`PUBLISH ${all}`, 'publish', 'IO.GitHub.Alice/Weather', 'ok'],
    [`PUBLISH ${all}`, 'publish', 'io.github.alice2/weather', limitedTo(all, 'io.github.alice2/weather')],
    [`PUBLISH ${all}`, 'status', one, mayOnly('publish', 'status')],
    [`PUBLISH ${all}`, 'edit', one, mayOnly('publish', 'edit')],
    [`PUBLISH,STATUS ${all}`, 'status', one, 'ok'],
    [`STATUS ${all}`, 'publish', one, mayOnly('status', 'publish')],
    ['PUBLISH IO.github.Alice/Weather', 'publish', one, 'ok'],
    [`PUBLISH ${one}`, 'publish', `${one}2`, limitedTo(one, `${one}2`)],
  ])('for %s: %s %s, %s', async (scope, action, name, says) => {
    const [actions = '', names = ''] = scope.split(' ');
    const token = await apiToken(world, maker, [names], actions.split(','));
    expect(await mayWrite(world, token, name, action as Action)).toBe(says);
  });

  test('is what the viewer says', async () => {
    const token = await apiToken(
      world,
      maker,
      ['io.github.alice/weather', 'io.github.alice/rain'],
      ['PUBLISH', 'STATUS'],
    );
    expect(await permissions(world, token)).toEqual([
      'publish io.github.alice/weather',
      'status io.github.alice/weather',
      'publish io.github.alice/rain',
      'status io.github.alice/rain',
    ]);
  });

  test('it makes no tokens, names no publishers, proves no domains, logs nobody out', async () => {
    const token = await apiToken(world, maker, ['io.github.alice/*']);
    const tries: [string, object | null][] = [
      ['createApiToken', { name: 'x', names: ['io.github.alice/*'] }],
      ['setTrustedPublisher', { name: 'io.github.alice/weather', publisher: null }],
      ['startDomainVerification', { domain: 'example.com' }],
      ['revokeSession', null],
    ];
    for (const [field, input] of tries) {
      expect(await mutate(world, field, input, { token })).toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});

describe('revoking', () => {
  const gone = 'This API token was revoked: create a new one.';

  test('by its owner, in any login, counts at once', async () => {
    const { token, apiToken } = await create({});
    await revoke(apiToken.id, await githubLogin(world, alice.id));
    expect(await viewerSays(token)).toBe(gone);
    expect(await revoke(apiToken.id, maker)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test("another's token can't be revoked, nor its id be told from one that isn't there", async () => {
    const { token, apiToken } = await create({});
    const stranger = await githubLogin(world, bob.id);
    const said = [];
    for (const id of [apiToken.id, '00000000-0000-4000-8000-000000000000', 'x', "' OR 1=1 --"]) {
      said.push(await revoke(id, stranger));
    }
    for (const one of said) expect(one).toEqual(said[0]);
    expect(said[0]).toMatchObject({ code: 'NOT_FOUND', message: 'You have no such token, or it was revoked before.' });
    expect(await revoke(apiToken.id, await staffLogin(world))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await viewerSays(token)).toEqual({ isApiToken: true });
  });

  test('a token may end itself and no other', async () => {
    const [one, two] = [await create({}), await create({})];
    expect(await revoke(two.apiToken.id, one.token)).toMatchObject({ code: 'FORBIDDEN' });
    await revoke(one.apiToken.id, one.token);
    expect(await viewerSays(one.token)).toBe(gone);
    expect(await viewerSays(two.token)).toEqual({ isApiToken: true });
  });
});

describe('a token has no more than its maker has now', () => {
  test('blocked: refused, and let go: not', async () => {
    const { token } = await create({});
    const account = { provider: 'github', subject: String(alice.id) };
    await block(world, account);
    const [read, write] = [await viewerSays(token), await mayWrite(world, token, 'io.github.alice/weather')];
    await block(world, account, false);
    const blocked = 'Your account is blocked: Spam. Ask the operators if you think this is a mistake.';
    expect([read, write]).toEqual([blocked, `BLOCKED: ${blocked}`]);
    expect(await mayWrite(world, token, 'io.github.alice/weather')).toBe('ok');
  });

  test('no owner of the organisation any more: refused', async () => {
    world.github.member(alice.id, acme.id, 'admin');
    const token = await apiToken(world, await githubLogin(world, alice.id), ['io.github.acme/*']);
    world.github.member(alice.id, acme.id, 'member');
    expect(await mayWrite(world, token, 'io.github.acme/weather')).toContain('no longer confirms that you own');
  });

  test("the domain's proof lapsed: refused", async () => {
    const key = publishKey(world, 'example.com', ed25519Key());
    const token = await apiToken(world, await domainLogin(world, 'example.com', key), ['com.example/weather']);
    expect(await mayWrite(world, token, 'com.example/weather')).toBe('ok');
    await world.registry.app.db.sql("UPDATE domain_verifications SET status = 'suspended'");
    expect(await mayWrite(world, token, 'com.example/weather')).toContain('was gone for three days');
  });

  test('the namespace is given to another: refused', async () => {
    const { token } = await create({});
    const reason = { namespace: 'io.github.alice', reason: 'Court order.' };
    const assign = async ({ id }: { id: number }) =>
      mutate(
        world,
        'assignNamespace',
        { ...reason, account: { provider: 'github', subject: String(id) } },
        { token: await staffLogin(world) },
      );
    await assign(bob);
    const said = await mayWrite(world, token, 'io.github.alice/weather');
    await assign(alice);
    expect(said).toContain('NAMESPACE_DISPUTED: Another account (bob)');
  });

  test('logged out: it goes on, for it is no login', async () => {
    const login = await githubLogin(world, alice.id);
    const token = await apiToken(world, login, ['io.github.alice/*']);
    await logout(world, login);
    expect(await mayWrite(world, token, 'io.github.alice/weather')).toBe('ok');
  });
});
