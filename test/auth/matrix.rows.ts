import { readViewer } from '../../src/auth/viewer.ts';
import { domainOfNamespace } from '../../src/namespaces/domain.ts';
import { aServer } from '../app.ts';
import {
  all,
  expectedRule,
  isAdministrator,
  isApiToken,
  isUnattended,
  refused,
  targets,
  type Target,
} from './matrix.rules.ts';
import type { AuthWorld } from './outside.ts';
import { alice, apiToken, bob } from './principals.ts';

/** A mutation as everyone tries it, at GraphQL and where there is one at its REST twin. */
export interface Row {
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

/** A row for every mutation of the schema. */
export const rowsOf = (world: AuthWorld, tokens: Map<string, string | null>): Record<string, Row> => ({
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
    input: async () => ({
      id: await idOfToken(world, await apiToken(world, tokens.get('alice')!, ['io.github.alice/*'])),
    }),
    expected: (name) => attended(name, name === 'alice' ? 'ok' : 'NOT_FOUND'),
  },
  revokeSession: {
    input: null,
    expected: (name) => refused[name] ?? (isApiToken(name) ? 'FORBIDDEN' : 'ok'),
    fresh: true,
  },
});

async function idOfToken(world: AuthWorld, token: string): Promise<string> {
  const viewer = await readViewer(world.registry.app, `Bearer ${token}`);
  return viewer!.credentialId;
}
