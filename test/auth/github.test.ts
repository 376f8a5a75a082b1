import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayWrite, mutate, permissions, tryToken } from './asks.ts';
import { githubLogin, startAuthWorld, type AuthWorld } from './outside.ts';

let world: AuthWorld;
const alice = { id: 101, login: 'alice' };
const acme = { id: 900, login: 'acme' };

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
  world.github.name(acme.id, acme.login);
});

afterAll(() => world.close());

const accounts = async () =>
  (await world.registry.app.db.sql<{ n: number }>('SELECT count(*)::int AS n FROM accounts'))[0]!.n;
const publishes = async (token: string) => (await permissions(world, token)).map((one) => one.replace('publish ', ''));

describe("a GitHub token that isn't for us", () => {
  test('issued to another app: refused, though GitHub takes it', async () => {
    const before = await accounts();
    expect(await tryToken(world, 'github-at', world.github.issue(alice.id, { app: 'other' }))).toBe(
      "PROOF_REJECTED: This token was issued to another app, which could publish in your name: log in through the registry's own.",
    );
    expect(await accounts()).toBe(before);
  });

  test.each([
    ['unknown', 'gho_unknown'],
    ['empty', ''],
    ['two lines', 'gho_a\r\nx-evil: 1'],
    ['not ASCII', 'gho_\u{e9}'],
    ['a kilobyte', 'g'.repeat(1_024)],
  ])('%s: refused', async (_name, token) => {
    expect(await tryToken(world, 'github-at', token)).toBe(
      'PROOF_REJECTED: GitHub does not accept this token: log in again.',
    );
  });

  test('what can be no token never reaches GitHub', async () => {
    const before = world.github.requests.length;
    for (const token of ['', 'a b', 'gho_\u{e9}', 'g'.repeat(1_024)]) await tryToken(world, 'github-at', token);
    expect(world.github.requests.length).toBe(before);
  });

  test('revoked at GitHub: refused', async () => {
    const token = world.github.issue(alice.id);
    world.github.revoke(token);
    expect(await tryToken(world, 'github-at', token)).toContain('PROOF_REJECTED');
  });

  test('without an app of our own any token counts', async () => {
    const open = await startAuthWorld({ GITHUB_CLIENT_ID: '', GITHUB_CLIENT_SECRET: '' });
    open.github.name(alice.id, alice.login);
    expect(await tryToken(open, 'github-at', open.github.issue(alice.id, { app: 'other' }))).toBe('ok');
    await open.close();
  });
});

describe('organisations', () => {
  test('are read to the last page', async () => {
    const dora = 300;
    world.github.name(dora, 'dora');
    for (let i = 0; i < 250; i++) {
      world.github.name(10_000 + i, `org-${i}`);
      world.github.member(dora, 10_000 + i, 'admin');
    }
    const before = world.github.requests.length;
    const token = await githubLogin(world, dora);
    const pages = world.github.requests.slice(before).filter((one) => one.includes('/memberships/'));
    expect(await publishes(token)).toHaveLength(251);
    expect(await mayWrite(world, token, 'io.github.org-249/weather')).toBe('ok');
    expect(await mayWrite(world, token, 'io.github.org-250/weather')).toContain('NAMESPACE_FORBIDDEN');
    console.log(`250 organisations: ${pages.length} pages asked for, a token of ${token.length} characters`);
    expect(pages).toHaveLength(3);
    expect(token.length).toBeLessThan(8_192);
  });

  test.each([
    ['a member', 'member', 'active'],
    ['an owner who was invited and has not accepted', 'admin', 'pending'],
    ['a billing manager', 'billing_manager', 'active'],
  ] as const)('%s gets their own names only', async (_name, role, state) => {
    world.github.name(310, 'erik');
    world.github.member(310, acme.id, role as 'member', state);
    const token = await githubLogin(world, 310);
    expect(await publishes(token)).toEqual(['io.github.erik/*']);
    expect(await mayWrite(world, token, 'io.github.acme/weather')).toBe(
      'NAMESPACE_FORBIDDEN: You do not have permission to publish this server. You have permission to publish: ' +
        'io.github.erik/*. Attempting to publish: io.github.acme/weather. ' +
        "If it is an organisation's, you must be one of its owners and log in with the scope read:org.",
    );
  });

  test('a token without read:org gives the own names', async () => {
    world.github.name(320, 'fay');
    world.github.member(320, acme.id, 'admin');
    const token = world.github.issue(320, { scopes: ['read:user'] });
    const { token: registryToken } = await mutate(
      world,
      'exchangeGithubToken',
      { token },
      { select: '... on LoginPayload { token }' },
    );
    expect(await publishes(registryToken)).toEqual(['io.github.fay/*']);
  });

  test('one whose login can be no namespace is passed over, and the others count', async () => {
    world.github.name(330, 'gus');
    for (const [id, login] of [
      [901, 'odd_one'],
      [902, 'x'.repeat(60)],
      [903, 'not a login'],
      [904, 'sound'],
    ] as const) {
      world.github.name(id, login);
      world.github.member(330, id, 'admin');
    }
    expect(await publishes(await githubLogin(world, 330))).toEqual(['io.github.gus/*', 'io.github.sound/*']);
  });

  test('may be had by two owners', async () => {
    for (const [id, login] of [
      [340, 'hal'],
      [341, 'ida'],
    ] as const) {
      world.github.name(id, login);
      world.github.member(id, acme.id, 'admin');
    }
    const [hal, ida] = [await githubLogin(world, 340), await githubLogin(world, 341)];
    expect(await mayWrite(world, hal, 'io.github.acme/weather')).toBe('ok');
    expect(await mayWrite(world, ida, 'io.github.ACME/weather')).toBe('ok');
  });
});

describe('a membership that ended', () => {
  const gone =
    'NAMESPACE_FORBIDDEN: GitHub no longer confirms that you own the organisation acme: log in again, or ask one of its owners.';

  test('is refused within 5 s, and GitHub is not asked for every write', { timeout: 15_000 }, async () => {
    await Promise.all([
      ended(350, 'taken away', () => world.github.member(350, acme.id, null)),
      ended(351, "made a plain member's", () => world.github.member(351, acme.id, 'member')),
    ]);
  });

  async function ended(id: number, how: string, end: () => void): Promise<void> {
    world.github.name(id, `jo${id}`);
    world.github.member(id, acme.id, 'admin');
    const token = await githubLogin(world, id);
    expect(await mayWrite(world, token, 'io.github.acme/weather')).toBe('ok');
    end();
    const start = performance.now();
    const before = world.github.requests.length;
    let said: string;
    let writes = 0;
    do {
      await wait(20);
      said = await mayWrite(world, token, 'io.github.acme/weather');
      writes += 1;
    } while (said === 'ok');
    const ms = Math.round(performance.now() - start);
    const asked = world.github.requests.length - before;
    console.log(`membership ${how}: refused after ${ms} ms; ${writes} writes, GitHub asked ${asked} times`);
    expect(said).toBe(gone);
    expect(ms).toBeLessThan(5_000);
    expect(asked).toBeLessThanOrEqual(3);
    expect(await mayWrite(world, token, `io.github.jo${id}/weather`)).toBe('ok');
  }

  test('an app whose access the user took back can confirm nothing more', async () => {
    world.github.name(360, 'kim');
    world.github.member(360, acme.id, 'admin');
    const token = world.github.issue(360);
    const { token: session } = await mutate(
      world,
      'exchangeGithubToken',
      { token },
      { select: '... on LoginPayload { token }' },
    );
    world.github.revoke(token);
    expect(await mayWrite(world, session, 'io.github.acme/weather')).toBe(gone);
  });

  test('and an organisation of another number under the same login confirms nothing', async () => {
    world.github.name(370, 'lea');
    world.github.name(910, 'guild');
    world.github.member(370, 910, 'admin');
    const token = await githubLogin(world, 370);
    world.github.member(370, 910, null);
    world.github.name(910, 'guild-renamed');
    world.github.name(911, 'guild');
    world.github.member(370, 911, 'admin');
    expect(await mayWrite(world, token, 'io.github.guild/weather')).toContain('no longer confirms');
  });
});

describe('accounts are their numbers', () => {
  test('a renamed owner keeps everything, who takes the freed login gets nothing', async () => {
    const owner = { id: 400, login: 'nora' };
    world.github.name(owner.id, owner.login);
    const before = await githubLogin(world, owner.id);
    world.github.name(owner.id, 'nora2');
    world.github.name(499, 'nora');
    const [after, thief] = [await githubLogin(world, owner.id), await githubLogin(world, 499)];
    for (const token of [before, after]) expect(await mayWrite(world, token, 'io.github.nora/weather')).toBe('ok');
    expect(await mayWrite(world, after, 'io.github.nora2/weather')).toBe('ok');
    expect(await mayWrite(world, thief, 'io.github.nora/weather')).toBe(
      'NAMESPACE_DISPUTED: Another account (nora2) proved io.github.nora first, so it stays theirs. If that is wrong, ask the operators.',
    );
    expect(await mayWrite(world, thief, 'io.github.nora/weather', 'status')).toContain('NAMESPACE_DISPUTED');
    expect(await publishes(after)).toEqual(['io.github.nora2/*', 'io.github.nora/*']);
    expect(await publishes(thief)).toEqual([]);
  });

  test('of an organisation too', async () => {
    world.github.name(410, 'olaf');
    world.github.name(920, 'house');
    world.github.member(410, 920, 'admin');
    await githubLogin(world, 410);
    world.github.name(920, 'house2');
    world.github.name(411, 'thief');
    world.github.name(921, 'house');
    world.github.member(411, 921, 'admin');
    const [owner, thief] = [await githubLogin(world, 410), await githubLogin(world, 411)];
    expect(await mayWrite(world, owner, 'io.github.house/weather')).toBe('ok');
    expect(await mayWrite(world, thief, 'io.github.house/weather')).toContain('NAMESPACE_DISPUTED');
    expect(await publishes(thief)).toEqual(['io.github.thief/*']);
  });
});
