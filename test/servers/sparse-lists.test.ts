import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { fillDatabase } from '../bench/grow/fill.ts';
import { readTemplates } from '../bench/grow/templates.ts';

// More than a list is walked before its rows are looked up (src/servers/list.db.ts), several times.
const VERSIONS = 20_000;

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
  const samples = readTemplates(resolve(import.meta.dirname, '../../src/sync/samples.jsonl'));
  await fillDatabase(registry.databaseUrl, samples, { versions: VERSIONS, seed: 1 });
  await registry.app.revision.refresh();
});

afterAll(() => registry.close());

interface Listed {
  edges: { node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

/** Follows a list from one end to the other. */
async function walk(of: 'servers' | 'serverVersions', variables: object, backwards: boolean): Promise<string[]> {
  const [filter, order] = of === 'servers' ? ['ServerFilter', ', $orderBy: ServerOrder'] : ['VersionFilter', ''];
  const [size, from] = backwards ? ['last', 'before'] : ['first', 'after'];
  const ids: string[] = [];
  for (let cursor: string | null = null; ;) {
    const { data }: { data: Record<string, Listed> } = await registry.graphql(
      `query ($filter: ${filter}${order}, $cursor: String) { list: ${of}(filter: $filter${order && ', orderBy: $orderBy'}, ${size}: 40, ${from}: $cursor) {
        edges { node { id: ${of === 'servers' ? 'name' : 'digest'} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      { ...variables, cursor },
    );
    const { edges, pageInfo }: Listed = data.list!;
    const page = edges.map(({ node }) => node.id);
    if (backwards) ids.unshift(...page);
    else ids.push(...page);
    if (!(backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return ids;
    cursor = backwards ? pageInfo.startCursor : pageInfo.endCursor;
  }
}

const ids = async (text: string) => (await registry.app.db.sql<{ id: string }>(text)).map(({ id }) => id);
const servers = (where: string, order: string) =>
  ids(`SELECT s.name AS id FROM servers s JOIN versions h ON h.id = s.head_id WHERE ${where} ORDER BY ${order}`);
const versions = (where: string) =>
  ids(`SELECT v.digest AS id FROM versions v WHERE ${where} ORDER BY v.name_key, v.version`);
const shown = (row: string) => `${row}.status <> 'deleted'`;

describe('a list in which few rows fit is the same from both ends as the whole of it', () => {
  it.each([
    ['by kind of package', { filter: { registryType: ['nuget'] } }, `'registry:nuget' = ANY(h.facets)`, 's.name_key'],
    [
      'the other way',
      { filter: { registryType: ['nuget'] }, orderBy: { field: 'NAME', direction: 'DESC' } },
      `'registry:nuget' = ANY(h.facets)`,
      's.name_key DESC',
    ],
    [
      'newest first',
      { filter: { transport: ['SSE'] }, orderBy: { field: 'PUBLISHED_AT' } },
      `'transport:sse' = ANY(h.facets)`,
      's.published_at DESC, s.id DESC',
    ],
    ['deprecated', { filter: { status: ['DEPRECATED'] } }, `s.status = 'deprecated'`, 's.name_key'],
    [
      'found, newest first',
      { filter: { search: 'postgres' }, orderBy: { field: 'UPDATED_AT' } },
      `s.search @@ search_query(ARRAY['postgres'])`,
      's.updated_at DESC, s.id DESC',
    ],
    [
      'below a namespace, by kind',
      { filter: { namespace: 'io.github.*', registryType: ['oci'] } },
      `s.name_key LIKE 'io.github.%' AND 'registry:oci' = ANY(h.facets)`,
      's.name_key',
    ],
  ])('servers %s', async (_name, variables, where, order) => {
    const all = await servers(`${where} AND ${'status' in variables.filter ? 'true' : shown('s')}`, order);
    expect(all.length).toBeGreaterThan(0);
    expect(await walk('servers', variables, false)).toEqual(all);
    expect(await walk('servers', variables, true)).toEqual(all);
  });

  it.each([
    ['deprecated', { status: ['DEPRECATED'] }, `v.status = 'deprecated'`],
    ['of one number', { version: '1.0.1' }, `v.version = '1.0.1' AND ${shown('v')}`],
    ['by kind of package', { registryType: ['nuget'] }, `'registry:nuget' = ANY(v.facets) AND ${shown('v')}`],
    [
      'that hold a text',
      { search: 'Postgres' },
      `(v.name_key LIKE '%postgres%' OR v.description ILIKE '%postgres%') AND ${shown('v')}`,
    ],
    ['that hold a text that nothing holds', { search: 'zzzzqqqq' }, 'false'],
  ])('versions %s', async (_name, filter, where) => {
    const all = await versions(where);
    expect(await walk('serverVersions', { filter }, false)).toEqual(all);
    expect(await walk('serverVersions', { filter }, true)).toEqual(all);
  });
});
