import type { ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../../src/context.ts';
import { createDocuments, type Documents } from '../../src/http/documents.ts';
import { createEntryTexts } from '../../src/http/entry-texts.ts';
import { stringify } from '../../src/raw-json.ts';
import { buildPublicSchema, publicSchema } from '../../src/schema.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { everyServerField, everyVersionField, richServer } from '../servers/rich.ts';

let registry: TestApp;
beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([
    { server: richServer },
    { server: aServer('com.example/old'), status: 'deleted' },
    {
      server: aServer('com.example/deprecated', '1.0.0', { title: 'Käse 🧀' }),
      status: 'deprecated',
      statusMessage: 'No',
    },
    ...Array.from({ length: 10 }, (_, i) => ({ server: aServer('com.example/many', `1.${i}.0`) })),
  ]);
});
afterAll(() => registry.close());

/** Runs a query as often as it takes to be compiled and to be answered by texts that are there; the answers as JSON. */
async function answers(documents: Documents, query: string, variables = {}): Promise<string[]> {
  const { document, execute } = documents.prepare(query);
  const all: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    const contextValue = createContext(registry.app, { requestId: 'r', address: '127.0.0.1' });
    all.push(stringify(await execute({ schema: publicSchema, document, contextValue, variableValues: variables })));
  }
  return all;
}

const QUERIES: [string, string, object?][] = [
  ['a page of versions with every field', `{ serverVersions { edges { cursor node { ${everyVersionField} } } } }`],
  ['a page of servers with every field', `{ servers { edges { node { ${everyServerField} } } totalCount } }`],
  ['the document as it came', '{ serverVersions { edges { node { document } } } }'],
  ['servers with their latest version', '{ servers { edges { node { name latestVersion { version document } } } } }'],
  [
    'aliases and __typename',
    '{ all: servers { edges { one: node { __typename a: name b: name icons { c: src } } } } }',
  ],
  [
    'fragments, one in another',
    '{ servers { edges { node { ...A } } } } fragment A on Server { id ...B } fragment B on Server { title }',
  ],
  ['a fragment around the entry', '{ servers { edges { ...E } } } fragment E on ServerEdge { node { name } }'],
  [
    'what is not there',
    '{ serverVersion(name: "com.example/none") { name } server(name: "com.example/old") { name } }',
  ],
  [
    'an argument by variable',
    'query($v: String!) { server(name: "com.example/many") { version(version: $v) { version } } }',
    { v: '1.3.0' },
  ],
  [
    'the same, not there',
    'query($v: String!) { server(name: "com.example/many") { version(version: $v) { version } } }',
    { v: '9' },
  ],
  [
    'a directive on the entry',
    'query($y: Boolean!) { servers { edges { node @include(if: $y) { name } } } }',
    { y: false },
  ],
  [
    'a directive within',
    'query($y: Boolean!) { servers { edges { node { name title @skip(if: $y) } } } }',
    { y: true },
  ],
  ['one field twice', '{ servers { edges { node { name } node { title } } } }'],
  [
    'what an entry leads to',
    '{ serverVersions { edges { node { version server { name versions { totalCount } } } } } }',
  ],
  [
    'a list within an entry',
    '{ servers { edges { node { name versions(first: 2) { edges { node { version } } } } } } }',
  ],
  ['changes', '{ changes(since: "0") { changes { kind version { version status } } } }'],
];

describe('what documents show of entries is the same, written once or made each time', () => {
  test.each(QUERIES)('%s', async (_what, query, variables) => {
    const [interpreted, ...rest] = await answers(
      createDocuments(publicSchema, createEntryTexts(buildPublicSchema)),
      query,
      variables,
    );
    expect(JSON.parse(interpreted!)).not.toHaveProperty('errors');
    expect(new Set(rest)).toEqual(new Set([interpreted]));
    expect((await answers(createDocuments(publicSchema), query, variables)).at(-1)).toBe(interpreted);
  });

  test('and what fails, fails', async () => {
    const documents = createDocuments(publicSchema, createEntryTexts(buildPublicSchema));
    const all = await answers(documents, '{ servers(first: 1000) { edges { node { name } } } }');
    expect(new Set(all.map((one) => (JSON.parse(one) as ExecutionResult).errors![0]!.message))).toEqual(
      new Set(['`first` must be from 1 to 100, not 1000.']),
    );
  });

  test('a change is shown at once', async () => {
    const documents = createDocuments(publicSchema, createEntryTexts(buildPublicSchema));
    const query = '{ serverVersion(name: "com.example/many", version: "1.0.0") { status } }';
    expect((await answers(documents, query)).at(-1)).toContain('"ACTIVE"');
    await registry.app.db.sql(
      `UPDATE versions SET status = 'deprecated', revision = revision + 1 WHERE version = '1.0.0' AND name_key = 'com.example/many'`,
    );
    expect((await answers(documents, query))[0]).toContain('"DEPRECATED"');
  });
});

test('many other documents do not push one out', async () => {
  const documents = createDocuments(publicSchema, createEntryTexts(buildPublicSchema));
  const query = '{ serverVersions { edges { node { version digest } } } }';
  await answers(documents, query);
  const many = Array.from({ length: 9 }, (_, i) => `s${i}: server(name: "com.example/many") { name }`).join(' ');
  for (let i = 0; i < 130; i += 1) await answers(documents, `{ a${i}: registry { namespaceCount } ${many} }`);
  await registry.seed([{ server: aServer('com.example/late') }]);
  const { document, execute } = documents.prepare(query);
  const contextValue = createContext(registry.app, { requestId: 'r', address: '127.0.0.1' });
  const { data } = await execute({ schema: publicSchema, document, contextValue });
  const { edges } = (data as { serverVersions: { edges: { node: object }[] } }).serverVersions;
  expect(edges.filter(({ node }) => !('toJSON' in node))).toEqual([]);
});

test('the text of an entry is made once, for the documents that asked last', async () => {
  const documents = createDocuments(publicSchema, createEntryTexts(buildPublicSchema));
  const first = async (query: string): Promise<unknown> => {
    const { document, execute } = documents.prepare(query);
    const contextValue = createContext(registry.app, { requestId: 'r', address: '127.0.0.1' });
    const { data } = await execute({ schema: publicSchema, document, contextValue });
    return (data as { servers: { edges: { node: unknown }[] } }).servers.edges[0]!.node;
  };
  const queries = ['name', 'title', 'id'].map((field) => `{ servers { edges { node { ${field} } } } }`);
  for (const query of queries) await answers(documents, query);
  const [name, title, id] = queries as [string, string, string];
  expect(await first(id)).toBe(await first(id));
  expect(await first(title)).toBe(await first(title));
  const before = await first(name);
  await first(title);
  await first(id);
  expect(await first(name)).not.toBe(before);
  expect(stringify(await first(name))).toBe(stringify(before));
});
