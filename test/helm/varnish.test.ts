import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWork } from '../../src/work.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { freePort } from '../free-port.ts';
import { chartFile } from './kubernetes.ts';

const VARNISHD = '/usr/sbin/varnishd';
const there = existsSync(VARNISHD);
if (!there) console.log('!!! LEFT OUT: varnishd is not there, so the chart’s Varnish was not tried. !!!');

const TOKEN = 'purge-token';

describe.skipIf(!there)('the chart’s Varnish in front of the registry', () => {
  let folder: string;
  let registry: TestApp;
  let work: { stop(): Promise<void> };
  let varnish: ChildProcess;
  let front: string;
  let publisher: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'varnish-'));
    const port = await freePort();
    front = `http://127.0.0.1:${port}`;
    registry = await createTestApp({
      MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
      MCP_REGISTRY_CDN_KIND: 'varnish',
      MCP_REGISTRY_CDN_PURGE_URL: front,
      MCP_REGISTRY_CDN_PURGE_TOKEN: TOKEN,
    });
    work = await startWork(registry.app);
    varnish = startVarnish(folder, port, new URL(registry.url).port);
    for (let up = false; !up; await sleep(50)) {
      up = await get('/v0.1/ping').then(
        (answer) => answer.ok,
        () => false,
      );
    }
    const login = await fetch(`${front}/v0.1/auth/none`, { method: 'POST' });
    publisher = ((await login.json()) as { registry_token: string }).registry_token;
  });

  afterAll(async () => {
    varnish?.kill('SIGTERM');
    await work?.stop();
    await registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${front}${path}`, { headers });

  /** Varnish names the request that brought an answer beside the one that asks now. */
  const isKept = (answer: Response) => answer.headers.get('x-varnish')!.includes(' ');

  const publish = (version: string) =>
    fetch(`${front}/v0.1/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${publisher}` },
      body: JSON.stringify(aServer('io.modelcontextprotocol.anonymous/cached', version)),
    });

  test('keeps what anyone may share, and asks again for who shows a token', async () => {
    await get('/v0.1/servers');
    expect(isKept(await get('/v0.1/servers'))).toBe(true);
    expect(isKept(await get('/v0.1/servers', { authorization: `Bearer ${publisher}` }))).toBe(false);
    expect(isKept(await get('/v0.1/servers', { cookie: 'a=b' }))).toBe(false);
  });

  test('gives a browser GraphiQL', async () => {
    const page = await get('/graphql', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toContain('text/html');
    await page.text();
  });

  test('forgets what a publish changed, soon', async () => {
    expect((await publish('1.0.0')).status).toBe(200);
    const latest = '/v0.1/servers/io.modelcontextprotocol.anonymous%2Fcached/versions/latest';
    await get(latest);
    expect(isKept(await get(latest))).toBe(true);
    const from = performance.now();
    expect((await publish('1.1.0')).status).toBe(200);
    for (let version = ''; version !== '1.1.0'; await sleep(20)) {
      version = ((await (await get(latest)).json()) as { server: { version: string } }).server.version;
    }
    const ms = Math.round(performance.now() - from);
    console.log(`a publish is seen through Varnish ${ms} ms after it was sent; without the purge that took up to 60 s`);
    expect(ms).toBeLessThan(5_000);
  });

  test('forgets nothing for who has not the token', async () => {
    // A publish purges a second time, two seconds later.
    const jobs = () => registry.app.db.sql('SELECT FROM graphile_worker.jobs');
    await expect.poll(jobs, { timeout: 10_000 }).toEqual([]);
    await get('/v0.1/servers');
    for (const authorization of ['', 'Bearer', 'Bearer ', `Bearer ${TOKEN}x`, TOKEN]) {
      const refused = await fetch(front, { method: 'PURGE', headers: { authorization, 'xkey-purge': 'list' } });
      expect(refused.status).toBe(403);
    }
    expect(isKept(await get('/v0.1/servers'))).toBe(true);
  });

  test('counts callers by their own address, not by the ingress’s', async () => {
    const addresses = ['203.0.113.7', '203.0.113.8'].map((address) =>
      get('/v0.1/servers?search=x', { 'x-forwarded-for': address, authorization: 'Bearer none' }),
    );
    for (const answer of await Promise.all(addresses)) expect(answer.status).toBeLessThan(500);
    await fetch(`${front}/v0.1/auth/none`, { method: 'POST', headers: { 'x-forwarded-for': '203.0.113.7' } });
    const other = await fetch(`${front}/v0.1/auth/none`, {
      method: 'POST',
      headers: { 'x-forwarded-for': '203.0.113.8' },
    });
    expect(other.headers.get('ratelimit-remaining')).toBe(String(Number(other.headers.get('ratelimit-limit')) - 1));
  });
});

/** As the chart starts it, on a port of this machine. */
function startVarnish(folder: string, port: number, backend: string): ChildProcess {
  const vcl = readFileSync(chartFile('files/varnish.vcl'), 'utf8');
  const file = join(folder, 'default.vcl');
  writeFileSync(file, vcl.replace('BACKEND_HOST', '127.0.0.1').replace('BACKEND_PORT', backend));
  copyFileSync(chartFile('files/rules.vcl'), join(folder, 'rules.vcl'));
  const args = [
    '-F',
    '-j',
    'none',
    '-n',
    join(folder, 'work'),
    '-f',
    file,
    '-a',
    `http=127.0.0.1:${port},HTTP`,
    '-s',
    'malloc,64M',
  ];
  return spawn(VARNISHD, args, { stdio: 'ignore', env: { ...process.env, PURGE_TOKEN: TOKEN } });
}
