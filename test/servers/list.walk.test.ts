import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { manyRecords, serversOf, type ListedServer } from './records.ts';
import { walk, type Parsed } from './walk.ts';

const records = manyRecords(118);
const servers = serversOf(records).filter((server) => server.status !== 'deleted');

/** Row by row in one direction, in larger pages in both. */
const WALKS = [1, 7, -7, 30, -30, 100, -100];

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.seed(records.map(({ record }) => record));
});
afterAll(() => app?.close());

const serversField = (more: string) => (args: string) => `servers(${args}${more}) {
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node { name updatedAt latestVersion { publishedAt } } } }`;

const keyOf = {
  NAME: (server: ListedServer) => server.name.toLowerCase(),
  PUBLISHED_AT: (server: ListedServer) => server.publishedAt,
  UPDATED_AT: (server: ListedServer) => server.lastUpdatedAt,
};

/** Walks in pages of these sizes, backwards where they are negative, and gives the one order that all show. */
async function walkAll(
  field: (args: string) => string,
  path: string[],
  total: number,
  walks = WALKS,
): Promise<Parsed[]> {
  let order: Parsed[] | undefined;
  for (const way of walks) {
    const size = Math.abs(way);
    const walked = await walk(app, { field, path, size, direction: way > 0 ? 'forwards' : 'backwards' });
    expect(walked.totals).toEqual(new Set([total]));
    expect(walked.pages).toBe(Math.ceil(total / size));
    order ??= walked.nodes;
    expect(walked.nodes).toEqual(order);
  }
  return order!;
}

test('there is enough to walk', () => {
  expect(servers.length).toBeGreaterThan(100);
  expect(new Set(servers.map((server) => server.publishedAt)).size).toBeLessThan(servers.length / 2);
});

describe('servers are walked completely, whatever the size of pages and the direction', () => {
  test.each([
    ['NAME', 'ASC'],
    ['NAME', 'DESC'],
    ['PUBLISHED_AT', 'ASC'],
    ['PUBLISHED_AT', 'DESC'],
    ['UPDATED_AT', 'ASC'],
    ['UPDATED_AT', 'DESC'],
  ] as const)('by %s %s', async (field, direction) => {
    const order = await walkAll(
      serversField(`, orderBy: { field: ${field}, direction: ${direction} }`),
      ['servers'],
      servers.length,
      direction === 'ASC' ? WALKS : WALKS.map((size) => -size),
    );
    expect(order.map((node) => node.name).toSorted()).toEqual(servers.map((server) => server.name).toSorted());
    const byName = new Map(servers.map((server) => [server.name, server]));
    const keys = order.map((node) => keyOf[field](byName.get(node.name)!));
    expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : Number(a > b)) * (direction === 'ASC' ? 1 : -1)));
  });

  test('by NAME when nothing is said', async () => {
    const order = await walkAll(serversField(''), ['servers'], servers.length, [30]);
    expect(order.map((node) => node.name)).toEqual(
      servers.map((server) => server.name).toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
    );
  });

  test('an order without a direction goes its own way', async () => {
    const { data } = await app.graphql(`{
      ${['NAME', 'PUBLISHED_AT', 'UPDATED_AT'].map((field) => `${field}: servers(orderBy: { field: ${field} }) { edges { cursor } }`).join(' ')}
      nameAsc: servers(orderBy: { field: NAME, direction: ASC }) { edges { cursor } }
      publishedDesc: servers(orderBy: { field: PUBLISHED_AT, direction: DESC }) { edges { cursor } }
      updatedDesc: servers(orderBy: { field: UPDATED_AT, direction: DESC }) { edges { cursor } }
      relevance: servers(orderBy: { field: RELEVANCE }) { edges { cursor } }
    }`);
    expect(data.NAME).toEqual(data.nameAsc);
    expect(data.PUBLISHED_AT).toEqual(data.publishedDesc);
    expect(data.UPDATED_AT).toEqual(data.updatedDesc);
    expect(data.relevance).toEqual(data.nameAsc);
  });
});

describe('a search is walked completely by relevance', () => {
  test.each(['DESC', 'ASC'])('%s', async (direction) => {
    const field = serversField(
      `, filter: { search: "postgres" }, orderBy: { field: RELEVANCE, direction: ${direction} }`,
    );
    const found = servers.filter((server) => `${server.name} ${server.description}`.includes('postgres'));
    expect(found.length).toBeGreaterThan(30);
    const order = await walkAll(field, ['servers'], found.length);
    expect(order.map((node) => node.name).toSorted()).toEqual(found.map((server) => server.name).toSorted());
    const named = order.map((node) => node.name.includes('postgres'));
    expect(named).toEqual(
      named.toSorted((a, b) => (direction === 'DESC' ? Number(b) - Number(a) : Number(a) - Number(b))),
    );
  });
});

describe('versions of all servers', () => {
  test('are walked completely by name and version', async () => {
    const field = (args: string) => `serverVersions(${args}) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { name version } } }`;
    const visible = records.filter((record) => record.status !== 'deleted');
    const order = await walkAll(field, ['serverVersions'], visible.length);
    const keys = (rows: { name: string; version: string }[]) =>
      rows.map((row) => `${row.name.toLowerCase()}\0${row.version}`);
    expect(keys(order)).toEqual(keys(visible).toSorted());
  });
});

describe('a page', () => {
  test('between two cursors holds what lies between', async () => {
    const { data } = await app.graphql('{ servers(first: 20) { edges { cursor node { name } } } }');
    const names = data.servers.edges.map((edge: Parsed) => edge.node.name);
    const between = `after: "${data.servers.edges[4].cursor}", before: "${data.servers.edges[10].cursor}"`;
    const { data: pages } = await app.graphql(`{
      all: servers(${between}) { edges { node { name } } }
      first: servers(first: 2, ${between}) { pageInfo { hasNextPage } edges { node { name } } }
      last: servers(last: 2, ${between}) { pageInfo { hasPreviousPage } edges { node { name } } }
    }`);
    const namesOf = (page: Parsed) => page.edges.map((edge: Parsed) => edge.node.name);
    expect(namesOf(pages.all)).toEqual(names.slice(5, 10));
    expect(namesOf(pages.first)).toEqual(names.slice(5, 7));
    expect(namesOf(pages.last)).toEqual(names.slice(8, 10));
    expect([pages.first.pageInfo, pages.last.pageInfo]).toEqual([{ hasNextPage: true }, { hasPreviousPage: true }]);
  });

  test('of a list that is empty is empty', async () => {
    const { data } = await app.graphql(
      '{ servers(filter: { namespace: "com.nothing" }) { totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
    );
    expect(data.servers).toEqual({
      totalCount: 0,
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});
