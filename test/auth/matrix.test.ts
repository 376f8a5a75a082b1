import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorize, serverTarget } from '../../src/auth/authorize.ts';
import { readViewer, type Action } from '../../src/auth/viewer.ts';
import { RegistryError } from '../../src/errors.ts';
import { domainOfNamespace } from '../../src/namespaces/domain.ts';
import { publicSchema } from '../../src/schema.ts';
import { aServer } from '../app.ts';
import { startAuthWorld, type AuthWorld } from './outside.ts';
import { alice, apiToken, bob, populate, type Principal } from './principals.ts';

let world: AuthWorld;
let principals: Principal[];
const tokens = new Map<string, string | null>();

beforeAll(async () => {
  world = await startAuthWorld();
  principals = await populate(world);
  for (const { name, login } of principals) tokens.set(name, await login());
});

afterAll(() => world.close());

const targets = {
  own: 'io.github.alice/weather',
  other: 'io.github.bob/weather',
  'prefix trap': 'io.github.alice2/weather',
  'case variant': 'IO.GitHub.Alice/Weather',
  organisation: 'io.github.acme/weather',
  domain: 'com.example/weather',
  'nested subdomain': 'com.example.team/weather',
  'lapsed domain': 'net.example/weather',
  reserved: 'io.modelcontextprotocol/weather',
  anonymous: 'io.modelcontextprotocol.anonymous/weather',
} as const;
type Target = keyof typeof targets;
const all = Object.keys(targets) as Target[];

/** Whom a token is worth nothing to, or is refused whatever it asks for. */
const refused: Record<string, string> = {
  nobody: 'UNAUTHENTICATED',
  'no token at all': 'UNAUTHENTICATED',
  'an expired login': 'UNAUTHENTICATED',
  "another registry's login": 'UNAUTHENTICATED',
  'a login without a session': 'UNAUTHENTICATED',
  'a revoked login': 'UNAUTHENTICATED',
  'a blocked account': 'BLOCKED',
};

/** What each of the others may publish; all else is not theirs, or beyond their API token. */
const mayPublish: Record<string, Target[]> = {
  alice: ['own', 'case variant'],
  bob: ['other'],
  "carol, acme's owner": ['organisation'],
  "dave, acme's member": [],
  "alice's workflow": ['own', 'case variant'],
  "bob's workflow": ['other'],
  "alice's API token": ['own', 'case variant'],
  "alice's API token for another server": [],
  "alice's API token for statuses": [],
  'example.com by DNS': ['domain', 'nested subdomain'],
  'example.com by HTTP': ['domain'],
  'example.net, lapsed': [],
  'the anonymous account': ['anonymous'],
  'an administrator': all,
};

const isApiToken = (name: string) => name.includes('API token');
const isAdministrator = (name: string) => name === 'an administrator';
/** Who is nobody's own login, and must not make more of itself. */
const isUnattended = (name: string) =>
  isApiToken(name) || name.includes('workflow') || name === 'the anonymous account';

function expectedRule(name: string, action: Action, target: Target): string {
  if (refused[name]) return refused[name];
  if (action === 'edit') return isAdministrator(name) ? 'ok' : 'FORBIDDEN';
  if (name === "alice's API token for statuses") {
    return action === 'status' && ['own', 'case variant'].includes(target) ? 'ok' : 'FORBIDDEN';
  }
  if (isApiToken(name)) return action === 'publish' && mayPublish[name]!.includes(target) ? 'ok' : 'FORBIDDEN';
  return mayPublish[name]!.includes(target) ? 'ok' : 'NAMESPACE_FORBIDDEN';
}

describe('who may do what to which name', () => {
  test('the rule behind every write: each action, principal and target', async () => {
    let cells = 0;
    for (const { name } of principals) {
      for (const action of ['publish', 'status', 'edit'] as const) {
        for (const target of all) {
          const said = await ruleSays(tokens.get(name) ?? null, action, targets[target]);
          expect(`${name}, ${action}, ${target}: ${said}`).toBe(
            `${name}, ${action}, ${target}: ${expectedRule(name, action, target)}`,
          );
          cells += 1;
        }
      }
    }
    console.log(`authorization rule: ${cells} cells`);
  });
});

async function ruleSays(token: string | null, action: Action, name: string): Promise<string> {
  const { app } = world.registry;
  try {
    const viewer = await readViewer(app, token === null ? undefined : `Bearer ${token}`);
    if (!viewer) return 'UNAUTHENTICATED';
    await authorize(app, viewer, action, serverTarget(name));
    return 'ok';
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
    throw error;
  }
}

/** A mutation as everyone tries it, at GraphQL and where there is one at its REST twin. */
interface Row {
  /** Empty when it is not about a name. */
  targets?: Target[];
  /** The input's fields; null for a mutation without input. */
  input: ((target: Target, name: string) => object | Promise<object>) | null;
  rest?: { method?: string; path: string | ((target: Target) => string); body(input: never): object | undefined };
  expected(name: string, target: Target): string;
  /** True where each try needs a login of its own. */
  fresh?: boolean;
}

const attended = (name: string, then: string) => refused[name] ?? (isUnattended(name) ? 'FORBIDDEN' : then);
const domainOf = (target: Target) => domainOfNamespace(targets[target].split('/')[0]!.toLowerCase());
/** A server that nobody published: who may write it is told so. */
const absent = (target: Target) => targets[target].replace('weather', 'absent').replace('Weather', 'Absent');
const found = (rule: string) => (rule === 'ok' ? 'NOT_FOUND' : rule);
const provable: Target[] = ['domain', 'nested subdomain', 'lapsed domain'];
const garbage = { token: 'garbage' };
const proof = { domain: 'example.com', method: 'DNS', timestamp: '2020-01-01T00:00:00Z', signature: '00' };

const rows: Record<string, Row> = {
  exchangeGithubToken: {
    input: () => garbage,
    rest: { path: '/auth/github-at', body: () => ({ github_token: 'garbage' }) },
    expected: () => 'PROOF_REJECTED',
  },
  exchangeGithubOidcToken: {
    input: () => garbage,
    rest: { path: '/auth/github-oidc', body: () => ({ oidc_token: 'garbage' }) },
    expected: () => 'PROOF_REJECTED',
  },
  exchangeOidcToken: {
    input: () => garbage,
    rest: { path: '/auth/oidc', body: () => ({ oidc_token: 'garbage' }) },
    expected: () => 'PROOF_REJECTED',
  },
  exchangeDomainProof: {
    input: () => proof,
    rest: {
      path: '/auth/dns',
      body: () => ({ domain: proof.domain, timestamp: proof.timestamp, signed_timestamp: proof.signature }),
    },
    expected: () => 'PROOF_REJECTED',
  },
  startDomainProof: {
    targets: all,
    input: (target) => ({ domain: domainOf(target), method: 'DNS' }),
    rest: { path: '/auth/challenge', body: (input: { domain: string }) => ({ domain: input.domain, method: 'dns' }) },
    expected: (_name, target) => (provable.includes(target) ? 'ok' : 'BAD_USER_INPUT'),
  },
  loginAnonymously: { input: null, rest: { path: '/auth/none', body: () => undefined }, expected: () => 'ok' },
  createApiToken: {
    targets: all,
    input: (target) => ({ name: 'CI', names: [targets[target]] }),
    expected: (name, target) => attended(name, expectedRule(name, 'publish', target)),
  },
  setTrustedPublisher: {
    targets: all,
    input: (target) => ({
      name: targets[target],
      publisher: { repository: 'alice/weather', workflow: 'publish.yml' },
    }),
    expected: (name, target) => attended(name, expectedRule(name, 'publish', target)),
  },
  startDomainVerification: {
    targets: all,
    input: (target) => ({ domain: domainOf(target) }),
    rest: { path: '/verify-domain', body: (input: { domain: string }) => input },
    expected: (name, target) => attended(name, provable.includes(target) ? 'ok' : 'BAD_USER_INPUT'),
  },
  checkDomainVerification: {
    targets: all,
    input: (target) => ({ domain: domainOf(target) }),
    rest: { path: '/verify-domain/check', body: (input: { domain: string }) => input },
    expected: (name, target) => attended(name, provable.includes(target) ? 'NOT_FOUND' : 'BAD_USER_INPUT'),
  },
  publishServer: {
    targets: all,
    input: (target) => ({ document: aServer(targets[target]) }),
    rest: { path: '/publish', body: (input: { document: object }) => input.document },
    expected: (name, target) => {
      const rule = refused[name] ?? expectedRule(name, 'publish', target);
      // Who may write it is told that the server is there, under the name in its own case.
      return rule === 'ok' && target === 'case variant' ? 'VALIDATION_FAILED' : rule;
    },
  },
  setVersionStatus: {
    targets: all,
    input: (target) => ({ name: absent(target), version: '1.0.0', status: 'DEPRECATED' }),
    rest: {
      method: 'PATCH',
      path: (target) => `/servers/${encodeURIComponent(absent(target))}/versions/1.0.0/status`,
      body: () => ({ status: 'deprecated' }),
    },
    expected: (name, target) => found(expectedRule(name, 'status', target)),
  },
  setServerStatus: {
    targets: all,
    input: (target) => ({ name: absent(target), status: 'DEPRECATED' }),
    rest: {
      method: 'PATCH',
      path: (target) => `/servers/${encodeURIComponent(absent(target))}/status`,
      body: () => ({ status: 'deprecated' }),
    },
    expected: (name, target) => found(expectedRule(name, 'status', target)),
  },
  editVersion: {
    targets: all,
    input: (target) => ({ name: absent(target), version: '1.0.0', document: aServer(absent(target)) }),
    rest: {
      method: 'PUT',
      path: (target) => `/servers/${encodeURIComponent(absent(target))}/versions/1.0.0`,
      body: (input: { document: object }) => input.document,
    },
    expected: (name, target) => found(expectedRule(name, 'edit', target)),
  },
  setNamespaceBlock: {
    targets: all,
    input: (target) => ({ namespace: targets[target].split('/')[0], blocked: false, reason: 'Matrix.' }),
    expected: (name) => refused[name] ?? (isAdministrator(name) ? 'ok' : 'FORBIDDEN'),
  },
  setAccountBlock: {
    input: () => ({ account: { provider: 'github', subject: String(bob.id) }, blocked: false, reason: 'Matrix.' }),
    expected: (name) => refused[name] ?? (isAdministrator(name) ? 'ok' : 'FORBIDDEN'),
  },
  assignNamespace: {
    input: () => ({
      namespace: 'io.github.nobody',
      account: { provider: 'github', subject: String(alice.id) },
      reason: 'Matrix.',
    }),
    expected: (name) => refused[name] ?? (isAdministrator(name) ? 'ok' : 'FORBIDDEN'),
  },
  revokeApiToken: {
    input: async () => ({ id: await idOfToken(await apiToken(world, tokens.get('alice')!, ['io.github.alice/*'])) }),
    expected: (name) => attended(name, name === 'alice' ? 'ok' : 'NOT_FOUND'),
  },
  revokeSession: {
    input: null,
    expected: (name) => refused[name] ?? (isApiToken(name) ? 'FORBIDDEN' : 'ok'),
    fresh: true,
  },
};

async function idOfToken(token: string): Promise<string> {
  const viewer = await readViewer(world.registry.app, `Bearer ${token}`);
  return viewer!.credentialId;
}

describe('every mutation and its REST twin, by everyone, on every name', () => {
  const fields = Object.values(publicSchema.getMutationType()!.getFields());

  test('each mutation of the schema has a row here', () => {
    expect(fields.map((field) => field.name).toSorted()).toEqual(Object.keys(rows).toSorted());
  });

  test.each(fields.map((field) => field.name))('%s', async (mutation) => {
    const { targets: on = ['own'], input, rest, expected, fresh } = rows[mutation]!;
    let cells = 0;
    for (const { name, login } of principals) {
      for (const target of on) {
        const token = fresh ? await login() : tokens.get(name)!;
        const value = input && (await input(target, name));
        const cell = `${mutation} by ${name} on ${target}`;
        expect(`${cell}: ${await graphqlSays(mutation, value, token)}`).toBe(`${cell}: ${expected(name, target)}`);
        cells += 1;
        if (!rest) continue;
        const path = typeof rest.path === 'string' ? rest.path : rest.path(target);
        const request = { method: rest.method ?? 'POST', path, body: rest.body(value as never) };
        expect(`${cell} by REST: ${await restSays(request, token)}`).toBe(`${cell} by REST: ${expected(name, target)}`);
        cells += 1;
      }
    }
    console.log(`${mutation}: ${cells} cells`);
  });
});

async function graphqlSays(mutation: string, input: object | null, token: string | null): Promise<string> {
  const type = publicSchema.getMutationType()!.getFields()[mutation]!.args[0]?.type;
  const query = type
    ? `mutation ($i: ${type}) { ${mutation}(input: $i) { __typename ... on Error { code } } }`
    : `mutation { ${mutation} { __typename ... on Error { code } } }`;
  const { data, errors } = await world.registry.graphql(query, { i: input }, token ?? undefined);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[mutation].code ?? 'ok';
}

async function restSays(
  { method, path, body }: { method: string; path: string; body: object | undefined },
  token: string | null,
): Promise<string> {
  const answer = await world.registry.rest(`/v0${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (answer.ok) return 'ok';
  return ((await answer.json()) as { code: string }).code;
}
