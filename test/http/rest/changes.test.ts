import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import type { Parsed } from '../../servers/walk.ts';

let registry: TestApp;

const odd = '{ "version":"1.0.0",\t"name":"com.example/odd", "description":"\\u0041 1e2", "x":1.0,  "x":2 }';

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([{ server: aServer('com.example/tool') }]);
  await registry.seed([{ server: aServer('com.example/tool', '2.0.0') }]);
  await registry.seed([{ server: odd, status: 'deleted', statusMessage: 'Gone "for" good' }]);
});
afterAll(() => registry.close());

async function page(query = '', prefix = '/v0.1'): Promise<Parsed> {
  const response = await registry.rest(`${prefix}/changes${query}`);
  return response.json();
}

describe('GET /changes', () => {
  test.each(['/v0', '/v0.1'])('tells everything from the start, under %s', async (prefix) => {
    const { changes, metadata } = await page('', prefix);
    const short = changes.map((one: Parsed) => [one.revision, one.kind, one.server.name, one.server.version]);
    expect(short).toEqual([
      [1, 'PUBLISHED', 'com.example/tool', '1.0.0'],
      [2, 'PUBLISHED', 'com.example/tool', '2.0.0'],
      [3, 'LATEST_CHANGED', 'com.example/tool', '1.0.0'],
      [4, 'PUBLISHED', 'com.example/odd', '1.0.0'],
    ]);
    expect(metadata).toEqual({ revision: 4, hasMore: false });
  });

  test('goes on from a revision, in pages', async () => {
    const first = await page('?after=1&limit=2');
    expect(first.changes.map((one: Parsed) => one.revision)).toEqual([2, 3]);
    expect(first.metadata).toEqual({ revision: 3, hasMore: true });
    expect(await page('?after=4')).toEqual({ changes: [], metadata: { revision: 4, hasMore: false } });
    expect((await page('?after=99')).metadata).toEqual({ revision: 99, hasMore: false });
  });

  test('is as GraphQL tells it', async () => {
    const { data } = await registry.graphql('{ changes { changes { revision kind changedAt } revision hasMore } }');
    const { changes, metadata } = await page();
    const log = changes.map(({ revision, kind, changedAt }: Parsed) => ({ revision, kind, changedAt }));
    expect({ changes: log, ...metadata }).toEqual(data.changes);
  });

  test('has each version byte for byte as it is, with what the registry knows of it', async () => {
    const text = await (await registry.rest('/v0.1/changes?after=3')).text();
    expect(text).toContain(`"server":${odd},"_meta":`);
    const [one] = JSON.parse(text).changes;
    expect(Object.keys(one)).toEqual(['revision', 'kind', 'changedAt', 'server', '_meta']);
    const exact = await registry.rest('/v0.1/servers/com.example%2Fodd/versions/1.0.0?include_deleted=true');
    expect({ server: one.server, _meta: one._meta }).toEqual(await exact.json());
  });

  test('may be kept like a list, by its tags', async () => {
    const response = await registry.rest('/v0.1/changes');
    expect(response.headers.get('cache-control')).toBe('public, max-age=30, s-maxage=60, stale-if-error=300');
    expect(response.headers.get('surrogate-key')).toBe('list s:com.example%2Ftool s:com.example%2Fodd');
    expect(response.headers.get('registry-revision')).toBe('4');
    const etag = response.headers.get('etag')!;
    expect((await registry.rest('/v0.1/changes', { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await registry.rest('/v0/changes', { method: 'HEAD' });
    expect([head.status, head.headers.get('etag')]).toEqual([200, etag]);
  });

  const asked = 'There is no query parameter';
  test.each([
    ['limit=0', 422, 'expected number >= 1'],
    ['limit=101', 422, 'expected number <= 100'],
    ['after=-1', 422, 'expected number >= 0'],
    ['after=x', 422, 'invalid integer'],
    ['after=9007199254740993', 422, 'invalid integer'],
    ['after=1&after=2', 400, 'The query parameter after is given more than once: give it once.'],
    ['cursor=1', 400, `${asked} cursor here: it takes after, limit.`],
    ['after=1&__proto__=2', 400, `${asked} __proto__ here: it takes after, limit.`],
  ])('refuses ?%s', async (query, status, message) => {
    const response = await registry.rest(`/v0.1/changes?${query}`);
    const problem = (await response.json()) as Parsed;
    expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
    expect(problem.errors?.[0].message ?? problem.detail).toBe(message);
  });
});

test('every answer of the other doors tells its revision too', async () => {
  const told = await Promise.all([registry.graphql('{ __typename }'), registry.subgraph('{ __typename }')]);
  expect(told.map(({ headers }) => headers.get('registry-revision'))).toEqual(['4', '4']);
});
