import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

const odd = '{ "version":"1.0.0",\t"name":"com.example/odd", "description":"\\u0041 1e2", "x":1.0,  "x":2 }';
const many = 2_000;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([
    { server: aServer('com.example/tool') },
    { server: aServer('com.example/tool', '2.0.0'), status: 'deprecated', statusMessage: 'Use "another"\u2028' },
    { server: odd, status: 'deleted' },
  ]);
  const note = 'n'.repeat(10_000);
  const servers = Array.from({ length: many }, (_, i) => aServer(`com.many/s${i}`, '1.0.0', { note: `${i} ${note}` }));
  for (let i = 0; i < many; i += 500) await registry.seed(servers.slice(i, i + 500).map((server) => ({ server })));
});
afterAll(() => registry.close());

const seated = () => registry.app.seats.export.taken();
const noneSeated = () => vi.waitFor(() => expect(seated()).toBe(0), 5_000);

/** Asks without reading the answer, as it comes over the wire. */
async function open(path = '/v0.1/export', headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(request(`${registry.url}${path}`, { headers }).end(), 'response')) as [
    IncomingMessage,
  ];
  return response;
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function lines(): Promise<string[]> {
  return (await read(await open())).toString().split('\n');
}

describe('GET /export', () => {
  test('has every version of every status, a line each, at the revision that it tells', async () => {
    const response = await open();
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'registry-revision': String(many + 3),
      etag: `W/"${many + 3}"`,
      'cache-control': 'public, max-age=30, s-maxage=60, stale-if-error=300',
      vary: 'Accept-Encoding',
      'surrogate-key': 'list',
    });
    const all = (await read(response)).toString().split('\n');
    expect(all.pop()).toBe('');
    expect(all).toHaveLength(many + 3);
    expect(all[2]!.startsWith(`{"server":${odd},"_meta":{`)).toBe(true);
    expect(new Set(all.map((line) => JSON.parse(line).server.name)).size).toBe(many + 2);
  });

  test('has each line as the other routes answer it', async () => {
    const [, second, third] = await lines();
    for (const [path, line] of [
      ['com.example%2Ftool/versions/2.0.0', second],
      ['com.example%2Fodd/versions/1.0.0?include_deleted=true', third],
    ]) {
      expect(await (await registry.rest(`/v0.1/servers/${path}`)).text()).toBe(line);
    }
  });

  test('comes compressed as asked for', async () => {
    const plain = await read(await open());
    const gzip = await open('/v0/export', { 'accept-encoding': 'gzip' });
    const brotli = await open('/v0/export', { 'accept-encoding': 'gzip, br' });
    expect([gzip.headers['content-encoding'], brotli.headers['content-encoding']]).toEqual(['gzip', 'br']);
    expect(gunzipSync(await read(gzip)).equals(plain)).toBe(true);
    expect(brotliDecompressSync(await read(brotli)).equals(plain)).toBe(true);
  });

  test('is not sent again to who has this revision, nor for HEAD', async () => {
    registry.takeStatements();
    const known = await open('/v0.1/export', { 'if-none-match': `"1", W/"${many + 3}"` });
    expect([known.statusCode, (await read(known)).length]).toEqual([304, 0]);
    const head = await registry.rest('/v0.1/export', { method: 'HEAD' });
    expect([head.status, head.headers.get('etag')]).toEqual([200, `W/"${many + 3}"`]);
    expect(registry.takeStatements().filter((text) => text.includes('CURSOR'))).toEqual([]);
  });

  test('is nobody else’s when it was asked for with a token', async () => {
    const response = await open('/v0.1/export', { authorization: 'Bearer x' });
    expect(response.headers['cache-control']).toBe('no-store');
    await read(response);
  });

  test('takes no parameters', async () => {
    const response = await open('/v0.1/export?limit=3');
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(String(await read(response)))).toMatchObject({
      detail: 'There is no query parameter limit here: it takes none.',
      code: 'BAD_USER_INPUT',
    });
  });

  test('is of one revision, whatever changes while it is read', async () => {
    const response = await open();
    const before = Number(response.headers['registry-revision']);
    await registry.seed([
      { server: aServer('com.example/late') },
      { server: aServer('com.example/tool', '3.0.0') },
      { server: aServer(`com.many/s${many - 1}`), status: 'deleted' },
    ]);
    const all = (await read(response))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(all).toHaveLength(many + 3);
    expect(all.at(-1).server.note).toMatch(/^1999 n/);
    const after = await open();
    expect(Number(after.headers['registry-revision'])).toBeGreaterThan(before);
    expect((await read(after)).toString().split('\n')).toHaveLength(many + 6);
  });
});

describe('who reads for long', () => {
  test('holds a seat and a connection of its own: there are two for one address, and others wait', async () => {
    const held = [await open(), await open()];
    const refused = await open();
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({ 'retry-after': '15', 'cache-control': 'no-store' });
    expect(refused.headers).not.toHaveProperty('etag');
    await read(refused);
    const elsewhere = (i: number) => open('/v0.1/export', { 'x-forwarded-for': `9.9.9.${i}` });
    held.push(await elsewhere(1), await elsewhere(2));
    const full = await elsewhere(3);
    expect([full.statusCode, full.headers['retry-after']]).toEqual([503, '15']);
    await read(full);
    // The pool is not touched: everyone else is answered meanwhile.
    expect((await registry.rest('/v0.1/servers?limit=100')).status).toBe(200);
    for (const one of held) await read(one);
    await noneSeated();
  });

  test('and gives up, at whatever moment, leaves nothing behind', async () => {
    for (let i = 0; i < 40; i++) {
      const asking = request(`${registry.url}/v0.1/export`);
      asking.on('error', () => {}).end();
      setTimeout(() => asking.destroy(), i / 2);
      await new Promise((resolve) => asking.once('close', resolve));
    }
    await noneSeated();
    await vi.waitFor(async () => {
      const reading = await registry.app.db.sql(
        `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%export%' AND pid <> pg_backend_pid()`,
      );
      expect(reading).toEqual([]);
    }, 5_000);
  });

  test('is cut off inside of the transfer when the database fails, so that nobody takes it for the whole', async () => {
    const response = await open();
    const client = new pg.Client({ connectionString: registry.databaseUrl });
    await client.connect();
    await vi.waitFor(async () => {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'FETCH%'`,
      );
      expect(rowCount).toBe(1);
    }, 5_000);
    await client.end();
    await expect(read(response).then(({ length }) => length)).rejects.toThrow('aborted');
    expect(response.complete).toBe(false);
    expect(registry.logged().map((line) => line.msg)).toContain('an export was cut off');
    await noneSeated();
  });

  test('and slowly, is read for no faster than that', async () => {
    registry.takeStatements();
    const response = await open();
    await vi.waitFor(() => expect(registry.takeStatements()).toEqual([]), { timeout: 5_000, interval: 300 });
    const first = (await read(response)).length;
    expect(registry.takeStatements().filter((text) => text.startsWith('FETCH')).length).toBeGreaterThan(10);
    expect(first).toBeGreaterThan(many * 10_000);
  });
});
