import { createServer, type Server } from 'node:http';
import { statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import { apiToken, alice as aliceAtGithub, bob } from '../auth/principals.ts';
import { workflowToken } from '../auth/outside.ts';
import { startCliWorld, type CliWorld } from './world.ts';

let world: CliWorld;

beforeAll(async () => void (world = await startCliWorld()));
afterAll(() => world?.close());

const FILE = '.config/mcp-registry/logins.json';

describe('login', () => {
  test('by a GitHub token of the environment, kept for this user only and made again when it ends', async () => {
    const user = world.user({ MCP_GITHUB_TOKEN: world.github.issue(aliceAtGithub.id) });
    const { code, stdout } = await user.mcp('login', 'github');
    expect(code).toBe(0);
    expect(stdout).toMatch(`Logged in to ${world.url} as alice (github-at, until `);
    expect(statSync(join(user.home, FILE)).mode & 0o777).toBe(0o600);
    expect(statSync(join(user.home, '.config/mcp-registry')).mode & 0o777).toBe(0o700);

    const kept = user.login();
    const first = kept.registries[world.url].token;
    kept.registries[world.url].expiresAt = '2020-01-01T00:00:00Z';
    writeFileSync(join(user.home, FILE), JSON.stringify(kept));
    delete user.env.MCP_GITHUB_TOKEN;
    expect((await user.mcp('whoami')).code).toBe(0);
    expect(user.login().registries[world.url].token).not.toBe(first);
  });

  test('is made again where the registry says that it has ended', async () => {
    const user = world.user();
    await user.mcp('login', 'none');
    const { token } = user.login().registries[world.url];
    await world.registry.graphql('mutation { revokeSession { __typename } }', {}, token);
    expect((await user.mcp('whoami')).code).toBe(0);
    expect(user.login().registries[world.url].token).not.toBe(token);
  });

  test.each(['ed25519', 'ecdsap384'])('dns by an %s key that keygen made', async (algorithm) => {
    const user = world.user({ MCP_DNS_SERVER: world.dns.address });
    const made = (await user.mcp('keygen', '--algorithm', algorithm, '--json')).json();
    expect(statSync(join(user.folder, 'mcp-key.pem')).mode & 0o777).toBe(0o600);
    expect((await user.mcp('keygen')).code).toBe(2);

    const args = ['dns-record', 'example.com', '--check', '--json'];
    const looked = async () => (await user.mcp(...args)).json().status;
    world.dns.forget('example.com');
    expect(await looked()).toBe('missing');
    world.dns.txt('_mcp-auth.example.com', made.record);
    expect(await looked()).toBe('misplaced');
    world.dns.forget('_mcp-auth.example.com');
    world.dns.txt('example.com', 'v=MCPv1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
    expect(await looked()).toBe('stale');
    const stale = await user.mcp('login', 'dns', '--domain', 'example.com');
    expect([stale.code, stale.stderr]).toEqual([3, expect.stringContaining('may be stale')]);
    world.dns.txt('example.com', 'v=spf1 -all', made.record);
    expect(await looked()).toBe('published');

    const done = await user.mcp('login', 'dns', '--domain', 'example.com', '--json');
    expect(done.json()).toMatchObject({ registry: world.url, method: 'dns', subject: 'example.com' });
    expect((await user.mcp('whoami')).stdout).toContain('may publish com.example/*');
    expect(user.login().registries[world.url].again).toMatchObject({
      method: 'dns',
      keyFile: join(user.folder, 'mcp-key.pem'),
    });
  });

  test('dns that does not answer is worth another try', async () => {
    const user = world.user({ MCP_DNS_SERVER: world.dns.address });
    await user.mcp('keygen');
    world.dns.fail('example.net', 'SERVFAIL');
    expect((await user.mcp('dns-record', 'example.net', '--check')).code).toBe(4);
    expect((await user.mcp('login', 'dns', '--domain', 'example.net')).code).toBe(4);
    world.dns.forget('example.net');
  });

  test('http by a key in hex of the environment, which is not kept', async () => {
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const user = world.user({ MCP_PRIVATE_KEY: seed });
    const { record } = (await user.mcp('dns-record', 'example.org', '--json')).json();
    world.web.keyFile('example.org', record.value);
    expect((await user.mcp('login', 'http', '--domain', 'example.org')).code).toBe(0);
    expect(JSON.stringify(user.login())).not.toContain(seed);
  });

  test('as a workflow, whose token is made for this registry and no other', async () => {
    const asked: string[] = [];
    const actions: Server = createServer((request, response) => {
      asked.push(`${request.headers.authorization} ${request.url}`);
      void workflowToken(world, bob, { aud: world.url }).then((value) => response.end(JSON.stringify({ value })));
    });
    await new Promise<void>((resolve) => actions.listen(0, '127.0.0.1', resolve));
    const { port } = actions.address() as AddressInfo;
    const user = world.user({
      CI: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    });
    user.write('server.json', aServer('io.github.bob/weather'));
    const { code, json } = await user.mcp('publish', '--json');
    actions.close();
    expect([code, json().outcome]).toEqual([0, 'CREATED']);
    expect(asked).toEqual([`Bearer request-token /token?api-version=2&audience=${encodeURIComponent(world.url)}`]);
    expect((await user.mcp('logout')).code).toBe(0);
  });

  test('by an identity token or an API token on standard input', async () => {
    const user = world.user();
    const claims = { aud: 'registry-staff', sub: 'root', hd: 'registry.test' };
    const identity = await world.staff.sign(claims, { now: world.now() });
    expect((await user.type(`${identity}\n`, 'login', 'oidc')).code).toBe(0);
    const token = await apiToken(world, world.alice, ['io.github.alice/*']);
    expect((await user.type(token, 'login', 'token', '--json')).json()).toMatchObject({
      method: 'token',
      subject: 'alice',
    });
    expect((await user.type('', 'login', 'token')).code).toBe(2);
    expect((await user.type('mcpr_nonsense', 'login', 'token')).code).toBe(3);
    // An API token is not a login: it is forgotten, and lives on.
    expect((await user.mcp('logout', '--json')).json()).toEqual({
      registry: world.url,
      loggedOut: true,
      revoked: false,
    });
    expect((await user.type(token, 'login', 'token')).code).toBe(0);
  });

  test('needs a method, a terminal for the browser, and a domain', async () => {
    const user = world.user();
    expect((await user.mcp('login')).stderr).toContain('mcp login github|github-oidc|dns|http|oidc|token|none');
    for (const args of [['login'], ['login', 'github'], ['login', 'dns'], ['login', 'magic']]) {
      expect((await user.mcp(...args)).code).toBe(2);
    }
    expect((await user.mcp('login', 'github-oidc')).code).toBe(3);
    const denied = await user.mcp('whoami', '--json');
    expect([denied.code, denied.json().error.code]).toEqual([3, 'UNAUTHENTICATED']);
  });

  test('where there is none, publishing logs in by itself for a trial', async () => {
    const user = world.user();
    user.write('server.json', aServer('io.modelcontextprotocol.anonymous/trial'));
    const before = requestsSoFar();
    expect((await user.mcp('publish')).code).toBe(0);
    const cold = requestsSoFar() - before;
    user.write('server.json', aServer('io.modelcontextprotocol.anonymous/trial', '1.0.1'));
    expect((await user.mcp('publish')).code).toBe(0);
    const warm = requestsSoFar() - before - cold;
    console.log(`requests per publish: ${warm}, with the login ${cold}`);
    expect([cold, warm]).toEqual([3, 2]);
  });
});

describe('logout', () => {
  test('revokes the login and forgets it', async () => {
    const user = world.user();
    await user.mcp('login', 'none');
    const { token } = user.login().registries[world.url];
    expect((await user.mcp('logout', '--json')).json()).toEqual({
      registry: world.url,
      loggedOut: true,
      revoked: true,
    });
    expect(user.login()).toEqual({ current: null, registries: {} });
    const answer = await world.registry.graphql('{ viewer { subject } }', {}, token);
    expect(JSON.stringify(answer.errors)).toContain('UNAUTHENTICATED');
    expect((await user.mcp('logout', '--json')).json()).toEqual({ registry: world.url, loggedOut: false });
  });
});

describe('verify-domain', () => {
  test('gives the record, looks for it, waits for it', async () => {
    const user = world.user();
    expect((await user.type(world.alice, 'login', 'token')).code).toBe(0);
    const started = await user.mcp('verify-domain', 'example.net');
    expect(started.code).toBe(0);
    const { record, status } = (await user.mcp('verify-domain', 'example.net', '--json')).json();
    expect([status, record.type, record.name]).toEqual(['PENDING', 'TXT', 'example.net']);
    expect(started.stdout).toContain(record.value);

    const absent = await user.mcp('verify-domain', 'example.net', '--check', '--json');
    expect([absent.code, absent.json().error.code]).toEqual([1, 'PROOF_REJECTED']);
    const waiting = user.mcp('verify-domain', 'example.net', '--wait');
    setTimeout(() => world.dns.txt('example.net', record.value), 1_000);
    const found = await waiting;
    expect([found.code, found.stdout]).toEqual([0, 'example.net is verified: its names are yours.\n']);
    expect(found.stderr).toContain(record.value);
    user.write('server.json', aServer('net.example/weather'));
    expect((await user.mcp('publish')).code).toBe(0);
  });
});

describe('logins of several registries', () => {
  test('stay apart: no token goes to another, and the last login is where commands go', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[{"message":"no"}]}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const user = world.user();
    delete user.env.MCP_REGISTRY_URL;
    await user.mcp('login', 'none', '--registry', `${world.url}/v0.1/`);
    expect((await user.mcp('whoami')).code).toBe(0);
    for (const args of [['whoami'], ['search', 'weather'], ['logout'], ['publish']]) {
      user.write('server.json', aServer('io.github.alice/weather'));
      await user.mcp(...args, '--registry', elsewhere);
    }
    user.env.MCP_REGISTRY_URL = world.url;
    user.env.MCP_REGISTRY_TOKEN = world.alice;
    await user.mcp('publish', '--registry', elsewhere);
    delete user.env.MCP_REGISTRY_TOKEN;
    expect(seen.filter((authorization) => authorization !== undefined)).toEqual([]);
    user.env.MCP_REGISTRY_URL = elsewhere;
    expect((await user.mcp('whoami')).stderr).toContain(elsewhere);
    expect((await user.mcp('whoami', '--registry', world.url)).code).toBe(0);
    other.close();
  });
});

const requestsSoFar = () => world.registry.logged().filter(({ path }) => path === '/graphql').length;
