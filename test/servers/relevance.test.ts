import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { fillDatabase } from '../bench/grow/fill.ts';
import { readTemplates } from '../bench/grow/templates.ts';
import { searchWords } from '../../src/servers/search.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
  const samples = readTemplates(resolve(import.meta.dirname, '../../src/sync/samples.jsonl'));
  // Some words are in thousands of servers, many times more than are read of a word (src/servers/list.db.ts).
  await fillDatabase(registry.databaseUrl, samples, { versions: 10_000, seed: 1 });
  await registry.app.revision.refresh();
});

afterAll(() => registry.close());

interface Filter {
  search: string;
  registryType?: string[];
  status?: string[];
  namespace?: string;
}

interface Listed {
  edges: { node: { name: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

/** Follows a search from one end to the other. */
async function walk(filter: Filter, direction: 'ASC' | 'DESC', [size, from]: [string, string]): Promise<string[]> {
  const names: string[] = [];
  for (let cursor: string | null = null; ;) {
    const { data }: { data: { servers: Listed } } = await registry.graphql(
      `query ($filter: ServerFilter, $cursor: String) {
        servers(filter: $filter, orderBy: { field: RELEVANCE, direction: ${direction} }, ${size}: 90, ${from}: $cursor) {
          edges { node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      { filter, cursor },
    );
    const page = data.servers.edges.map(({ node }) => node.name);
    if (size === 'last') names.unshift(...page);
    else names.push(...page);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor }: Listed['pageInfo'] = data.servers.pageInfo;
    if (!(size === 'last' ? hasPreviousPage : hasNextPage)) return names;
    cursor = size === 'last' ? startCursor : endCursor;
  }
}

interface Text {
  id: number;
  name: string;
  status: string;
  facets: string[];
  /** Each word of the server, and the best text that it is in: 0 the name, 1 the title, 2 the description. */
  words: Record<string, number>;
}

/** All servers as they are, with nothing of what searches are answered from. */
const readTexts = () =>
  registry.app.db.sql<Text>(
    `SELECT s.id, s.name, s.status::text, h.facets, (SELECT jsonb_object_agg(lexeme,
       CASE WHEN 'A' = ANY(weights) THEN 0 WHEN 'B' = ANY(weights) THEN 1 ELSE 2 END) FROM unnest(s.search)) AS words
     FROM servers s JOIN versions h ON h.id = s.head_id`,
  );

/** The place of one word of a search in a server; null if it isn't found there. */
function placeOf(term: string, beginnings: string[], { words }: Text): number | null {
  const places = Object.entries(words)
    .filter(([word]) => beginnings.some((beginning) => word.startsWith(beginning)))
    .map(([word, text]) => text * 3 + (word === term ? 0 : word.startsWith(term) ? 1 : 2));
  return places.length > 0 ? Math.min(...places) : null;
}

/** Ranks every server, and keeps those that fit. */
async function allInOrder({ search, registryType, status, namespace }: Filter): Promise<string[]> {
  const terms = await registry.app.db.sql<{ term: string; beginnings: string[] }>(
    'SELECT w.term, t.beginnings FROM unnest($1::text[]) w(term) CROSS JOIN LATERAL search_term(w.term) t',
    [searchWords(search)],
  );
  const ranked = (await readTexts())
    .filter((text) => (status ? status.includes(text.status.toUpperCase()) : text.status !== 'deleted'))
    .filter((text) => !registryType || registryType.some((type) => text.facets?.includes(`registry:${type}`)))
    .filter((text) => !namespace || text.name.startsWith(namespace.slice(0, -1)))
    .map((text) => ({ text, places: terms.map(({ term, beginnings }) => placeOf(term, beginnings, text)) }))
    .filter(({ places }) => !places.includes(null))
    .map(({ text, places }) => ({ text, place: places.reduce<number>((sum, place) => sum + place!, 0) }));
  const length = ({ words }: Text) => Object.keys(words).length;
  return ranked
    .toSorted((a, b) => a.place - b.place || length(a.text) - length(b.text) || a.text.id - b.text.id)
    .map(({ text }) => text.name);
}

const SEARCHES: [string, Filter, number][] = [
  ['of a word that very many have', { search: 'server' }, 900],
  ['of a beginning of many words', { search: 's' }, 2_000],
  ['of what is inside of words as well', { search: 'data' }, 200],
  ['of a plural', { search: 'databases' }, 20],
  ['of few', { search: 'weather' }, 5],
  ['with a typo', { search: 'postgers' }, 5],
  ['of several words', { search: 'mcp server' }, 500],
  ['of a usual and a rare word', { search: 'server postgres' }, 5],
  ['of a usual word by what few have', { search: 'server', registryType: ['nuget'] }, 1],
  ['of a usual word by status', { search: 'server', status: ['DEPRECATED', 'DELETED'] }, 1],
  ['of a usual word below a namespace', { search: 'mcp', namespace: 'io.github.*' }, 500],
  ['of nothing that is there', { search: 'zzzzqqqq' }, 0],
];

const FORWARDS: [string, string] = ['first', 'after'];
const BACKWARDS: [string, string] = ['last', 'before'];

describe('a search, best first, is the same page by page as when all servers are ranked', () => {
  it.each(SEARCHES)('%s', async (_what, filter, least) => {
    const all = await allInOrder(filter);
    expect(all.length).toBeGreaterThanOrEqual(least);
    expect(await walk(filter, 'DESC', FORWARDS)).toEqual(all);
    expect(await walk(filter, 'DESC', BACKWARDS)).toEqual(all);
    expect(await walk(filter, 'ASC', FORWARDS)).toEqual(all.toReversed());
  });

  it('also with postings of what servers no longer say', async () => {
    await registry.app.db.sql(
      `INSERT INTO search_postings SELECT w.word, r.rank, s.id FROM servers s, (VALUES ('weather'), ('server')) w(word),
         (VALUES (3), (60020)) r(rank) WHERE s.id % 3 = 0 ON CONFLICT DO NOTHING`,
    );
    for (const filter of [{ search: 'weather' }, { search: 'server' }]) {
      const all = await allInOrder(filter);
      expect(await walk(filter, 'DESC', FORWARDS)).toEqual(all);
      expect(await walk(filter, 'ASC', BACKWARDS)).toEqual(all.toReversed());
    }
  });
});
