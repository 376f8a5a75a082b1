import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

interface List {
  servers: { server: { name: string; version: string } }[];
  metadata: { nextCursor?: string; count: number };
}

const at = (day: number) => `2025-11-${String(day).padStart(2, '0')}T12:00:00Z`;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([
    { server: aServer('com.example/alpha', '1.9.0'), publishedAt: at(1) },
    { server: aServer('com.example/alpha', '1.10.0'), publishedAt: at(2) },
    {
      server: aServer('com.example/Beta', '2.0.0', { description: 'Talks to a 100%_sure\\database' }),
      publishedAt: at(3),
    },
    { server: aServer('com.example/gone', '1.0.0'), publishedAt: at(4), status: 'deleted' },
    { server: aServer('com.example/old', '0.1.0'), publishedAt: at(5), status: 'deprecated' },
    { server: aServer('org.other/zeta', '1.0.0'), publishedAt: at(6) },
  ]);
  // As if that had been long ago: what changed here counts too, and is tested in since.test.ts.
  await registry.app.db.sql("UPDATE changes SET changed_at = '1990-01-01T00:00:00Z'");
});
afterAll(() => registry.close());

/** Names and versions of a page, as `name@version`. */
async function list(query: string): Promise<{ rows: string[]; metadata: List['metadata'] }> {
  const response = await registry.rest(`/v0.1/servers${query}`);
  expect(response.status).toBe(200);
  const { servers, metadata } = (await response.json()) as List;
  return { rows: servers.map(({ server }) => `${server.name}@${server.version}`), metadata };
}

const visible = [
  'com.example/alpha@1.10.0',
  'com.example/alpha@1.9.0',
  'com.example/Beta@2.0.0',
  'com.example/old@0.1.0',
  'org.other/zeta@1.0.0',
];

describe('the list of servers', () => {
  test('stands by name and then by version as text, without deleted ones', async () => {
    expect(await list('')).toEqual({ rows: visible, metadata: { count: 5 } });
  });

  test('is the same under /v0', async () => {
    const [old, current] = await Promise.all([registry.rest('/v0/servers'), registry.rest('/v0.1/servers')]);
    expect(await old.text()).toBe(await current.text());
  });

  test('takes empty parameters as left out', async () => {
    const query = '?cursor=&limit=&updated_since=&search=&version=&include_deleted=';
    expect((await list(query)).rows).toEqual(visible);
  });

  test.each([
    [
      '?version=latest',
      ['com.example/alpha@1.10.0', 'com.example/Beta@2.0.0', 'com.example/old@0.1.0', 'org.other/zeta@1.0.0'],
    ],
    ['?version=1.0.0', ['org.other/zeta@1.0.0']],
    ['?version=9', []],
    ['?search=BETA', ['com.example/Beta@2.0.0']],
    ['?search=100%25_sure%5Cdata', ['com.example/Beta@2.0.0']],
    ['?search=talks+to', ['com.example/Beta@2.0.0']],
    ['?search=%25', ['com.example/Beta@2.0.0']],
    ['?search=other/', ['org.other/zeta@1.0.0']],
    ['?search=alpha&version=latest', ['com.example/alpha@1.10.0']],
    ['?include_deleted=true&search=gone', ['com.example/gone@1.0.0']],
    ['?include_deleted=1&version=1.0.0', ['com.example/gone@1.0.0', 'org.other/zeta@1.0.0']],
    ['?include_deleted=false&search=gone', []],
    [`?updated_since=${at(4)}`, ['com.example/old@0.1.0', 'org.other/zeta@1.0.0']],
    [
      `?updated_since=2025-11-04T11:59:59.999Z`,
      ['com.example/gone@1.0.0', 'com.example/old@0.1.0', 'org.other/zeta@1.0.0'],
    ],
    [`?updated_since=2025-11-06T13:00:00%2B01:30&include_deleted=true`, ['org.other/zeta@1.0.0']],
  ])('%s gives what was asked for', async (query, rows) => {
    expect((await list(query)).rows).toEqual(rows);
  });
});

describe('its pages', () => {
  test('follow one another to the end, and the full last one says that it is the last', async () => {
    const pages: string[][] = [];
    let cursor = '';
    do {
      const { rows, metadata } = await list(`?limit=2&include_deleted=true&cursor=${cursor}`);
      expect(metadata.count).toBe(rows.length);
      pages.push(rows);
      cursor = metadata.nextCursor ?? '';
    } while (cursor !== '' && pages.length < 10);
    expect(pages.map((rows) => rows.length)).toEqual([2, 2, 2]);
    expect(pages.flat()).toEqual(visible.toSpliced(3, 0, 'com.example/gone@1.0.0'));
  });

  test('have cursors that are opaque and the same as in GraphQL', async () => {
    const { metadata } = await list('?limit=2');
    const query =
      'query ($after: String) { serverVersions(first: 2, after: $after) { pageInfo { endCursor } edges { node { name } } } }';
    const first = await registry.graphql(query);
    expect(metadata.nextCursor).toBe(first.data.serverVersions.pageInfo.endCursor);
    expect(metadata.nextCursor).toMatch(/^[\w-]+$/);
    const second = await registry.graphql(query, { after: metadata.nextCursor });
    expect(second.data.serverVersions.edges[0].node.name).toBe('com.example/Beta');
  });

  test.each([
    ['com.example/alpha:1.10.0', 'com.example/alpha@1.9.0'],
    ['com.example/alpha:1.9.0', 'com.example/Beta@2.0.0'],
    ['com.example/alpha', 'com.example/Beta@2.0.0'],
    ['COM.Example/Alpha', 'com.example/Beta@2.0.0'],
    ['com.example/alpha:', 'com.example/alpha@1.10.0'],
    ['com.example/beta:2.0.0', 'com.example/old@0.1.0'],
    ['com.example/nothing:1:2', 'com.example/old@0.1.0'],
  ])('go on from the plain cursor %s too', async (cursor, first) => {
    expect((await list(`?cursor=${encodeURIComponent(cursor)}`)).rows[0]).toBe(first);
  });

  test('hold 30 rows when nothing is said and 100 at most', async () => {
    await registry.seed(
      Array.from({ length: 101 }, (_, i) => ({ server: aServer('com.many/versions', `1.0.${i}`), publishedAt: at(7) })),
    );
    expect((await list('?search=many')).metadata.count).toBe(30);
    const { metadata } = await list('?search=many&limit=100');
    expect(metadata).toEqual({ count: 100, nextCursor: expect.any(String) as string });
    expect((await list(`?search=many&limit=100&cursor=${metadata.nextCursor}`)).metadata).toEqual({ count: 1 });
  });

  test('cost two statements when nothing is known yet and one after that', async () => {
    const fresh = await createTestApp();
    await fresh.seed([{ server: aServer('com.example/one') }, { server: aServer('com.example/two') }]);
    const statements = async (path: string) => {
      fresh.takeStatements();
      await fresh.rest(path);
      return fresh.takeStatements().filter((text) => !text.includes('FROM revision')).length;
    };
    expect(await statements('/v0.1/servers')).toBe(2);
    expect(await statements('/v0.1/servers?limit=30')).toBe(1);
    // The very same is at hand.
    expect(await statements('/v0.1/servers')).toBe(0);
    await fresh.close();
  });
});
