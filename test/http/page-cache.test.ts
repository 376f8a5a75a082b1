import { Agent, request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';

let app: TestApp;
/** The same registry by a process that keeps nothing. */
let bare: TestApp;
beforeAll(async () => {
  app = await createTestApp({ MCP_REGISTRY_PAGE_CACHE_MB: '1' });
  const description = 'words '.repeat(15);
  await app.seed(
    Array.from({ length: 40 }, (_, i) => ({ server: aServer(`com.example/s${i}`, '1.0.0', { description }) })),
  );
  bare = await createTestApp({ MCP_REGISTRY_PAGE_CACHE_MB: '0', MCP_REGISTRY_DATABASE_URL: app.databaseUrl });
});
afterAll(async () => {
  await bare?.close();
  await app?.close();
});
beforeEach(() => void app.takeStatements());

const agent = new Agent({ keepAlive: true });

/** Asks as plainly as can be: fetch adds headers and decodes. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', at = app) {
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
    const asking = request(`${at.url}${path}`, { method, headers, agent }, (response) => {
      const { statusCode: status = 0, headers } = response;
      buffer(response).then((body) => resolve({ status, headers, body }), reject);
    });
    asking.on('error', reject).end();
  });
}

/** But for the question whether there is a new revision, which every process asks once a second. */
const statements = () => app.takeStatements().filter((text) => text !== 'SELECT n FROM revision').length;
const metric = async (name: string) => {
  const text = await (await fetch(`${app.internalUrl}/metrics`)).text();
  return Number(new RegExp(`^mcp_registry_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
};
const list = '/v0.1/servers?version=latest';
const query = '{ servers { edges { node { name description } } } }';
let persisted: string;
beforeAll(async () => {
  const sha256Hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(query))).toString('hex');
  const body = JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } });
  await fetch(`${app.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  persisted = `/graphql?documentId=sha256:${sha256Hash}`;
});

/** All but what is each answer's own. */
const lasting = ({ 'x-request-id': _id, date: _date, ...headers }: IncomingMessage['headers']) => headers;

describe('what was answered', () => {
  test.each([[list], [`${list}&limit=5`], ['/'], ['/servers/com.example/s1'], ['/graphql']])(
    '%s is answered again without a statement, head and body alike',
    async (path) => {
      const url = path === '/graphql' ? persisted : path;
      const first = await ask(url);
      expect(statements()).toBeGreaterThan(0);
      const again = await ask(url);
      expect([again.status, again.body]).toEqual([200, first.body]);
      expect(lasting(again.headers)).toEqual(lasting(first.headers));
      expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
      const head = await ask(url, {}, 'HEAD');
      expect([head.status, head.body.length, lasting(head.headers)]).toEqual([200, 0, lasting(first.headers)]);
      const known = await ask(url, { 'if-none-match': first.headers.etag! });
      expect([known.status, known.body.length, known.headers.etag]).toEqual([304, 0, first.headers.etag]);
      expect(statements()).toBe(0);
    },
  );

  test('is sent in each encoding, each with a tag of its own', async () => {
    const plain = await ask(list);
    const gzip = await ask(list, { 'accept-encoding': 'gzip' });
    const br = await ask(list, { 'accept-encoding': 'gzip, br;q=1' });
    expect([plain, gzip, br].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'br']);
    expect(gunzipSync(gzip.body)).toEqual(plain.body);
    expect(brotliDecompressSync(br.body)).toEqual(plain.body);
    expect(new Set([plain, gzip, br].map(({ headers }) => headers.etag)).size).toBe(3);
    const known = await ask(list, { 'accept-encoding': 'br', 'if-none-match': br.headers.etag! });
    expect([known.status, known.headers.etag]).toEqual([304, br.headers.etag]);
    expect(statements()).toBeLessThanOrEqual(2);
  });

  test('is made once, however many ask at the same time', async () => {
    const path = `${list}&limit=7`;
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(path)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.toString()}`)).size).toBe(1);
    expect(statements()).toBe(1);
  });

  test('is made again when whoever asked first hung up', async () => {
    const path = `${list}&limit=8`;
    const gone = request(`${app.url}${path}`).on('error', () => {});
    gone.end();
    const others = Promise.all(Array.from({ length: 10 }, () => ask(path)));
    gone.destroy();
    expect((await others).map(({ status }) => status)).toEqual(Array(10).fill(200));
  });

  test('has the id of the log line when it is made, and one of its own when it is sent again', async () => {
    const ids = [await ask(`${list}&limit=9`), await ask(`${list}&limit=9`)].map((one) => one.headers['x-request-id']);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toContain(app.logged().findLast((line) => line.path === '/v0.1/servers')?.requestId);
  });

  test('is forgotten with the next revision', async () => {
    const [before, same] = [await ask(list), await ask(list)];
    expect(same.body).toEqual(before.body);
    await app.seed([{ server: aServer('com.example/aaa') }]);
    const after = await ask(list);
    expect(after.body.toString()).toContain('com.example/aaa');
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(Number(after.headers['registry-revision'])).toBe(Number(before.headers['registry-revision']) + 1);
  });

  test('is counted', async () => {
    const hits = 'page_cache_requests_total\\{outcome="hit"\\}';
    await ask(list);
    const before = [await metric(hits), await metric('http_requests_total\\{[^}]*route="servers"[^}]*status="200"\\}')];
    for (let i = 0; i < 5; i++) await ask(list);
    const after = [await metric(hits), await metric('http_requests_total\\{[^}]*route="servers"[^}]*status="200"\\}')];
    expect(after).toEqual(before.map((count) => count + 5));
    expect(await metric('page_cache_bytes')).toBeGreaterThan(10_000);
    expect(await metric('store_lookups_total\\{outcome="miss"\\}')).toBeGreaterThan(0);
  });
});

describe('nothing is kept of', () => {
  test.each([
    ['a token', list, { authorization: 'Bearer x' }],
    ['a cookie', list, { cookie: 'a=b' }],
    ['parameters that are not known', `${list}&utm=1`, {}],
    ['what is not there', '/v0.1/servers/com.example%2Fnone/versions/1', {}],
    ['a refusal', '/v0.1/servers?cursor=x', {}],
    ['free text', `/graphql?query=${encodeURIComponent(query)}`, {}],
  ] as [string, string, Record<string, string>][])('%s', async (_what, path, headers) => {
    const before = await metric('page_cache_bytes');
    await ask(path, headers);
    app.takeStatements();
    const { headers: got } = await ask(path, headers);
    expect(got['cache-control']).toMatch(/^no-store$|^public, max-age=5$/);
    expect(await metric('page_cache_bytes')).toBe(before);
  });

  test('more than fits', async () => {
    for (let i = 0; i < 300; i++) await ask(`${list}&search=${i}&limit=50`);
    for (let limit = 1; limit <= 100; limit++) await ask(`/v0.1/servers?limit=${limit}`);
    expect(await metric('page_cache_bytes')).toBeLessThanOrEqual(1024 * 1024);
    expect(await metric('page_cache_bytes')).toBeGreaterThan(200_000);
  });

  test('anything, where it is turned off', async () => {
    for (let i = 0; i < 2; i++) {
      bare.takeStatements();
      expect((await ask(list, {}, 'GET', bare)).headers.etag).toMatch(/^"/);
      expect(bare.takeStatements().length).toBeGreaterThan(0);
    }
  });
});

const unkeyed = [
  ...[
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-port',
    'x-forwarded-prefix',
    'x-forwarded-for',
    'forwarded',
  ],
  ...['x-original-url', 'x-rewrite-url', 'x-http-method-override', 'x-method-override', 'x-host', 'x-real-ip', 'via'],
  ...['origin', 'referer', 'user-agent', 'accept-language', 'range', 'x-wap-profile', 'x-request-id', 'pragma'],
  ...[
    'cache-control',
    'x-forwarded-scheme',
    'true-client-ip',
    'content-type',
    'if-modified-since',
    'upgrade-insecure-requests',
  ],
];

test.each(['/', list, '/servers/com.example/s1', 'persisted'])(
  `%s can't be poisoned by any of ${unkeyed.length} headers`,
  async (name) => {
    const path = name === 'persisted' ? persisted : name;
    const clean = await ask(path);
    for (const header of unkeyed) {
      const headers = { [header]: header === 'range' ? 'bytes=0-1' : 'evil.example' };
      for (const poisoned of [await ask(path, headers, 'GET', bare), await ask(path, headers)]) {
        expect([header, poisoned.status, poisoned.body.equals(clean.body)]).toEqual([header, 200, true]);
        expect(lasting(poisoned.headers)).toEqual(lasting(clean.headers));
      }
    }
    const after = await ask(path);
    expect(JSON.stringify(lasting(after.headers)) + after.body.toString()).not.toContain('evil');
  },
);
