import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, cloneTemplate, TEST_SEED } from '../app.ts';
import { freePort } from '../free-port.ts';
import * as edge from './edge.ts';

const missing = edge.missingCaches();
if (missing.length > 0) {
  console.log(
    `!!! LEFT OUT: ${missing.join(', ')} not installed: nothing ran behind real caches (apt-get install). !!!`,
  );
}

/** How long lists may be kept here; the minute that it really is would be long to wait for. */
const LIFETIME = 3;

const query = '{ servers(first: 5) { edges { node { name latestVersion { version description } } } } }';
const sha256Hash = createHash('sha256').update(query).digest('hex');
const paths = {
  list: '/v0.1/servers?version=latest',
  exact: '/v0.1/servers/io.modelcontextprotocol.anonymous%2Faa/versions/1.0.0',
  page: '/',
  persisted: `/graphql?documentId=sha256:${sha256Hash}`,
};

let folder: string;
let registries: edge.Running[] = [];
let gate: edge.PurgeGate;
const caches: Partial<Record<'varnish' | 'nginx', edge.Running>> = {};
let token: string;

beforeAll(async () => {
  if (missing.length > 0) return;
  folder = mkdtempSync(join(tmpdir(), 'mcp-edge-'));
  const [varnish, nginx, database] = await Promise.all([freePort(), freePort(), cloneTemplate()]);
  gate = await edge.startPurgeGate(varnish);
  const env = {
    MCP_REGISTRY_DATABASE_URL: database,
    MCP_REGISTRY_SEED_FROM: 'none',
    MCP_REGISTRY_JWT_PRIVATE_KEY: TEST_SEED,
    MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
    MCP_REGISTRY_CDN_PURGE_URL: gate.url,
    MCP_REGISTRY_CDN_PURGE_TOKEN: edge.PURGE_TOKEN,
  };
  registries = await Promise.all([edge.startRegistry(env, LIFETIME), edge.startRegistry(env, LIFETIME)]);
  const ports = registries.map(({ port }) => port);
  caches.varnish = await edge.startVarnish(folder, { own: varnish, registries: ports });
  caches.nginx = await edge.startNginx(folder, { own: nginx, registries: ports });
  const login = await fetch(`${origin(0)}/v0.1/auth/none`, { method: 'POST' });
  token = ((await login.json()) as { registry_token: string }).registry_token;
  for (const name of ['aa', 'bb', 'cc', 'dd', 'ee', 'ff']) await publish(name);
  await fetch(`${origin(0)}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  });
  // What follows of that is over by then.
  await sleep(2_500);
});
afterAll(() => {
  for (const { process } of [...registries, ...Object.values(caches)]) process.kill('SIGKILL');
  gate?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const origin = (i: number) => `http://127.0.0.1:${registries[i]!.port}`;
const at = (cache: 'varnish' | 'nginx', path: string, init?: RequestInit) =>
  fetch(`http://127.0.0.1:${caches[cache]!.port}${path}`, init);
const verdict = async (...asked: Parameters<typeof at>) => {
  const response = await at(...asked);
  await response.bytes();
  return response.headers.get('x-cache');
};

async function publish(name: string, version = '1.0.0'): Promise<void> {
  // A description of some length, so that answers are worth compressing.
  const description = `What ${name} does `.repeat(4).trim();
  const response = await fetch(`${origin(0)}/v0.1/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(aServer(`io.modelcontextprotocol.anonymous/${name}`, version, { description })),
  });
  expect([response.status, response.status === 200 ? '' : await response.text()]).toEqual([200, '']);
}

/** Milliseconds until the cache shows a text. */
async function untilShown(cache: 'varnish' | 'nginx', path: string, text: string): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < 3 * LIFETIME * 1000) {
    if ((await (await at(cache, path)).text()).includes(text)) return Math.round(performance.now() - began);
    await sleep(10);
  }
  return Infinity;
}

describe.skipIf(missing.length > 0).each(['varnish', 'nginx'] as const)('%s in front of two registries', (cache) => {
  test.each(Object.keys(paths) as (keyof typeof paths)[])('keeps %s: the second GET is a hit', async (name) => {
    const path = `${paths[name]}`;
    const first = await at(cache, path);
    const body = await first.text();
    const second = await at(cache, path);
    expect(second.headers.get('x-cache')).toBe('HIT');
    expect(await second.text()).toBe(body);
    const etag = second.headers.get('etag')!;
    const known = await at(cache, path, { headers: { 'if-none-match': etag } });
    expect([known.status, known.headers.get('x-cache')]).toEqual([304, 'HIT']);
    expect((await at(cache, path, { method: 'HEAD' })).headers.get('x-cache')).toBe('HIT');
    const plain = await at(cache, path, { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, body]);
  });

  test('keeps the forms of a GraphQL answer apart', async () => {
    for (const accept of ['application/graphql-response+json', 'application/json'] as const) {
      const types = [];
      for (let i = 0; i < 2; i++) {
        const response = await at(cache, paths.persisted, { headers: { accept } });
        types.push(response.headers.get('content-type'));
        await response.bytes();
      }
      expect(types).toEqual(Array(2).fill(`${accept}; charset=utf-8`));
    }
  });

  test('gives a browser GraphiQL, also behind a program that asked the same', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const asks of ['application/json', accept, accept, 'application/json']) {
      const answer = await at(cache, '/graphql', { headers: { accept: asks } });
      const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
      expect([asks, isPage, (await answer.text()).includes('graphiql')]).toEqual([
        asks,
        asks === accept,
        asks === accept,
      ]);
    }
  });

  test.each([
    ['a token', paths.list, { authorization: 'Bearer x' }],
    ['a cookie', paths.list, { cookie: 'a=b' }],
    ['parameters that are not known', `${paths.list}&utm=1`, {}],
    ['free text', `/graphql?query=${encodeURIComponent(query)}`, {}],
    ['an unknown operation', `/graphql?documentId=${'0'.repeat(64)}`, {}],
    ['a refusal', '/v0.1/servers?cursor=x', {}],
  ] as [string, string, Record<string, string>][])('keeps nothing of %s', async (_what, path, headers) => {
    for (let i = 0; i < 3; i++) expect(await verdict(cache, path, { headers })).not.toBe('HIT');
  });
});

describe.skipIf(missing.length > 0)('a publish', () => {
  test('is seen at the purged edge at once, five times, and what it does not touch stays', async () => {
    const took: number[] = [];
    await verdict('varnish', paths.exact.replace('2Faa', '2Fbb'));
    for (let patch = 1; patch <= 5; patch++) {
      for (const name of ['list', 'persisted', 'page'] as const) await verdict('varnish', paths[name]);
      await publish('aa', `1.1.${patch}`);
      took.push(await untilShown('varnish', paths.list, `1.1.${patch}`));
      took.push(await untilShown('varnish', paths.persisted, `1.1.${patch}`));
    }
    console.log(`a publish was seen behind Varnish after ${took.join(', ')} ms`);
    expect(Math.max(...took)).toBeLessThan(1_500);
    expect(await verdict('varnish', paths.exact.replace('2Faa', '2Fbb'))).toBe('HIT');
  });

  test('is seen within the stated lifetime at an edge that is never purged', async () => {
    await verdict('nginx', paths.list);
    await publish('aa', '1.2.0');
    const took = await untilShown('nginx', paths.list, '1.2.0');
    console.log(`a publish was seen behind nginx after ${took} ms, of ${LIFETIME} s at most`);
    expect(took).toBeLessThan(LIFETIME * 1000 + 1_000);
  });

  test('loses nothing while the purge address is out of order', async () => {
    gate.open = false;
    await verdict('varnish', paths.list);
    await publish('bb', '1.3.0');
    expect(await untilShown('varnish', paths.list, '1.3.0')).toBeLessThan(LIFETIME * 1000 + 1_000);
    expect(gate.refused).toBeGreaterThan(0);
    gate.passed.length = 0;
    gate.open = true;
    await expect
      .poll(() => gate.passed.join(' ').split(' '), { timeout: 15_000 })
      .toEqual(expect.arrayContaining(['list', 's:io.modelcontextprotocol.anonymous%2Fbb']));
  });

  test('or none: the edge still answers when no registry does', async () => {
    for (const cache of ['varnish', 'nginx'] as const) await verdict(cache, paths.list);
    for (const { process } of registries) process.kill('SIGKILL');
    await sleep(LIFETIME * 1000 + 500);
    for (const cache of ['varnish', 'nginx'] as const) {
      const response = await at(cache, paths.list);
      expect([cache, response.status]).toEqual([cache, 200]);
    }
  });
});
