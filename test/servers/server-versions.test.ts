import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoaders } from '../../src/servers/loaders.ts';
import type { ServerEntry } from '../../src/servers/entries.ts';
import { newestFirst, type List, type VersionFilter } from '../../src/servers/list.ts';
import { encodeCursor, pageRequest, type PageArgs } from '../../src/servers/page.ts';
import { listServerVersions } from '../../src/servers/server-versions.ts';
import { aServer, createTestApp, type TestApp, type TestRecord } from '../app.ts';
import { walk, type Parsed } from './walk.ts';

const statuses = ['active', 'active', 'deprecated', 'deleted'] as const;
const fractions = ['', '.5', '.49', '.123456', '.12345'];

/** Versions of which some share their time and some their time but for a fraction of a second. */
const versionsOf = (name: string, count: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    server: aServer(name, `1.${i}.0`),
    status: statuses[i % 4]!,
    publishedAt: `2025-03-${String(10 + ((i * 7) % 11))}T00:00:00${fractions[i % 5]}Z`,
  }));

let app: TestApp;
let server: ServerEntry;

beforeAll(async () => {
  app = await createTestApp();
  await app.seed([...versionsOf('com.example/hundred', 100), ...versionsOf('com.example/more', 130)]);
  server = (await createLoaders(app.app.db, app.app.store).server.load('com.example/hundred'))!;
});
afterAll(() => app?.close());

describe('the entry of a server and SQL answer the same', () => {
  const filters: VersionFilter[] = [{}, { status: ['deleted'] }, { status: ['active', 'deleted'] }, { status: [] }];
  const ask = async (entry: ServerEntry, args: PageArgs, filter: VersionFilter) => {
    const list: List = await listServerVersions(app.app.db.sql, entry, pageRequest(args), filter);
    const { count, ...page } = list;
    return { ...page, total: await count() };
  };
  const expectSame = async (args: PageArgs, filter: VersionFilter) => {
    app.takeStatements();
    const fromEntry = await ask(server, args, filter);
    expect(app.takeStatements().filter((text) => text.includes('versions'))).toEqual([]);
    expect(fromEntry).toEqual(await ask({ ...server, versions: null }, args, filter));
    return fromEntry;
  };

  test('the entry knows as many versions as it may', () => {
    expect(server.versions).toHaveLength(100);
  });

  test.each(filters)('whole, from either end, with the filter %j', async (filter) => {
    for (const size of [1, 7, 100]) {
      await expectSame({ first: size }, filter);
      await expectSame({ last: size }, filter);
    }
  });

  test.each(filters)('behind, ahead of and between cursors, with the filter %j', async (filter) => {
    const { rows } = await ask(server, { first: 100 }, { status: ['active', 'deprecated', 'deleted'] });
    for (const place of [0, 1, 42, 98, 99]) {
      const { cursor } = rows[place]!;
      await expectSame({ first: 7, after: cursor }, filter);
      await expectSame({ first: 7, before: cursor }, filter);
      await expectSame({ last: 7, before: cursor }, filter);
      await expectSame({ last: 7, after: cursor }, filter);
      await expectSame({ first: 7, after: cursor, before: rows[90]!.cursor }, filter);
    }
  });

  test('behind a cursor whose row has moved or never was', async () => {
    const nowhere = encodeCursor(newestFirst.name, ['2025-03-15T00:00:00.48Z', 7]);
    const page = await expectSame({ first: 5, after: nowhere }, {});
    expect(page.rows).toHaveLength(5);
    await expectSame({ last: 5, before: nowhere }, {});
  });

  test('behind a time that someone spelled in another way', async () => {
    const spelled = encodeCursor(newestFirst.name, ['2025-03-15T02:00:00.5+02:00', 7]);
    const stored = encodeCursor(newestFirst.name, ['2025-03-15T00:00:00.5Z', 7]);
    expect(await ask(server, { first: 5, after: spelled }, {})).toEqual(
      await ask(server, { first: 5, after: stored }, {}),
    );
  });
});

describe.each([
  ['com.example/hundred', 100],
  ['com.example/more', 130],
])('the versions of %s', (name, count) => {
  const records = versionsOf(name, count).map((record, i) => ({ ...record, place: i }));
  const field = (args: string) => `server(name: "${name}", includeDeleted: true) { versions(${args}) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { version status } } } }`;
  const expected = (wanted: string[]) =>
    records
      .filter((record) => wanted.includes(record.status!))
      .sort(
        (a, b) =>
          Date.parse(b.publishedAt!) - Date.parse(a.publishedAt!) ||
          compareFraction(b.publishedAt!, a.publishedAt!) ||
          b.place - a.place,
      )
      .map((record) => (record.server as { version: string }).version);

  test.each([1, 7, 30, 100])('are walked newest first, %i at a time, in both directions', async (size) => {
    const visible = expected(['active', 'deprecated']);
    for (const direction of ['forwards', 'backwards'] as const) {
      const walked = await walk(app, { field, path: ['server', 'versions'], size, direction });
      expect(walked.nodes.map((node) => node.version)).toEqual(visible);
      expect(walked.totals).toEqual(new Set([visible.length]));
    }
  });

  test('are filtered by status', async () => {
    const walked = await walk(app, {
      field: (args) => field(`${args}, filter: { status: [DELETED] }`),
      path: ['server', 'versions'],
      size: 10,
    });
    expect(walked.nodes.map((node) => node.version)).toEqual(expected(['deleted']));
  });

  test('are filtered by what only SQL can tell', async () => {
    const { data } = await app.graphql(`{
      ${field('filter: { version: "1.4.0" }')}
      latest: server(name: "${name}") { versions(filter: { isLatest: true }) { totalCount edges { node { version isLatest } } } }
    }`);
    expect(data.server.versions.edges.map((edge: Parsed) => edge.node.version)).toEqual(['1.4.0']);
    const newest = `1.${count - 1 - ((count - 1) % 4 === 3 ? 1 : 0)}.0`;
    expect(data.latest.versions).toEqual({ totalCount: 1, edges: [{ node: { version: newest, isLatest: true } }] });
  });
});

function compareFraction(a: string, b: string): number {
  const micros = (time: string) => Number((/\.(\d+)Z$/.exec(time)?.[1] ?? '0').padEnd(6, '0'));
  return micros(a) - micros(b);
}
