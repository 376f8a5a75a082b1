import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicSchema } from '../../src/schema.ts';
import { ed25519Key } from '../auth/keys.ts';
import { githubLogin, publishKey, staffLogin, startAuthWorld, workflowToken, type AuthWorld } from '../auth/outside.ts';
import { alice, apiToken, bob } from '../auth/principals.ts';
import { start } from '../namespaces/world.ts';

let world: AuthWorld;
let ofAlice: string;
let ofStaff: string;

beforeAll(async () => {
  world = await startAuthWorld();
  for (const one of [alice, bob]) world.github.name(one.id, one.login);
  [ofAlice, ofStaff] = [await githubLogin(world, alice.id), await staffLogin(world)];
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

/** What one mutation leaves when it is done and when it is refused. */
interface Case {
  action: string;
  /** What it is done to, as far as that is known before. */
  target?: string;
  actor: () => string;
  token?: () => string | Promise<string>;
  input: () => unknown;
  /** An input that is refused. */
  bad?: unknown;
}

const aliceIs = () => 'github:101';
const staff = () => `oidc:${world.staff.issuer}:root`;
const asAlice = () => ofAlice;
const asStaff = () => ofStaff;
const garbage = { token: 'canary-garbage' };

const cases: Record<string, Case> = {
  exchangeGithubToken: {
    action: 'login.github-at',
    actor: aliceIs,
    input: () => ({ token: world.github.issue(alice.id) }),
    bad: garbage,
  },
  exchangeGithubOidcToken: {
    action: 'login.github-oidc',
    actor: aliceIs,
    input: async () => ({ token: await workflowToken(world, alice) }),
    bad: garbage,
  },
  exchangeOidcToken: {
    action: 'login.oidc',
    actor: staff,
    input: async () => {
      const claims = { aud: 'registry-staff', sub: 'root', hd: 'registry.test' };
      return { token: await world.staff.sign(claims, { now: world.now() }) };
    },
    bad: garbage,
  },
  exchangeDomainProof: {
    action: 'login.dns',
    target: 'example.com',
    actor: () => 'domain:example.com',
    input: () => {
      const timestamp = world.now().toISOString();
      const signature = publishKey(world, 'example.com').sign(timestamp);
      return { domain: 'example.com', method: 'DNS', timestamp, signature };
    },
    bad: { domain: 'example.com', method: 'DNS', timestamp: '2020-01-01T00:00:00Z', signature: '00' },
  },
  loginAnonymously: { action: 'login.none', actor: () => 'anonymous:anonymous', input: () => undefined },
  revokeSession: {
    action: 'session.revoke',
    actor: aliceIs,
    token: () => githubLogin(world, alice.id),
    input: () => undefined,
  },
  createApiToken: {
    action: 'token.create',
    actor: aliceIs,
    token: asAlice,
    input: () => ({ name: 'CI', names: ['io.github.alice/*'] }),
    bad: { name: 'CI', names: ['io.github.bob/*'] },
  },
  revokeApiToken: {
    action: 'token.revoke',
    actor: aliceIs,
    token: asAlice,
    input: async () => {
      await apiToken(world, ofAlice, ['io.github.alice/*']);
      const { data } = await world.registry.graphql('{ viewer { apiTokens { id } } }', {}, ofAlice);
      return { id: data.viewer.apiTokens[0].id };
    },
    bad: { id: 'no such token' },
  },
  setTrustedPublisher: {
    action: 'trusted-publisher.set',
    target: 'io.github.alice/weather',
    actor: aliceIs,
    token: asAlice,
    input: () => ({
      name: 'io.github.alice/weather',
      publisher: { repository: 'alice/weather', workflow: 'publish.yml' },
    }),
    bad: { name: 'io.github.bob/weather', publisher: { repository: 'bob/weather', workflow: 'publish.yml' } },
  },
  startDomainVerification: {
    action: 'domain.verify.start',
    target: 'audited.example',
    actor: aliceIs,
    token: asAlice,
    input: () => ({ domain: 'audited.example' }),
    bad: { domain: 'co.uk' },
  },
  checkDomainVerification: {
    action: 'domain.verify.check',
    target: 'audited.example',
    actor: aliceIs,
    token: asAlice,
    input: async () => {
      const { record } = await start(world, ofAlice, 'audited.example');
      world.dns.txt('audited.example', record!.value);
      return { domain: 'audited.example' };
    },
    bad: { domain: 'never-begun.example' },
  },
  setNamespaceBlock: {
    action: 'namespace.unblock',
    target: 'com.blocked',
    actor: staff,
    token: asStaff,
    input: () => ({ namespace: 'com.blocked', blocked: false, reason: 'Heard.' }),
    bad: { namespace: 'com.blocked', blocked: false, reason: ' ' },
  },
  setAccountBlock: {
    action: 'account.unblock',
    target: 'github:102',
    actor: staff,
    token: asStaff,
    input: () => ({ account: { provider: 'github', subject: '102' }, blocked: false, reason: 'Heard.' }),
    bad: { account: { provider: 'github', subject: '999999' }, blocked: false, reason: 'Heard.' },
  },
  assignNamespace: {
    action: 'namespace.assign',
    target: 'io.github.freed',
    actor: staff,
    token: asStaff,
    input: () => ({
      namespace: 'io.github.freed',
      account: { provider: 'github', subject: '101' },
      reason: 'A transfer.',
    }),
    bad: { namespace: 'nonsense', account: { provider: 'github', subject: '101' }, reason: 'A transfer.' },
  },
};

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
      await post('/verify-domain', { domain: 'rest.example' }, ofAlice);
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
      await world.registry.graphql('{ viewer { subject } registry { revision } }', {}, ofAlice);
      await mutate('startDomainProof', { domain: 'example.com', method: 'DNS' });
      const proof = { domain: 'example.com', method: 'DNS', timestamp, signature: '00' };
      expect(await mutate('exchangeDomainProof', proof)).toBe('UPSTREAM_UNAVAILABLE');
    });
    expect(rows).toEqual([]);
  });
});
