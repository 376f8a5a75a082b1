import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ed25519Key, type DomainKey } from '../auth/keys.ts';
import { startAuthWorld, workflowToken, type AuthWorld } from '../auth/outside.ts';
import { alice } from '../auth/principals.ts';
import type { DnsFailure } from './dns-server.ts';
import { quickFaults, slowFaults, type Fault } from './faults.ts';

/** Node tells of each socket that sets out; what was read from it shows what came from a fake, by its port. */
const sockets: { port: number; socket: Socket }[] = [];
const onSocket = (message: unknown) => {
  const { socket } = message as { socket: Socket };
  socket.once('connect', () => void sockets.push({ port: socket.remotePort ?? 0, socket }));
};
const bytesFrom = (port: number) =>
  sockets.filter((one) => one.port === port).reduce((sum, { socket }) => sum + socket.bytesRead, 0);

beforeAll(() => subscribe('net.client.socket', onSocket));
afterAll(() => unsubscribe('net.client.socket', onSocket));

const key: DomainKey = ed25519Key();

/** Everyone who is asked for a proof, with the login that asks. */
const doors = ['github-at', 'github-oidc', 'oidc', 'dns', 'http'] as const;
type Door = (typeof doors)[number];

/** A world in which every proof is good, for as long as who is asked for it answers. */
async function startWorld(): Promise<AuthWorld> {
  const world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
  world.dns.txt('example.com', key.record);
  world.web.keyFile('example.com', key.record);
  return world;
}

async function proofFor(world: AuthWorld, door: Door, domain = 'example.com'): Promise<object> {
  const staff = { aud: 'registry-staff', sub: 'root', hd: 'registry.test' };
  if (door === 'github-at') return { github_token: world.github.issue(alice.id) };
  if (door === 'github-oidc') return { oidc_token: await workflowToken(world, alice) };
  if (door === 'oidc') return { oidc_token: await world.staff.sign(staff, { now: world.now() }) };
  const timestamp = world.now().toISOString();
  return { domain, timestamp, signed_timestamp: key.sign(timestamp) };
}

interface Outcome {
  status: number;
  body: string;
  retryAfter: string | null;
  seconds: number;
}

async function login(world: AuthWorld, door: Door, domain?: string): Promise<Outcome> {
  const body = JSON.stringify(await proofFor(world, door, domain));
  const started = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await world.registry.rest(`/v0.1/auth/${door}`, { method: 'POST', headers, body });
  const text = await answer.text();
  const seconds = (performance.now() - started) / 1000;
  return { status: answer.status, body: text, retryAfter: answer.headers.get('retry-after'), seconds };
}

const fakes = ({ github, actions, staff, web }: AuthWorld) => ({
  'github-at': { fake: github, port: Number(new URL(github.apiUrl).port) },
  'github-oidc': { fake: actions, port: Number(new URL(actions.issuer).port) },
  oidc: { fake: staff, port: Number(new URL(staff.issuer).port) },
  http: { fake: web, port: web.policy.port },
});
type WebDoor = keyof ReturnType<typeof fakes>;
const webDoors = doors.filter((door): door is WebDoor => door !== 'dns');

/** The host of a domain has the last word on its own key: that there is none there is an answer, not an outage. */
const definite = new Set([
  ...['JSON that breaks off', 'JSON of something else', 'JSON that is nothing'],
  ...['no content', 'not modified'],
  ...['status 403 of a limit'],
]);

let cases = 0;
let slowest = 0;
let longest = 0;

/** What may come of a login whose proof could not be had, and nothing else. */
function checkRefusal(what: string, outcome: Outcome, rejected = false): void {
  const { status, body, retryAfter, seconds } = outcome;
  const problem = JSON.parse(body) as { code: string; retryable: boolean; errors: { message: string }[] };
  expect(`${what}: ${status} ${problem.code} ${problem.retryable}`).toBe(
    rejected ? `${what}: 401 PROOF_REJECTED false` : `${what}: 503 UPSTREAM_UNAVAILABLE true`,
  );
  expect(`${what}: ${retryAfter}`).toBe(`${what}: ${rejected ? null : '15'}`);
  expect(problem.errors[0]!.message).not.toMatch(/169\.254|etc\/passwd|undefined/);
  if (!what.startsWith('http')) expect(body).not.toContain('127.0.0.1');
  expect(seconds).toBeLessThan(10);
  cases += 1;
  slowest = Math.max(slowest, seconds);
}

async function expectNoLogin({ registry }: AuthWorld): Promise<void> {
  for (const table of ['sessions', 'used_proofs', 'accounts', 'namespaces', 'domain_verifications']) {
    expect(await registry.app.db.sql(`SELECT FROM ${table}`)).toEqual([]);
  }
}

describe('an outage is never a proof', () => {
  test.concurrent('whatever a web server answers at once', async () => {
    const world = await startWorld();
    for (const [name, fault] of Object.entries(quickFaults)) await allDoors(world, name, fault);
    await expectNoLogin(world);
    for (const door of webDoors) fakes(world)[door].fake.fail(null);
    for (const door of doors) expect(await login(world, door)).toMatchObject({ status: 200 });
    await world.close();
  });

  test.concurrent.each(Object.keys(slowFaults))('a web server that answers with %s', async (name) => {
    const world = await startWorld();
    await allDoors(world, name, slowFaults[name]!);
    await expectNoLogin(world);
    await world.close();
  });

  async function allDoors(world: AuthWorld, name: string, fault: Fault): Promise<void> {
    await Promise.all(
      webDoors.map(async (door) => {
        const { fake, port } = fakes(world)[door];
        const before = bytesFrom(port);
        fake.fail(fault);
        const outcome = await login(world, door);
        checkRefusal(`${door}, ${name}`, outcome, door === 'http' && definite.has(name));
        const bytes = bytesFrom(port) - before;
        expect(`${door}, ${name}: ${bytes}`).toSatisfy(() => bytes < (door === 'http' ? 0.25 : 2.25) * 1024 * 1024);
        longest = Math.max(longest, bytes);
      }),
    );
  }

  test.concurrent('servers that are down', async () => {
    const world = await startWorld();
    const { registry, ...others } = world;
    await Promise.all([others.github, others.actions, others.staff, others.dns, others.web].map((one) => one.close()));
    const outcomes = await Promise.all(doors.map((door) => login(world, door)));
    for (const [i, door] of doors.entries()) checkRefusal(`${door}, down`, outcomes[i]!);
    await expectNoLogin(world);
    await registry.close();
  });

  const failures: DnsFailure[] = ['SERVFAIL', 'REFUSED', 'timeout', 'HTML', 'reset', 'drip', 'flood'];
  test.concurrent('whatever a name server does', async () => {
    const world = await startWorld();
    await Promise.all(
      failures.map(async (how) => {
        const domain = `${how.toLowerCase()}.example`;
        world.dns.txt(domain, key.record);
        world.dns.fail(domain, how);
        checkRefusal(`dns, ${how}`, await login(world, 'dns', domain));
      }),
    );
    await expectNoLogin(world);
    await world.close();
  });

  test.concurrent('many answers that are slow each, but not too slow', async () => {
    const world = await startWorld();
    let pages = 0;
    world.github.fail((request, response) => {
      const user = { id: alice.id, login: alice.login };
      const page = Array.from({ length: 100 }, () => ({ state: 'active', role: 'member', organization: user }));
      if (request.url!.startsWith('/user/memberships')) pages += 1;
      const body = request.url!.startsWith('/user/memberships') ? page : { user };
      setTimeout(() => response.end(JSON.stringify(body)), 1_000);
    });
    world.staff.fail((request, response) => {
      const { issuer } = world.staff;
      const discovery = request.url === '/.well-known/openid-configuration';
      const body = discovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [] };
      setTimeout(() => response.end(JSON.stringify(body)), 7_000);
    });
    const [github, staff] = await Promise.all([login(world, 'github-at'), login(world, 'oidc')]);
    checkRefusal('github-at, slow pages', github);
    checkRefusal('oidc, slow steps', staff);
    await expectNoLogin(world);
    const asked = pages;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(pages).toBe(asked);
    await world.close();
  });
});

describe('a name server that answers too much', () => {
  test('is read as far as the bounds go, and the key in it is found', async () => {
    const world = await startWorld();
    const noise = Array.from({ length: 499 }, () => 'v=MCPv1; k=ed25519; p=AAAA');
    world.dns.txt('many.example', ...noise, key.record);
    const first = await login(world, 'dns', 'many.example');
    world.dns.txt('many.example', key.record, ...noise);
    const second = await login(world, 'dns', 'many.example');
    expect([first.status, second.status]).toEqual([401, 200]);
    expect(first.body).toContain('invalid Ed25519 public key size');
    const records = await world.registry.app.outside.resolver.txt('many.example');
    expect(records).toHaveLength(500);
    world.dns.txt('many.example', ...Array.from({ length: 1_500 }, (_, i) => `record ${i}`));
    expect(await world.registry.app.outside.resolver.txt('many.example')).toHaveLength(500);
    world.dns.txt(
      'many.example',
      Array.from({ length: 200 }, () => 'x'.repeat(255)),
    );
    const [long] = await world.registry.app.outside.resolver.txt('many.example');
    expect(long).toHaveLength(4_096);
    await world.close();
  });
});

afterAll(() => {
  const kilobytes = Math.round(longest / 1024);
  console.log(
    `outages: ${cases} logins, the slowest answered after ${slowest.toFixed(1)} s, at most ${kilobytes} KiB read`,
  );
});
