import { generateKeyPairSync } from 'node:crypto';
import { generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayWrite, mutate, permissions, tryToken } from './asks.ts';
import { githubLogin, PUBLIC_URL, startAuthWorld, workflowLogin, workflowToken, type AuthWorld } from './outside.ts';
import { acme, alice } from './principals.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld();
  for (const { id, login } of [alice, acme]) world.github.name(id, login);
});

afterAll(() => world.close());

const tryClaims = async (claims: JWTPayload) =>
  tryToken(world, 'github-oidc', await workflowToken(world, acme, claims));
const secondsFromNow = (seconds: number) => Math.floor(world.now().valueOf() / 1000) + seconds;
const fetches = () => world.actions.requests.filter((path) => path === '/.well-known/jwks').length;

describe('a token that is not for this registry, or not of a workflow that may publish', () => {
  const stranger = (event: string) =>
    `PROOF_REJECTED: A workflow that was started by ${event} can not publish: use push, release or workflow_dispatch.`;
  const together =
    "PROOF_REJECTED: The token's claims do not fit together: repository, repository_owner, workflow_ref.";
  const lacks = (names: string) =>
    `PROOF_REJECTED: The token lacks claims of GitHub Actions, or they are malformed: ${names}.`;

  test.each<[string, JWTPayload, string]>([
    [
      "the official registry's audience",
      { aud: 'mcp-registry' },
      `PROOF_REJECTED: The token was made for the audience "mcp-registry", not for ${PUBLIC_URL}: ask for one with that audience.`,
    ],
    ["another registry's audience", { aud: 'https://other.test' }, 'made for the audience "https://other.test"'],
    ['an audience that begins like ours', { aud: `${PUBLIC_URL}.evil.test` }, 'made for the audience'],
    ['no audience', { aud: undefined }, 'made for the audience null'],
    [
      'another issuer',
      { iss: 'https://evil.test' },
      'PROOF_REJECTED: The token is by "https://evil.test", not by http',
    ],
    ['an event of strangers', { event_name: 'pull_request_target' }, stranger('pull_request_target')],
    ['an event after one of strangers', { event_name: 'workflow_run' }, stranger('workflow_run')],
    ['no repository', { repository: undefined }, lacks('repository')],
    ['no owner', { repository_owner: undefined }, lacks('repository_owner')],
    ["no owner's number", { repository_owner_id: undefined }, lacks('repository_owner_id')],
    ['a number that is none', { repository_owner_id: '900 OR 1=1' }, lacks('repository_owner_id')],
    ['a number with a nought before it', { repository_owner_id: '0900' }, lacks('repository_owner_id')],
    ['no workflow', { workflow_ref: undefined }, lacks('workflow_ref')],
    ["another owner's repository", { repository: 'mallory/weather' }, together],
    ['a workflow that is no file of the repository', { workflow_ref: 'acme/weather@refs/heads/main' }, together],
    ['a number that is no text', { jti: 5 as never }, "PROOF_REJECTED: The token's `jti` is too long, or no text."],
    [
      'a number of a kilobyte',
      { jti: 'j'.repeat(1_000) },
      "PROOF_REJECTED: The token's `jti` is too long, or no text.",
    ],
  ])('%s', async (_name, claims, sentence) => {
    expect(await tryClaims(claims)).toContain(sentence);
  });

  test('out of its time', async () => {
    expect(await tryClaims({ exp: secondsFromNow(-90) })).toBe(
      'PROOF_REJECTED: The token has expired: ask for a new one.',
    );
    expect(await tryClaims({ nbf: secondsFromNow(90) })).toContain("The token's claim nbf");
    expect(await tryClaims({ iat: secondsFromNow(90) })).toContain("The token's claim iat");
    expect(await tryClaims({ iat: secondsFromNow(-25 * 3600), exp: secondsFromNow(60) })).toContain('has expired');
    // The clock of an issuer may be off by a minute.
    expect(await tryClaims({ exp: secondsFromNow(-30) })).toBe('ok');
    expect(await tryClaims({ nbf: secondsFromNow(30), iat: secondsFromNow(30) })).toBe('ok');
  });

  test('signed by someone else, or by nobody', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const claims = { aud: PUBLIC_URL };
    const forged = await world.actions.sign(claims, { key: privateKey });
    expect(await tryToken(world, 'github-oidc', forged)).toBe("PROOF_REJECTED: The token's signature is wrong.");
    const [head, body] = (await workflowToken(world, acme)).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(pem));
    for (const token of [`${none}.${body}.`, `${none}.${body}.AA`, `${head}.${body}`, hmac, 'x', '', 'a.b.c']) {
      expect(await tryToken(world, 'github-oidc', token)).toMatch(/^PROOF_REJECTED: The token is no JWT/);
    }
  });
});

describe("the issuer's keys", () => {
  test('are fetched once for 20 logins', async () => {
    const fresh = await startAuthWorld();
    await Promise.all(Array.from({ length: 20 }, () => workflowLogin(fresh, acme)));
    const path = '/.well-known/jwks';
    console.log(`20 workflow logins: ${fresh.actions.requests.length} fetches of keys`);
    expect(fresh.actions.requests).toEqual([path]);
    // Once more for a key that came into use, and then no more.
    await fresh.actions.rotate();
    await Promise.all(Array.from({ length: 20 }, () => workflowLogin(fresh, acme)));
    console.log(`20 more with a new key: ${fresh.actions.requests.length - 1} fetches`);
    expect(fresh.actions.requests).toEqual([path, path]);
    await fresh.close();
  });

  test('are not asked for again and again by tokens of keys that nobody knows', async () => {
    const before = fetches();
    for (let i = 0; i < 25; i++) {
      const token = await world.actions.sign({ aud: PUBLIC_URL }, { kid: `unknown-${i}` });
      expect(await tryToken(world, 'github-oidc', token)).toBe(
        `PROOF_REJECTED: No key of ${world.actions.issuer} signed the token.`,
      );
    }
    console.log(`50 tokens of unknown keys: ${fetches() - before} fetches`);
    expect(fetches() - before).toBeLessThanOrEqual(5);
    await expect(workflowLogin(world, acme)).resolves.toBeDefined();
  });
});

describe('whose names a workflow gets', () => {
  test("its owner's, by the owner's number", async () => {
    const token = await workflowLogin(world, acme);
    expect(await permissions(world, token)).toEqual(['publish io.github.acme/*']);
    expect(await mayWrite(world, token, 'io.github.alice/weather')).toContain('NAMESPACE_FORBIDDEN');
  });

  test('who registers a freed login gets nothing by it', async () => {
    await workflowLogin(world, { id: 930, login: 'freed' });
    const thief = await workflowLogin(world, { id: 931, login: 'freed' });
    expect(await mayWrite(world, thief, 'io.github.freed/weather')).toBe(
      'NAMESPACE_DISPUTED: Another account (freed) proved io.github.freed first, so it stays theirs. If that is wrong, ask the operators.',
    );
    expect(await permissions(world, thief)).toEqual([]);
    const renamed = await workflowLogin(world, { id: 930, login: 'renamed' });
    expect(await mayWrite(world, renamed, 'io.github.freed/weather')).toBe('ok');
  });

  test('an owner and its workflow are one account', async () => {
    const person = await githubLogin(world, alice.id);
    const workflow = await workflowLogin(world, alice);
    for (const token of [person, workflow]) expect(await mayWrite(world, token, 'io.github.alice/weather')).toBe('ok');
  });

  test('a workflow makes no more of itself', async () => {
    const token = await workflowLogin(world, alice);
    const said = await mutate(world, 'createApiToken', { name: 'x', names: ['io.github.alice/*'] }, { token });
    expect(said).toMatchObject({ code: 'FORBIDDEN', message: 'A workflow can not do this: log in yourself.' });
  });
});

describe('a trusted publisher', () => {
  const name = 'io.github.alice/pinned';
  const trust = async (publisher: object | null, of = name) =>
    mutate(world, 'setTrustedPublisher', { name: of, publisher }, { token: await githubLogin(world, alice.id) });
  const pinned = { repository: 'Alice/weather', workflow: 'release.yml', environment: 'production' };
  const ref = (file: string, repository = 'alice/weather') => `${repository}/.github/workflows/${file}@refs/heads/main`;

  test.each<[string, JWTPayload, string]>([
    ['itself', { workflow_ref: ref('release.yml'), environment: 'production' }, 'ok'],
    [
      'itself, on a tag',
      { workflow_ref: 'alice/weather/.github/workflows/release.yml@refs/tags/v1', environment: 'Production' },
      'ok',
    ],
    [
      'another workflow',
      { workflow_ref: ref('publish.yml'), environment: 'production' },
      'publish.yml of alice/weather in the environment production',
    ],
    [
      'another environment',
      { workflow_ref: ref('release.yml'), environment: 'staging' },
      'release.yml of alice/weather in the environment staging',
    ],
    ['no environment', { workflow_ref: ref('release.yml') }, 'release.yml of alice/weather'],
    [
      'another repository',
      { repository: 'alice/fork', workflow_ref: ref('release.yml', 'alice/fork'), environment: 'production' },
      'release.yml of alice/fork in the environment production',
    ],
  ])('%s', async (_name, claims, is) => {
    await trust(pinned);
    const said = await mayWrite(world, await workflowLogin(world, alice, claims), name);
    expect(said).toBe(
      is === 'ok'
        ? 'ok'
        : "FORBIDDEN: This server's trusted publisher is release.yml of Alice/weather in the environment production, " +
            `and this is ${is}: publish from there.`,
    );
  });

  test('counts for its server alone, not for people, and no more once it is taken back', async () => {
    await trust(pinned);
    const other = () => workflowLogin(world, alice);
    expect(await mayWrite(world, await other(), name)).toContain('FORBIDDEN');
    expect(await mayWrite(world, await other(), name, 'status')).toContain('FORBIDDEN');
    expect(await mayWrite(world, await other(), 'IO.GitHub.Alice/Pinned')).toContain('FORBIDDEN');
    expect(await mayWrite(world, await other(), 'io.github.alice/free')).toBe('ok');
    expect(await mayWrite(world, await githubLogin(world, alice.id), name)).toBe('ok');
    await trust(null);
    expect(await mayWrite(world, await other(), name)).toBe('ok');
  });

  test('gives no rights by itself: a repository that others own may not publish by being named', async () => {
    await trust({ repository: 'acme/weather', workflow: 'publish.yml' });
    expect(await mayWrite(world, await workflowLogin(world, acme), name)).toContain('NAMESPACE_FORBIDDEN');
    await trust(null);
  });

  test.each([
    [{ repository: 'weather', workflow: 'a.yml' }, 'A repository is written owner/name, such as acme/weather.'],
    [{ repository: 'a/b/c', workflow: 'a.yml' }, 'A repository is written owner/name, such as acme/weather.'],
    [
      { repository: 'a/b', workflow: '../a.yml' },
      'A workflow is the name of its file in .github/workflows, such as publish.yml.',
    ],
    [
      { repository: 'a/b', workflow: 'a.yml', environment: 'x'.repeat(300) },
      'An environment is too long: at most 255 characters, not 300.',
    ],
  ])('%j is refused', async (publisher, message) => {
    expect(await trust(publisher)).toMatchObject({ code: 'BAD_USER_INPUT', message });
  });
});
