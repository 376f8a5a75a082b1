import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cloneTemplate } from './app.ts';

let dataDir: string;
let running: ChildProcess | null;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-main-'));
  running = null;
});

afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts src/main.ts; `until` waits for text on its output, `ended` for its exit. */
function start(env: Record<string, string>) {
  const settings = { MCP_REGISTRY_PORT: '0', MCP_REGISTRY_INTERNAL_PORT: '0', MCP_REGISTRY_DATA_DIR: dataDir };
  const child = spawn(process.execPath, ['src/main.ts'], { env: { PATH: process.env.PATH, ...settings, ...env } });
  running = child;
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const until = async (pattern: RegExp) => {
    for (let found; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      if ((found = pattern.exec(output.stdout))) return found;
      if (child.exitCode !== null) throw new Error(`ended: ${output.stdout}${output.stderr}`);
    }
  };
  return { child, output, ended, until };
}

test('with nothing but a folder it brings up the whole registry with its samples, and stops cleanly', async () => {
  const service = start({ MCP_REGISTRY_LOG_LEVEL: 'warn' });
  const [, url] = await service.until(/GraphQL +(http:\S+)\/graphql/);
  const [, internal] = await service.until(/Health +(http:\S+)\/health\/ready/);
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ registry { serverCount } servers(filter: { search: \\"github\\" }) { totalCount } }"}',
  });
  const { data } = (await answer.json()) as {
    data: { registry: { serverCount: number }; servers: { totalCount: number } };
  };
  expect(data.registry.serverCount).toBeGreaterThanOrEqual(40);
  expect(data.servers.totalCount).toBeGreaterThan(0);
  expect((await fetch(`${url}/v0/servers`)).status).toBe(200);
  expect((await fetch(`${internal}/health/ready`)).status).toBe(200);
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  expect(service.output.stderr).toBe('');
});

test('a request that runs when it is told to stop is answered', async () => {
  const service = start({ MCP_REGISTRY_DATABASE_URL: await cloneTemplate(), MCP_REGISTRY_SEED_FROM: 'none' });
  const [, url] = await service.until(/GraphQL +(http:\S+)\/graphql/);
  const body = '{"query":"{ registry { revision } }"}';
  const headers = { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' };
  const running = request(`${url}/graphql`, { method: 'POST', headers });
  running.flushHeaders();
  await once(running, 'continue');
  service.child.kill('SIGTERM');
  await service.until(/SIGTERM: stopping/);
  running.end(body);
  const [answer] = (await once(running, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  expect(await text(answer)).toContain('"revision":0');
  expect(await service.ended).toBe(0);
});

test('logs a line for each request, with its id', async () => {
  const service = start({ MCP_REGISTRY_DATABASE_URL: await cloneTemplate(), MCP_REGISTRY_SEED_FROM: 'none' });
  const [, url] = await service.until(/GraphQL +(http:\S+)\/graphql/);
  const answer = await fetch(`${url}/v0.1/ping`, { headers: { 'x-request-id': 'mine-1' } });
  expect(answer.headers.get('x-request-id')).toBe('mine-1');
  const [line] = await service.until(/^\{.*"requestId":"mine-1".*\}$/m);
  expect(JSON.parse(line)).toMatchObject({ door: 'public', method: 'GET', path: '/v0.1/ping', status: 200 });
});

test('a wrong setting ends the start with one line and code 2', async () => {
  const service = start({ MCP_REGISTRY_PORT: 'eighty' });
  expect(await service.ended).toBe(2);
  expect(service.output.stderr).toBe('MCP_REGISTRY_PORT must be a port number from 0 to 65535, but is "eighty"\n');
});

test('a port that is taken ends the start with one line that says what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const service = start({
    MCP_REGISTRY_DATABASE_URL: await cloneTemplate(),
    MCP_REGISTRY_PORT: String(port),
    MCP_REGISTRY_LOG_LEVEL: 'warn',
  });
  expect(await service.ended).toBe(1);
  other.close();
  expect(service.output.stderr).toBe(
    `Port ${port} on 127.0.0.1 is taken by another program: choose another with MCP_REGISTRY_PORT.\n`,
  );
});

test('a database that is not there ends the start with one line that keeps the password', async () => {
  const service = start({ MCP_REGISTRY_DATABASE_URL: 'postgresql://me:canary@127.0.0.1:1/registry' });
  expect(await service.ended).toBe(1);
  expect(service.output.stderr.trim().split('\n')).toHaveLength(1);
  expect(service.output.stdout + service.output.stderr).not.toContain('canary');
});

test('several processes share the ports, their metrics are one, whoever dies is replaced, and all drain', async () => {
  const service = start({ MCP_REGISTRY_WORKERS: '2' });
  const [, url] = await service.until(/GraphQL +(http:\S+)\/graphql/);
  const [, internal] = await service.until(/Health +(http:\S+)\/health\/ready/);
  // A connection each: that is what is shared out.
  const get = (address: string) => fetch(address, { headers: { connection: 'close' } });
  for (let i = 0; i < 20; i++) expect((await get(`${url}/v0.1/ping`)).status).toBe(200);
  const counted = async () => {
    const metrics = await (await get(`${internal}/metrics`)).text();
    return Number(/http_requests_total\{[^}]*route="ping"[^}]*status="200"\} (\d+)/.exec(metrics)?.[1]);
  };
  expect([await counted(), await counted(), await counted()]).toEqual([20, 20, 20]);
  const pids = () =>
    new Set([...service.output.stdout.matchAll(/"pid":(\d+)[^\n]*ping/g)].map(([, pid]) => Number(pid)));
  expect(pids().size).toBe(2);
  process.kill([...pids()][0]!, 'SIGKILL');
  await service.until(/a process has ended: starting another/);
  for (let i = 0; pids().size < 3; i++) {
    expect(i).toBeLessThan(600);
    expect((await get(`${url}/v0.1/ping`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  expect(service.output.stderr).toBe('');
  for (const pid of pids()) expect(() => process.kill(pid, 0)).toThrow();
});

test('several processes that can’t open their port say so once', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const service = start({
    MCP_REGISTRY_DATABASE_URL: await cloneTemplate(),
    MCP_REGISTRY_PORT: String(port),
    MCP_REGISTRY_SEED_FROM: 'none',
    MCP_REGISTRY_WORKERS: '0',
  });
  expect(await service.ended).toBe(1);
  other.close();
  expect(service.output.stderr).toBe(
    `Port ${port} on 127.0.0.1 is taken by another program: choose another with MCP_REGISTRY_PORT.\n`,
  );
});

test('a database that is newer ends the start with one line, and is left as it is', async () => {
  const databaseUrl = await cloneTemplate();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name)
    VALUES ('next', 'x', now(), '29990101000000_of_the_next_release')`);
  await client.end();
  const service = start({ MCP_REGISTRY_DATABASE_URL: databaseUrl, MCP_REGISTRY_LOG_LEVEL: 'warn' });
  expect(await service.ended).toBe(1);
  expect(service.output.stderr).toBe(
    "The database is newer than this version, which doesn't know its migration 29990101000000_of_the_next_release: " +
      'update this checkout, or use another database.\n',
  );
});

test.each([
  [
    'MCP_REGISTRY_LOGLEVEL',
    'info',
    /^MCP_REGISTRY_LOGLEVEL is no setting \(is MCP_REGISTRY_LOG_LEVEL meant\?\); .*\n$/,
  ],
  ['MCP_REGISTRY_PUBLIC_URL', 'registry', /^MCP_REGISTRY_PUBLIC_URL must be an http\(s\) URL, .*\n$/],
  ['MCP_REGISTRY_JWT_PRIVATE_KEY', 'canary', /^MCP_REGISTRY_JWT_PRIVATE_KEY must be Ed25519 seeds .*\n$/],
  ['MCP_REGISTRY_GITHUB_CLIENT_SECRET', 'canary', /^MCP_REGISTRY_GITHUB_CLIENT_ID must be set too where .*\n$/],
])('a wrong %s ends the start with one line and code 2', async (name, value, line) => {
  const service = start({ [name]: value });
  expect(await service.ended).toBe(2);
  expect(service.output.stderr).toMatch(line);
  expect(service.output.stderr).not.toContain('canary');
});
