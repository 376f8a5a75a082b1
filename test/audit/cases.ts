import { aServer } from '../app.ts';
import { githubLogin, publishKey, workflowToken, type AuthWorld } from '../auth/outside.ts';
import { alice, apiToken } from '../auth/principals.ts';
import { start } from '../namespaces/world.ts';
import { publish } from '../publish/world.ts';

/** Who is there when the cases run. */
export const who = {} as { world: AuthWorld; alice: string; staff: string };

/** What one mutation leaves when it is done and when it is refused. */
export interface Case {
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
const staff = () => `oidc:${who.world.staff.issuer}:root`;
const asAlice = () => who.alice;
const asStaff = () => who.staff;
const garbage = { token: 'canary-garbage' };

const AUDITED = 'io.github.alice/audited';
let versions = 0;
const nextVersion = () => `1.0.${(versions += 1)}`;

/** A version that was just published. */
async function published(): Promise<string> {
  const version = nextVersion();
  await publish(who.world, who.alice, aServer(AUDITED, version));
  return version;
}

/** Each mutation that writes. */
export const cases: Record<string, Case> = {
  exchangeGithubToken: {
    action: 'login.github-at',
    actor: aliceIs,
    input: () => ({ token: who.world.github.issue(alice.id) }),
    bad: garbage,
  },
  exchangeGithubOidcToken: {
    action: 'login.github-oidc',
    actor: aliceIs,
    input: async () => ({ token: await workflowToken(who.world, alice) }),
    bad: garbage,
  },
  exchangeOidcToken: {
    action: 'login.oidc',
    actor: staff,
    input: async () => {
      const claims = { aud: 'registry-staff', sub: 'root', hd: 'registry.test' };
      return { token: await who.world.staff.sign(claims, { now: who.world.now() }) };
    },
    bad: garbage,
  },
  exchangeDomainProof: {
    action: 'login.dns',
    target: 'example.com',
    actor: () => 'domain:example.com',
    input: () => {
      const timestamp = who.world.now().toISOString();
      const signature = publishKey(who.world, 'example.com').sign(timestamp);
      return { domain: 'example.com', method: 'DNS', timestamp, signature };
    },
    bad: { domain: 'example.com', method: 'DNS', timestamp: '2020-01-01T00:00:00Z', signature: '00' },
  },
  loginAnonymously: { action: 'login.none', actor: () => 'anonymous:anonymous', input: () => undefined },
  revokeSession: {
    action: 'session.revoke',
    actor: aliceIs,
    token: () => githubLogin(who.world, alice.id),
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
      await apiToken(who.world, who.alice, ['io.github.alice/*']);
      const { data } = await who.world.registry.graphql('{ viewer { apiTokens { id } } }', {}, who.alice);
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
      const { record } = await start(who.world, who.alice, 'audited.example');
      who.world.dns.txt('audited.example', record!.value);
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
  publishServer: {
    action: 'publish',
    target: AUDITED,
    actor: aliceIs,
    token: asAlice,
    input: () => ({ document: aServer(AUDITED, nextVersion()) }),
    bad: { document: aServer('io.github.bob/audited') },
  },
  setVersionStatus: {
    action: 'version.status',
    target: AUDITED,
    actor: aliceIs,
    token: asAlice,
    input: async () => ({ name: AUDITED, version: await published(), status: 'DEPRECATED' }),
    bad: { name: 'io.github.bob/audited', version: '1.0.0', status: 'DELETED' },
  },
  setServerStatus: {
    action: 'server.status',
    target: AUDITED,
    actor: aliceIs,
    token: asAlice,
    input: async () => {
      await published();
      return { name: AUDITED, status: 'DEPRECATED', statusMessage: `Use another than ${nextVersion()}.` };
    },
    bad: { name: 'io.github.bob/audited', status: 'DELETED' },
  },
  editVersion: {
    action: 'version.edit',
    target: AUDITED,
    actor: staff,
    token: asStaff,
    input: async () => {
      const version = await published();
      const document = aServer(AUDITED, version, { description: 'Edited' });
      return { name: AUDITED, version, document, reason: 'A typo.' };
    },
    bad: { name: AUDITED, version: '99.0.0', document: aServer(AUDITED, '99.0.0'), reason: 'A typo.' },
  },
};
