import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { manyRecords, serversOf, type Listed, type ListedServer } from './records.ts';
import type { Parsed } from './walk.ts';

const records = manyRecords(140);
const servers = serversOf(records);

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.seed(records.map(({ record }) => record));
  // As if that had been long ago: what changed here counts too, and is tested in since.test.ts.
  await app.app.db.sql("UPDATE changes SET changed_at = '1990-01-01T00:00:00Z'");
});
afterAll(() => app?.close());

/** A filter as it is sent, and what it means. */
interface Case {
  filter: Record<string, unknown>;
  fits: (one: Listed & { changedAt: string }) => boolean;
  /** Deleted ones are hidden unless the filter says otherwise. */
  deletedToo?: boolean;
}

const intersects = (a: string[], b: string[]) => a.some((one) => b.includes(one));
const transportNames: Record<string, string> = { STDIO: 'stdio', STREAMABLE_HTTP: 'streamable-http', SSE: 'sse' };

const namespace = (value: string, fits: (namespace: string) => boolean): Case => ({
  filter: { namespace: value },
  fits: (one) => fits(one.namespace.toLowerCase()),
});
const status = (...values: string[]): Case => ({
  filter: { status: values },
  fits: (one) => values.includes(one.status.toUpperCase()),
  deletedToo: true,
});
const registryType = (...values: string[]): Case => ({
  filter: { registryType: values },
  fits: (one) =>
    intersects(
      one.registryTypes,
      values.map((value) => value.toLowerCase()),
    ),
});
const transport = (...values: string[]): Case => ({
  filter: { transport: values },
  fits: (one) =>
    intersects(
      one.transports,
      values.map((value) => transportNames[value]!),
    ),
});
const delivery = (...values: string[]): Case => ({
  filter: { delivery: values },
  fits: (one) =>
    intersects(
      one.deliveries,
      values.map((value) => value.toLowerCase()),
    ),
});
const repositoryUrl = (value: string, repository: string): Case => ({
  filter: { repositoryUrl: value },
  fits: (one) => one.repository === repository,
});
const updatedSince = (value: string): Case => ({
  filter: { updatedSince: value },
  fits: (one) => Date.parse(one.changedAt) > Date.parse(value),
  deletedToo: true,
});

const cases: Case[] = [
  { filter: {}, fits: () => true },
  namespace('com.example', (one) => one === 'com.example'),
  namespace('com.example.*', (one) => one.startsWith('com.example.')),
  namespace('IO.GitHub.bob', (one) => one === 'io.github.bob'),
  namespace('io.*', (one) => one.startsWith('io.')),
  namespace('*', () => true),
  namespace('com.exampl', () => false),
  namespace('com.ex_mple', () => false),
  status('ACTIVE'),
  status('DEPRECATED'),
  status('DELETED'),
  status('ACTIVE', 'DEPRECATED', 'DELETED'),
  status(),
  registryType('npm'),
  registryType('PyPI', 'oci'),
  registryType('homebrew'),
  registryType(),
  transport('SSE'),
  transport('STDIO', 'STREAMABLE_HTTP'),
  delivery('PACKAGE'),
  delivery('REMOTE'),
  delivery('PACKAGE', 'REMOTE'),
  repositoryUrl('https://github.com/alice/one', 'https://github.com/alice/one'),
  repositoryUrl('HTTPS://GITHUB.com/alice/two.git/', 'https://github.com/Alice/Two'),
  repositoryUrl('https://github.com/alice', 'none'),
  updatedSince('2025-02-25T00:00:00Z'),
  updatedSince('2025-03-05T02:00:00.000+02:00'),
  updatedSince('1999-01-01T00:00:00Z'),
];

const some = [
  [namespace('com.example', (one) => one === 'com.example'), status('ACTIVE', 'DELETED'), delivery('PACKAGE')],
  [registryType('npm', 'pypi', 'oci'), transport('STDIO', 'SSE'), updatedSince('2025-02-20T00:00:00Z')],
  [updatedSince('2025-02-20T00:00:00Z'), status('ACTIVE'), delivery('REMOTE', 'PACKAGE')],
];
const all = [
  namespace('com.*', (one) => one.startsWith('com.')),
  status('ACTIVE', 'DEPRECATED', 'DELETED'),
  registryType('npm', 'pypi', 'oci', 'mcpb', 'cargo'),
  transport('STDIO', 'SSE', 'STREAMABLE_HTTP'),
  delivery('PACKAGE'),
  repositoryUrl('https://github.com/alice/one/', 'https://github.com/alice/one'),
  updatedSince('2025-02-11T00:00:00Z'),
];

const both = (parts: Case[]): Case => ({
  filter: Object.assign({}, ...parts.map((part) => part.filter)) as Case['filter'],
  fits: (one) => parts.every((part) => part.fits(one)),
  deletedToo: parts.some((part) => part.deletedToo),
});

const everyCase = [...cases, ...some.map(both), both(all)];
const fitting = <One extends Listed>({ fits, deletedToo }: Case, rows: One[], changedAt: (one: One) => string) =>
  rows.filter((one) => (deletedToo || one.status !== 'deleted') && fits({ ...one, changedAt: changedAt(one) }));

describe('filters of servers', () => {
  const ask = async (filter: object) => {
    const { data, errors } = await app.graphql(
      'query ($filter: ServerFilter) { servers(first: 100, filter: $filter) { totalCount edges { node { name } } } }',
      { filter },
    );
    expect(errors).toBeUndefined();
    return { total: data.servers.totalCount, names: data.servers.edges.map((edge: Parsed) => edge.node.name) };
  };

  test.each(everyCase.map((one) => [JSON.stringify(one.filter), one] as const))('%s', async (_filter, one) => {
    const expected = fitting(one, servers, (server: ListedServer) => server.lastUpdatedAt).map((server) => server.name);
    const { total, names } = await ask(one.filter);
    expect(total).toBe(expected.length);
    expect(names).toEqual(expected.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)).slice(0, 100));
  });

  test('with a search, all must hold too', async () => {
    const part = both(all.slice(1, 4));
    const { names } = await ask({ ...part.filter, search: 'weather mail' });
    const text = (server: ListedServer) => `${server.name} ${server.description}`;
    const expected = fitting(part, servers, (server) => server.lastUpdatedAt).filter(
      (server) => text(server).includes('weather') && text(server).includes('mail'),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(names.toSorted()).toEqual(expected.map((server) => server.name).toSorted());
  });

  test('the cases tell right from wrong: nearly all find something and leave something out', () => {
    const counts = everyCase.map((one) => fitting(one, servers, (server: ListedServer) => server.lastUpdatedAt).length);
    expect(counts.filter((count) => count > 0 && count < servers.length).length).toBeGreaterThan(20);
    expect(counts.at(-1)).toBeGreaterThan(0);
  });
});

describe('filters of versions', () => {
  const ask = async (filter: object) => {
    const { data, errors } = await app.graphql(
      'query ($filter: VersionFilter) { serverVersions(first: 100, filter: $filter) { totalCount edges { node { name version } } } }',
      { filter },
    );
    expect(errors).toBeUndefined();
    return {
      total: data.serverVersions.totalCount,
      rows: data.serverVersions.edges.map((edge: Parsed) => keyOf(edge.node)),
    };
  };
  const keyOf = (one: { name: string; version: string }) => `${one.name.toLowerCase()}\0${one.version}`;
  const latest = new Set(servers.filter((server) => server.hasLatest).map(keyOf));
  const own: Case[] = [
    { filter: { version: '1.0.0' }, fits: (one) => one.version === '1.0.0' },
    { filter: { isLatest: true }, fits: (one) => latest.has(keyOf(one)) },
    { filter: { isLatest: false }, fits: (one) => !latest.has(keyOf(one)) },
    { filter: { search: 'PostGres' }, fits: (one) => `${one.name} ${one.description}`.includes('postgres') },
    { filter: { search: 'tools/' }, fits: (one) => one.name.includes('tools/') },
    { filter: { search: '' }, fits: () => true },
  ];

  test.each(
    [...everyCase, ...own, both([...all, ...own.slice(1, 2)])].map((one) => [JSON.stringify(one.filter), one] as const),
  )('%s', async (_filter, one) => {
    const expected = fitting(one, records, (record) => record.updatedAt).map(keyOf);
    const { total, rows } = await ask(one.filter);
    expect(total).toBe(expected.length);
    expect(rows).toEqual(expected.toSorted().slice(0, 100));
  });

  test.each(['%', '_', 'post%es', 'p_stgres', '\\', "'", '100%'])('%j is text that occurs nowhere', async (search) => {
    expect(await ask({ search })).toEqual({ total: 0, rows: [] });
  });
});
