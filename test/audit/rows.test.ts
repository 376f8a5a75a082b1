import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicSchema } from '../../src/schema.ts';
import { ed25519Key } from '../auth/keys.ts';
import { githubLogin, publishKey, staffLogin, startAuthWorld, type AuthWorld } from '../auth/outside.ts';
import { alice, bob } from '../auth/principals.ts';
import { cases, who } from './cases.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld();
  for (const one of [alice, bob]) world.github.name(one.id, one.login);
  Object.assign(who, { world, alice: await githubLogin(world, alice.id), staff: await staffLogin(world) });
  await githubLogin(world, bob.id);
});

afterAll(() => world.close());

interface Row {
  actor: string | null;
  action: string;
  target: string | null;
  outcome: string;
  details: Record<string, unknown>;
}

/** The rows that some work leaves. */
async function rowsOf(work: () => Promise<unknown>): Promise<Row[]> {
  const { sql } = world.registry.app.db;
  const [before] = await sql<{ n: number }>('SELECT n FROM audit_head');
  await work();
  return sql<Row>('SELECT actor, action, target, outcome, details FROM audit WHERE id > $1 ORDER BY id', [before!.n]);
}

async function mutate(mutation: string, input: unknown, token?: string): Promise<string> {
  const type = publicSchema.getMutationType()!.getFields()[mutation]!.args[0]?.type;
  const call = type ? `${mutation}(input: $i)` : mutation;
  const query = `mutation ${type ? `($i: ${type})` : ''} { ${call} { __typename ... on Error { code message } } }`;
  const { data, errors } = await world.registry.graphql(query, { i: input }, token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[mutation].code ?? 'ok';
}

/** Writes nothing and is worth nothing until it is signed. */
const leavesNone = 'startDomainProof';

describe('every login, write and refusal leaves exactly one row', () => {
  const mutations = Object.keys(publicSchema.getMutationType()!.getFields()).filter((name) => name !== leavesNone);

  test('each mutation of the schema has a case here', () => {
    expect(Object.keys(cases).toSorted()).toEqual(mutations.toSorted());
  });

  test.each(mutations)('%s, done', async (mutation) => {
    const { action, target, actor, token, input } = cases[mutation]!;
    const given = await input();
    const rows = await rowsOf(async () => expect(await mutate(mutation, given, await token?.())).toBe('ok'));
    // A login that the case needs first is a row of its own.
    const own = rows.filter((row) => row.action === action);
    expect(own).toEqual([
      { actor: actor(), action, target: target ?? expect.any(String), outcome: 'done', details: expect.any(Object) },
    ]);
    expect(rows.filter((row) => row.action !== action && !row.action.startsWith('login.'))).toEqual([]);
  });

  test.each(mutations.filter((name) => cases[name]!.bad))('%s, refused', async (mutation) => {
    const { action, actor, token, bad } = cases[mutation]!;
    const by = await token?.();
    let code = '';
    const rows = await rowsOf(async () => (code = await mutate(mutation, bad, by)));
    expect(code).not.toBe('ok');
    expect(rows).toMatchObject([
      {
        actor: by === undefined ? null : actor(),
        action,
        outcome: 'refused',
        details: { code, message: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  test.each(mutations.filter((name) => cases[name]!.token))('%s by nobody', async (mutation) => {
    const { action, input } = cases[mutation]!;
    const given = await input();
    const rows = await rowsOf(() => mutate(mutation, given));
    expect(rows).toMatchObject([{ actor: null, action, outcome: 'refused', details: { code: 'UNAUTHENTICATED' } }]);
    const forged = await rowsOf(() => mutate(mutation, given, 'canary-forged'));
    expect(forged).toMatchObject([{ actor: null, action, outcome: 'refused', details: { code: 'UNAUTHENTICATED' } }]);
    expect(JSON.stringify(forged)).not.toContain('canary');
  });
});

describe('the other door leaves the same', () => {
  const post = (path: string, body: object, token?: string) =>
    world.registry.rest(`/v0.1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });

  test.each([
    ['/auth/github-at', { github_token: 'canary' }, 'login.github-at'],
    ['/auth/github-oidc', { oidc_token: 'canary' }, 'login.github-oidc'],
    ['/auth/oidc', { oidc_token: 'canary' }, 'login.oidc'],
    ['/auth/dns', { domain: 'example.com', timestamp: 'canary', signed_timestamp: '00' }, 'login.dns'],
    ['/auth/http', { domain: 'example.com', timestamp: 'canary', signed_timestamp: '00' }, 'login.http'],
    ['/verify-domain', { domain: 'rest.example' }, 'domain.verify.start'],
    ['/verify-domain/check', { domain: 'rest.example' }, 'domain.verify.check'],
  ])('%s, refused', async (path, body, action) => {
    const rows = await rowsOf(() => post(path, body));
    expect(rows).toMatchObject([{ action, outcome: 'refused' }]);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  test('done', async () => {
    const rows = await rowsOf(async () => {
      await post('/auth/github-at', { github_token: world.github.issue(alice.id) });
      await post('/verify-domain', { domain: 'rest.example' }, who.alice);
    });
    expect(rows).toMatchObject([
      { action: 'login.github-at', target: 'alice', outcome: 'done' },
      { action: 'domain.verify.start', target: 'rest.example', outcome: 'done' },
    ]);
  });
});

describe('what leaves no row', () => {
  test('reading, a challenge, and what an outage stopped', async () => {
    publishKey(world, 'example.com', ed25519Key());
    world.dns.fail('example.com', 'SERVFAIL');
    const timestamp = world.now().toISOString();
    const rows = await rowsOf(async () => {
      await world.registry.graphql('{ viewer { subject } registry { revision } }', {}, who.alice);
      await mutate('startDomainProof', { domain: 'example.com', method: 'DNS' });
      const proof = { domain: 'example.com', method: 'DNS', timestamp, signature: '00' };
      expect(await mutate('exchangeDomainProof', proof)).toBe('UPSTREAM_UNAVAILABLE');
    });
    expect(rows).toEqual([]);
  });
});
