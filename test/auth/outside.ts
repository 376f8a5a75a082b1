import type { TestApp } from '../app.ts';
import { createTestApp } from '../app.ts';
import { startDnsServer, type DnsServer } from '../external/dns-server.ts';
import { CLIENT_ID, CLIENT_SECRET, startFakeGithub, type FakeGithub } from '../external/fake-github.ts';
import { startFakeOidc, type FakeOidc } from '../external/fake-oidc.ts';
import { startTlsHost, type TlsHost } from '../external/tls-host.ts';
import { ed25519Key, type DomainKey } from './keys.ts';

export const PUBLIC_URL = 'https://registry.test';

/** The service beside everyone who is asked for proofs, on real sockets, and a clock that tests move. */
export interface AuthWorld {
  registry: TestApp;
  github: FakeGithub;
  /** GitHub Actions. */
  actions: FakeOidc;
  /** The administrators' issuer. */
  staff: FakeOidc;
  dns: DnsServer;
  web: TlsHost;
  clock: { offsetMs: number };
  /** The time that the service believes in. */
  now(): Date;
  close(): Promise<void>;
}

/** The domains that the web host has a certificate for. */
const DOMAINS = ['example.com', 'example.net', '*.example.com', 'example.org'];

/** Starts all of it; `env` as for the service, without its prefix. */
export async function startAuthWorld(env: Record<string, string> = {}): Promise<AuthWorld> {
  const [github, actions, staff, dns, web] = await Promise.all([
    startFakeGithub(),
    startFakeOidc(),
    startFakeOidc(),
    startDnsServer(),
    startTlsHost(DOMAINS),
  ]);
  const clock = { offsetMs: 0 };
  const now = () => new Date(Date.now() + clock.offsetMs);
  const settings = {
    PUBLIC_URL,
    GITHUB_CLIENT_ID: CLIENT_ID,
    GITHUB_CLIENT_SECRET: CLIENT_SECRET,
    GITHUB_URL: github.apiUrl,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_OIDC_ISSUER: actions.issuer,
    OIDC_ISSUER: staff.issuer,
    OIDC_CLIENT_ID: 'registry-staff',
    OIDC_EXTRA_CLAIMS: '[{"hd":"registry.test"}]',
    OIDC_PUBLISH_PERMISSIONS: '*',
    OIDC_EDIT_PERMISSIONS: '*',
    ENABLE_ANONYMOUS_AUTH: 'true',
    DNS_SERVERS: dns.address,
    RATE_LIMITS: 'false',
    ...env,
  };
  const named = (name: string) => (name.startsWith('OTEL_') ? name : `MCP_REGISTRY_${name}`);
  const prefixed = Object.fromEntries(Object.entries(settings).map(([name, value]) => [named(name), value]));
  const registry = await createTestApp(prefixed, { now, outside: { keyFiles: web.policy } });
  return {
    registry,
    github,
    actions,
    staff,
    dns,
    web,
    clock,
    now,
    close: async () => {
      await registry.close();
      await Promise.all([github, actions, staff, dns, web].map((one) => one.close()));
    },
  };
}

/** Logs in by REST and gives the registry token; fails the test with the refusal otherwise. */
export async function login({ registry }: AuthWorld, path: string, body?: object): Promise<string> {
  const answer = await registry.rest(`/v0.1/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return (JSON.parse(text) as { registry_token: string }).registry_token;
}

/** A GitHub user who has logged in. */
export const githubLogin = (world: AuthWorld, userId: number): Promise<string> =>
  login(world, 'github-at', { github_token: world.github.issue(userId) });

/** The identity token of a workflow, whose claims can be replaced. */
export const workflowToken = (world: AuthWorld, owner: { id: number; login: string }, more: object = {}) =>
  world.actions.sign(
    {
      aud: PUBLIC_URL,
      sub: `repo:${owner.login}/weather:ref:refs/heads/main`,
      repository: `${owner.login}/weather`,
      repository_owner: owner.login,
      repository_owner_id: String(owner.id),
      workflow_ref: `${owner.login}/weather/.github/workflows/publish.yml@refs/heads/main`,
      event_name: 'push',
      ...more,
    },
    { now: world.now() },
  );

/** A workflow that has logged in. */
export const workflowLogin = async (world: AuthWorld, owner: { id: number; login: string }, more?: object) =>
  login(world, 'github-oidc', { oidc_token: await workflowToken(world, owner, more) });

/** An administrator who has logged in. */
export const staffLogin = async (world: AuthWorld, sub = 'root'): Promise<string> => {
  const claims = { aud: 'registry-staff', sub, hd: 'registry.test', email: `${sub}@registry.test` };
  return login(world, 'oidc', { oidc_token: await world.staff.sign(claims, { now: world.now() }) });
};

/** Publishes a new key in the domain's DNS. */
export function publishKey({ dns }: AuthWorld, domain: string, key: DomainKey = ed25519Key()): DomainKey {
  dns.txt(domain, key.record);
  return key;
}

/** The owner of a domain who has logged in by its key: signs a challenge. */
export async function domainLogin(world: AuthWorld, domain: string, key: DomainKey, method: 'dns' | 'http' = 'dns') {
  const answer = await world.registry.rest('/v0.1/auth/challenge', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ domain, method }),
  });
  const { challenge } = (await answer.json()) as { challenge: string };
  return login(world, method, { domain, challenge, signature: key.sign(challenge) });
}
