import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([
    { server: aServer('com.example/Weather', '1.0.0') },
    { server: aServer('com.example/Weather', '1.0.1') },
    { server: aServer('org.other/zeta', '1.0.0') },
  ]);
});
afterAll(() => registry.close());

const listed = 'public, max-age=30, s-maxage=60, stale-if-error=300';
const exact = 'public, max-age=60, s-maxage=300, stale-if-error=300';
const absent = 'public, max-age=5';

const weather = '/v0.1/servers/com.example%2Fweather/versions';

async function header(name: string, path: string, headers: Record<string, string> = {}): Promise<string | null> {
  return (await registry.rest(path, { headers })).headers.get(name);
}

describe('how long an answer may be kept', () => {
  test.each([
    ['/v0.1/servers', listed],
    ['/v0/servers?version=latest&limit=5', listed],
    ['/v0.1/servers?search=weather', listed],
    [weather, listed],
    [`${weather}/latest`, listed],
    [`${weather}/1.0.0`, exact],
    ['/openapi.json', exact],
    ['/openapi.yaml', exact],
    ['/', listed],
    ['/?q=weather', listed],
    ['/servers/com.example/weather', listed],
    [`${weather}/9`, absent],
    ['/v0.1/nothing', absent],
    ['/servers/com.example/nothing', absent],
    ['/v0.1/health', 'no-store'],
    ['/v0.1/ping', 'no-store'],
    ['/v0.1/version', 'no-store'],
    ['/v0.1/servers?limit=0', 'no-store'],
    ['/v0.1/servers?cursor=x', 'no-store'],
    ['/v0.1/servers?q=weather', 'no-store'],
    ['/v0.1/servers?__proto__=x', 'no-store'],
    ['/v0.1/nothing?x=1', 'no-store'],
    ['/?utm=1', 'no-store'],
    [`${weather}/1.0.0?utm=1`, 'no-store'],
    [`${weather}/9?utm=1`, 'no-store'],
    ['/v0.1/servers/', 'no-store'],
  ])('%s: %s', async (path, policy) => {
    expect(await header('cache-control', path)).toBe(policy);
  });

  test.each(['/v0.1/servers', `${weather}/1.0.0`, `${weather}/9`, '/v0.1/nothing', '/', '/openapi.json'])(
    '%s is nobody else’s when it was asked for with a token or a cookie',
    async (path) => {
      expect(await header('cache-control', path, { authorization: 'Bearer x' })).toBe('no-store');
      expect(await header('cache-control', path, { cookie: 'a=b' })).toBe('no-store');
    },
  );

  test('depends on the encoding and on nothing else', async () => {
    for (const path of ['/v0.1/servers', `${weather}/1.0.0`, `${weather}/9`]) {
      expect(await header('vary', path)).toBe('Accept-Encoding');
    }
  });
});

describe('the ETag', () => {
  test('is the SHA-256 of the bytes', async () => {
    for (const path of ['/v0.1/servers', `${weather}/1.0.0`, '/', '/openapi.yaml']) {
      const response = await registry.rest(path, { headers: { 'accept-encoding': 'identity' } });
      const digest = createHash('sha256')
        .update(await response.bytes())
        .digest('base64url');
      expect(response.headers.get('etag')).toBe(`"${digest}"`);
    }
  });

  test('that is known is answered with 304 and the same headers', async () => {
    const first = await registry.rest(`${weather}/1.0.0`);
    const etag = first.headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, `"a","b" , W/${etag}`, '*', ' * ']) {
      const again = await registry.rest(`${weather}/1.0.0`, { headers: { 'if-none-match': known } });
      expect([known, again.status, await again.text()]).toEqual([known, 304, '']);
      for (const name of ['etag', 'cache-control', 'vary', 'surrogate-key', 'cache-tag', 'registry-revision']) {
        expect(again.headers.get(name)).toBe(first.headers.get(name));
      }
      expect(again.headers.get('content-type')).toBeNull();
    }
  });

  test('is one for each encoding', async () => {
    const tags = await Promise.all(
      ['identity', 'gzip', 'br'].map((encoding) => header('etag', '/', { 'accept-encoding': encoding })),
    );
    const [plain] = tags;
    expect(tags).toEqual([plain, plain!.replace(/"$/, '-gzip"'), plain!.replace(/"$/, '-br"')]);
  });

  test('that is another or no tag at all is answered in full', async () => {
    const etag = (await header('etag', `${weather}/1.0.0`))!;
    for (const known of ['"other"', etag.replaceAll('"', ''), '', 'W/', '"', '**']) {
      expect((await registry.rest(`${weather}/1.0.0`, { headers: { 'if-none-match': known } })).status).toBe(200);
    }
  });

  test('never makes a 304 of what is not there', async () => {
    for (const path of [`${weather}/9`, '/servers/com.example/nothing']) {
      expect((await registry.rest(path, { headers: { 'if-none-match': '*' } })).status).toBe(404);
    }
  });

  test('is another after a change', async () => {
    const before = await header('etag', weather);
    await registry.seed([{ server: aServer('com.example/Weather', '1.0.2') }]);
    expect(await header('etag', weather)).not.toBe(before);
  });
});

describe('HEAD', () => {
  test.each(['/v0.1/servers', `${weather}/1.0.0`, '/v0/health', '/', '/openapi.yaml', '/servers/com.example/weather'])(
    'of %s has the headers of GET and no body',
    async (path) => {
      const headers = { 'accept-encoding': 'identity' };
      const [got, head] = await Promise.all([
        registry.rest(path, { headers }),
        registry.rest(path, { method: 'HEAD', headers }),
      ]);
      const ofTheAnswer = ({ headers }: Response) =>
        [...headers].filter(([name]) => !['connection', 'keep-alive', 'date', 'x-request-id'].includes(name));
      expect(ofTheAnswer(head)).toEqual(ofTheAnswer(got));
      expect(Number(head.headers.get('content-length'))).toBe((await got.bytes()).length);
      expect(await head.text()).toBe('');
    },
  );

  test('knows 304 and 404', async () => {
    const etag = (await header('etag', `${weather}/1.0.0`))!;
    const known = await registry.rest(`${weather}/1.0.0`, { method: 'HEAD', headers: { 'if-none-match': etag } });
    expect(known.status).toBe(304);
    expect((await registry.rest(`${weather}/9`, { method: 'HEAD' })).status).toBe(404);
  });
});

describe('the tags by which a CDN purges', () => {
  test('name each server once, and lists as such', async () => {
    expect(await header('surrogate-key', '/v0.1/servers')).toBe('list s:com.example%2Fweather s:org.other%2Fzeta');
    expect(await header('cache-tag', '/v0.1/servers')).toBe('list,s:com.example%2Fweather,s:org.other%2Fzeta');
    expect(await header('surrogate-key', '/v0.1/servers?search=nothing')).toBe('list');
    for (const path of [weather, `${weather}/latest`, `${weather}/1.0.0`, '/servers/com.example/Weather']) {
      expect(await header('surrogate-key', path)).toBe('s:com.example%2Fweather');
    }
  });

  test('are the list’s alone when there would be too many', async () => {
    const many = (namespace: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ server: aServer(`${namespace}/${i}`) }));
    await registry.seed([...many('com.xxx', 51), ...many(`com.${'y'.repeat(180)}`, 30)]);
    expect(await header('surrogate-key', '/v0.1/servers?search=xxx&limit=100')).toBe('list');
    expect((await header('cache-tag', '/v0.1/servers?search=xxx&limit=49'))!.split(',')).toHaveLength(50);
    expect(await header('cache-tag', '/v0.1/servers?search=xxx&limit=50')).toBe('list');
    expect(await header('cache-tag', '/v0.1/servers?search=yyy')).toBe('list');
    expect((await header('cache-tag', '/v0.1/servers?search=yyy&limit=10'))!.split(',')).toHaveLength(11);
  });
});

describe('Registry-Revision', () => {
  test('is the newest one that the answer knows', async () => {
    const { data } = await registry.graphql('{ registry { revision } }');
    const newest = Number(data.registry.revision);
    await vi.waitFor(() => expect(registry.app.revision.current()).toBe(newest), 5_000);
    for (const path of ['/v0.1/servers', weather, `${weather}/latest`, `${weather}/1.0.0`, `${weather}/9`, '/']) {
      expect(await header('registry-revision', path)).toBe(String(newest));
    }
  });
});
