import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordValue } from '../../src/namespaces/verification-record.ts';
import { githubLogin, PUBLIC_URL, startAuthWorld, type AuthWorld } from '../auth/outside.ts';
import { alice, bob } from '../auth/principals.ts';
import { check, mayPublish, post, start, verify } from './world.ts';

const DAY_MS = 24 * 3_600_000;
const PROOF = /^mcp-verify=[A-Za-z0-9_-]{43}$/;

let world: AuthWorld;
let ofAlice: string;
let ofBob: string;

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
  world.github.name(bob.id, bob.login);
  [ofAlice, ofBob] = [await githubLogin(world, alice.id), await githubLogin(world, bob.id)];
});

afterAll(() => world.close());

describe('a proof, from start to finish', () => {
  test('by GraphQL', async () => {
    const before = world.now();
    const begun = await start(world, ofAlice, 'Graph.Example.');
    expect(begun).toEqual({
      domain: 'graph.example',
      method: 'txt',
      status: 'PENDING',
      record: { type: 'TXT', name: 'graph.example', value: expect.stringMatching(PROOF) },
      reason: null,
      expiresAt: expect.any(String),
      verifiedAt: null,
    });
    expect(Date.parse(begun.expiresAt!) - before.valueOf()).toBeGreaterThanOrEqual(7 * DAY_MS);
    expect(Date.parse(begun.expiresAt!) - world.now().valueOf()).toBeLessThanOrEqual(7 * DAY_MS);
    expect(await mayPublish(world, ofAlice, 'example.graph/weather')).toBe('NAMESPACE_FORBIDDEN');
    world.dns.txt('graph.example', begun.record!.value);
    const found = { ...begun, status: 'VERIFIED', expiresAt: null, verifiedAt: expect.any(String) };
    expect(await check(world, ofAlice, 'graph.example')).toEqual(found);
    expect(await check(world, ofAlice, 'graph.example')).toEqual(found);
    expect(await start(world, ofAlice, 'graph.example')).toEqual(found);
  });

  test('by REST, in the shapes of the contract, under both prefixes', async () => {
    for (const [prefix, domain] of [
      ['/v0', 'old-rest.example'],
      ['/v0.1', 'rest.example'],
    ] as const) {
      const begun = await post(world, `${prefix}/verify-domain`, { domain }, ofAlice);
      expect(begun).toMatchObject({ status: 200 });
      expect(begun.body).toEqual({
        domain,
        status: 'pending',
        record: { type: 'TXT', name: domain, value: expect.stringMatching(PROOF) },
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
      const { value } = begun.body.record as { value: string };
      world.dns.txt(domain, value);
      const found = await post(world, `${prefix}/verify-domain/check`, { domain }, ofAlice);
      expect(found.body).toEqual({ domain, status: 'verified', verifiedAt: expect.stringMatching(/Z$/) });
      expect(found.headers.get('cache-control')).toBe('no-store');
      expect(await mayPublish(world, ofAlice, `${domain.split('.').reverse().join('.')}/weather`)).toBe('ok');
    }
  });

  test('it gives the domain and all below it, and nothing beside it', async () => {
    await verify(world, ofAlice, 'wide.example');
    for (const [name, said] of [
      ['example.wide/weather', 'ok'],
      ['Example.Wide/Weather', 'ok'],
      ['example.wide.team/weather', 'ok'],
      ['example.wide.team.a/weather', 'ok'],
      ['example.wide2/weather', 'NAMESPACE_FORBIDDEN'],
      ['example.wide-2/weather', 'NAMESPACE_FORBIDDEN'],
      ['example.other/weather', 'NAMESPACE_FORBIDDEN'],
    ] as const) {
      expect(`${name} ${await mayPublish(world, ofAlice, name)}`).toBe(`${name} ${said}`);
    }
    expect(await mayPublish(world, ofBob, 'example.wide/weather')).toBe('NAMESPACE_FORBIDDEN');
  });
});

describe('where the record is looked for', () => {
  test('below the domain, where the domain itself has none', async () => {
    await verify(world, ofAlice, 'below.example', '_mcp-registry.below.example');
    const [row] = await auditOf('below.example');
    expect(row).toMatchObject({ details: { at: '_mcp-registry.below.example', status: 'verified' } });
  });

  test('in one of many records, in pieces, with spaces around it', async () => {
    const { record } = await start(world, ofAlice, 'pieces.example');
    const { value } = record!;
    world.dns.txt('pieces.example', 'v=spf1 -all', 'mcp-verify=old', [value.slice(0, 7), value.slice(7)]);
    expect(await check(world, ofAlice, 'pieces.example')).toMatchObject({ status: 'VERIFIED' });
    world.dns.txt('pieces.example', ` ${value} `);
    expect(await check(world, ofAlice, 'pieces.example')).toMatchObject({ status: 'VERIFIED' });
  });

  test('by TCP, when the answer is too long for UDP; beside 500 others', async () => {
    const { record } = await start(world, ofAlice, 'long.example');
    const noise = Array.from({ length: 499 }, (_, i) => `noise ${i} ${'x'.repeat(80)}`);
    world.dns.txt('long.example', ...noise, record!.value);
    expect(await check(world, ofAlice, 'long.example')).toMatchObject({ status: 'VERIFIED' });
    const asked = world.dns.questions.filter((one) => one.name === 'long.example').map((one) => one.over);
    expect(asked).toEqual(['udp', 'tcp']);
  });

  test('under the name that DNS knows, when the domain was written in another script', async () => {
    const { record } = await start(world, ofAlice, 'Bücher.Example');
    expect(record!.name).toBe('xn--bcher-kva.example');
    world.dns.txt('xn--bcher-kva.example', record!.value);
    expect(await check(world, ofAlice, 'bücher.example')).toMatchObject({ status: 'VERIFIED' });
    expect(await mayPublish(world, ofAlice, 'example.xn--bcher-kva/books')).toBe('ok');
  });

  test('one name that has it is enough when the other can not be told', async () => {
    for (const [broken, domain] of [
      ['half-a.example', 'half-a.example'],
      ['_mcp-registry.half-b.example', 'half-b.example'],
    ] as const) {
      const { record } = await start(world, ofAlice, domain);
      world.dns.fail(broken, 'SERVFAIL');
      expect(await check(world, ofAlice, domain)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
      world.dns.txt(broken === domain ? `_mcp-registry.${domain}` : domain, record!.value);
      expect(await check(world, ofAlice, domain)).toMatchObject({ status: 'VERIFIED' });
    }
  });

  test('a domain so long that nothing can stand below it', async () => {
    const domain = `${'a.'.repeat(118)}long.example`;
    const { record } = await start(world, ofAlice, domain);
    expect(await check(world, ofAlice, domain)).toMatchObject({ code: 'PROOF_REJECTED' });
    world.dns.txt(domain, record!.value);
    expect(await check(world, ofAlice, domain)).toMatchObject({ status: 'VERIFIED' });
  });
});

describe('what is no proof', () => {
  const nothing = 'There is no mcp-verify record at either name.';
  const another = 'stands an mcp-verify record, but not yours: replace its value, or add yours beside it.';

  test.each([
    ['no record', nothing, () => null],
    ['a record of something else', nothing, () => 'v=spf1 -all'],
    ['a stale record', another, () => `mcp-verify=${randomBytes(32).toString('base64url')}`],
    ['half of it', another, (value: string) => value.slice(0, -1)],
    ['more than it', another, (value: string) => `${value}0`],
    ['it in another case', another, (value: string) => `mcp-verify=${value.slice(11).toLowerCase()}`],
    ['it in quotes', nothing, (value: string) => `"${value}"`],
  ])('%s', async (name, sentence, published) => {
    const domain = `${name.replaceAll(' ', '-')}.example`;
    const { record } = await start(world, ofAlice, domain);
    const value = published(record!.value);
    if (value !== null) world.dns.txt(domain, value);
    const refusal = await check(world, ofAlice, domain);
    expect(refusal).toMatchObject({ code: 'PROOF_REJECTED', retryable: false });
    expect(refusal.message).toContain(`looked for at ${domain} and at _mcp-registry.${domain}. `);
    expect(refusal.message).toContain(sentence);
    expect(refusal.message).not.toContain(record!.value.slice(11));
    expect(await mayPublish(world, ofAlice, `example.${name.replaceAll(' ', '-')}/weather`)).toBe(
      'NAMESPACE_FORBIDDEN',
    );
  });

  test("another account's record, and the same account's for another domain", async () => {
    const mine = await start(world, ofAlice, 'mine.example');
    const other = await start(world, ofAlice, 'mine-too.example');
    await start(world, ofBob, 'mine.example');
    world.dns.txt('mine.example', mine.record!.value);
    expect(await check(world, ofBob, 'mine.example')).toMatchObject({ code: 'PROOF_REJECTED' });
    world.dns.txt('mine.example', other.record!.value);
    expect(await check(world, ofAlice, 'mine.example')).toMatchObject({ code: 'PROOF_REJECTED' });
  });

  test("another deployment's record, even of the same challenge", async () => {
    await start(world, ofAlice, 'elsewhere.example');
    const [row] = await world.registry.app.db.sql<{ challenge: string; accountId: number }>(
      `SELECT challenge, account_id AS "accountId" FROM domain_verifications WHERE domain = 'elsewhere.example'`,
    );
    const { challenge, accountId } = row!;
    const bound = { publicUrl: 'https://other.test', accountId, domain: 'elsewhere.example' };
    world.dns.txt('elsewhere.example', recordValue(challenge, bound));
    expect(await check(world, ofAlice, 'elsewhere.example')).toMatchObject({ code: 'PROOF_REJECTED' });
    world.dns.txt('elsewhere.example', recordValue(challenge, { ...bound, publicUrl: PUBLIC_URL }));
    expect(await check(world, ofAlice, 'elsewhere.example')).toMatchObject({ status: 'VERIFIED' });
  });

  test('a wildcard, at either name; beside one the record itself counts', async () => {
    const { record } = await start(world, ofAlice, 'sub.wild.example');
    world.dns.wildcard('wild.example', record!.value);
    world.dns.wildcard('sub.wild.example', record!.value);
    const refusal = await check(world, ofAlice, 'sub.wild.example');
    expect(refusal).toMatchObject({ code: 'PROOF_REJECTED' });
    expect(refusal.message).toContain(
      "The record at sub.wild.example and _mcp-registry.sub.wild.example is a wildcard's, which answers for every name",
    );
    world.dns.wildcard('sub.wild.example', 'v=spf1 -all');
    expect(await check(world, ofAlice, 'sub.wild.example')).toMatchObject({ code: 'PROOF_REJECTED' });
    world.dns.txt('_mcp-registry.sub.wild.example', record!.value);
    expect(await check(world, ofAlice, 'sub.wild.example')).toMatchObject({ status: 'VERIFIED' });
  });

  test.each(['SERVFAIL', 'REFUSED', 'timeout'] as const)('a resolver that says %s: try again', async (how) => {
    const domain = `${how.toLowerCase()}.example`;
    await start(world, ofAlice, domain);
    world.dns.fail(domain, how);
    const started = performance.now();
    const refusal = await post(world, '/v0.1/verify-domain/check', { domain }, ofAlice);
    expect(refusal).toMatchObject({ status: 503, body: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } });
    expect(refusal.headers.get('retry-after')).toBe('15');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('what was never begun', async () => {
    expect(await check(world, ofAlice, 'never.example')).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('two records of one account never are the same, nor shorter than 128 bits', async () => {
  const [one, two] = await Promise.all([start(world, ofAlice, 'one.example'), start(world, ofAlice, 'two.example')]);
  const [a, b] = [one, two].map(({ record }) => Buffer.from(record!.value.slice('mcp-verify='.length), 'base64url'));
  expect(a).not.toEqual(b);
  expect(a!.length * 8).toBeGreaterThanOrEqual(128);
});

const auditOf = (domain: string) =>
  world.registry.app.db.sql<{ details: object }>(
    "SELECT details FROM audit WHERE target = $1 AND action = 'domain.verify.check' AND outcome = 'done'",
    [domain],
  );
