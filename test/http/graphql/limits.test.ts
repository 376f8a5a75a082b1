import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';
import { everyServerField, everyVersionField, richServer } from '../../servers/rich.ts';
import { post, refusal } from './ask.ts';
import type { Parsed } from '../../servers/walk.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.seed(Array.from({ length: 31 }, (_, i) => ({ server: { ...richServer, name: `com.example/s${i}` } })));
});
afterAll(() => app?.close());

const ask = async (query: string, variables?: object, more: object = {}) =>
  refusal(await post(app, { query, variables, ...more }));
const repeat = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');

const page = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
const rows = 'id name version title description status isLatest publishedAt updatedAt digest revision';
const everything = `${everyServerField} latestVersion { ${everyVersionField} } version(version: "1") { ${everyVersionField} }
  versions { ${page} edges { cursor node { ${rows} } } }
  namespace { name servers { ${page} edges { cursor node { name } } } }`;

describe('what everybody asks passes', () => {
  test('the whole introspection query', async () => {
    const query = getIntrospectionQuery({
      schemaDescription: true,
      specifiedByUrl: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const { status, body } = await post(app, { query });
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    expect(body.data.__schema.types.map((type: Parsed) => type.name)).toContain('ServerVersion');
  });

  test.each([
    ['servers', `{ servers { ${page} edges { cursor node { ${everything} } } } }`],
    [
      'versions',
      `{ serverVersions { ${page} edges { cursor node { ${everyVersionField} server { ${everyServerField} } } } } }`,
    ],
    [
      'changes',
      `{ changes(first: 30) { revision hasMore changes { revision kind changedAt version { ${everyVersionField} } } } }`,
    ],
  ])('a page of 30 %s with everything selected, other pages in it too', async (_list, query) => {
    const { status, body } = await post(app, { query });
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    expect(body.extensions.cost.requested).toBeGreaterThan(1_000);
  });

  test('a page of 100 with all typed fields', async () => {
    const { status } = await post(app, {
      query: `{ servers(first: 100) { edges { node { ${everyServerField} latestVersion { ${everyVersionField} } } } } }`,
    });
    expect(status).toBe(200);
  });
});

describe('the cost', () => {
  const cost = async (query: string, variables?: object) =>
    (await post(app, { query, variables })).body.extensions.cost;

  test('is told with every answer', async () => {
    expect(await cost('{ servers(first: 3) { edges { cursor node { name } } } }')).toEqual({
      requested: 212,
      limit: 100_000,
    });
  });

  test('grows with the page, whether a number, a variable or a default says how long it is', async () => {
    const long = await cost('{ servers(first: 100) { edges { cursor } } }');
    expect(long.requested).toBe(400);
    expect(await cost('query ($n: Int) { servers(first: $n) { edges { cursor } } }', { n: 100 })).toEqual(long);
    expect(await cost('query ($n: Int = 100) { servers(first: $n) { edges { cursor } } }')).toEqual(long);
    expect(await cost('query ($n: Int) { servers(last: $n) { edges { cursor } } }', { n: 100 })).toEqual(long);
    expect((await cost('{ servers { edges { cursor } } }')).requested).toBe(260);
  });

  test('is that of the operation that runs', async () => {
    const query =
      'query Small { registry { revision } } query Huge { servers(first: 100) { edges { node { namespace { servers(first: 100) { totalCount } } } } } }';
    const small = await post(app, { query, operationName: 'Small' });
    expect(small.body.extensions.cost.requested).toBe(1_001);
    const tooMuch = query.replace('totalCount', `edges { node { ${everyServerField} } }`);
    expect((await post(app, { query: tooMuch, operationName: 'Small' })).status).toBe(200);
    expect(await ask(tooMuch, undefined, { operationName: 'Huge' })).toMatch(/^400 QUERY_TOO_COMPLEX: /);
  });

  test('is refused before anything runs', async () => {
    const query =
      'query ($n: Int) { servers(first: $n) { edges { node { versions(first: $n) { edges { node { server { versions(first: $n) { totalCount } } } } } } } } }';
    app.takeStatements();
    expect(await ask(query, { n: 100 })).toMatch(
      /^400 QUERY_TOO_COMPLEX: The query costs \d+ and may cost 100000: ask for fewer rows or fields at a time\.$/,
    );
    expect(app.takeStatements().filter((text) => text !== 'SELECT n FROM revision')).toEqual([]);
    expect(await ask(query, { n: 3 })).toMatch(/^200/);
  });

  test('can not be hidden behind an argument that it can not be counted with', async () => {
    const huge =
      'servers(first: 100) { edges { node { versions(first: 100) { edges { node { id document digest name version title description status isLatest revision } } } } } }';
    expect(await ask(`{ ${huge} }`)).toMatch(/^400 QUERY_TOO_COMPLEX/);
    expect(await ask(`{ nodes(ids: ["x"]) { id } ${huge} }`)).toBe(
      '400 BAD_USER_INPUT: The `id` is malformed: pass one as it was answered.',
    );
    expect(await ask(`query ($v: String! = "x") { server(name: $v) { name } ${huge} }`, { v: null })).toMatch(
      /^400 BAD_USER_INPUT: Variable "\$v"/,
    );
    expect(await ask(`query ($v: String = "x") { server(name: $v) { name } ${huge} }`, { v: null })).toMatch(
      /^400 QUERY_TOO_COMPLEX/,
    );
  });

  test('counts ids, lists in lists, and fragments as often as they are spread', async () => {
    const ids = Array.from({ length: 2_500 }, (_, i) => btoa(`Server:${i}`));
    expect(await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toMatch(/^400 QUERY_TOO_COMPLEX/);
    const nested =
      'servers(first: 50) { edges { node { namespace { servers(first: 50) { edges { node { namespace { servers(first: 1) { totalCount } } } } } } } } }';
    expect(await ask(`{ ${nested} }`)).toMatch(/^400 QUERY_TOO_COMPLEX/);
    const laughs = `{ ...F0 } ${repeat(20, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F20 on Query { __typename }`;
    expect(await ask(laughs)).toMatch(/^400 QUERY_TOO_COMPLEX/);
  });

  test('of introspection is counted too', async () => {
    const fragment =
      'fragment T on __Type { name description fields { name description args { name type { name } } type { name } } }';
    expect(await ask(`{ __schema { types { ...T } } } ${fragment}`)).toMatch(/^200/);
    const schemas = repeat(150, (i) => `a${i}: __schema { types { ...T } }`);
    expect(await ask(`{ ${schemas} } ${fragment}`)).toMatch(/^400 QUERY_TOO_COMPLEX/);
    const types = repeat(200, (i) => `a${i}: types { ...T }`);
    expect(await ask(`{ __schema { ${types} } } ${fragment}`)).toMatch(/^400 QUERY_TOO_COMPLEX/);
    expect(await ask('{ __type(name: "Server") { name fields { name } } }')).toMatch(/^200/);
  });
});

describe('documents', () => {
  test('of more than 2,000 tokens are refused', async () => {
    expect(await ask(`{ ${repeat(1_500, (i) => `a${i}: __typename`)} }`)).toBe(
      '400 GRAPHQL_PARSE_FAILED: Syntax Error: Document contains more that 2000 tokens. Parsing aborted.',
    );
  });

  test('that are too deep are refused', async () => {
    const deep = `{ server(name: "x") ${'{ latestVersion { server '.repeat(10)} { name } ${'} }'.repeat(10)} }`;
    expect(await ask(deep)).toBe(
      '400 QUERY_TOO_COMPLEX: The query is 22 levels deep and may be 18: select less deeply.',
    );
  });

  test.each([
    [
      'a chain of 8,000 fragments',
      `{ ...F0 } ${repeat(8_000, (i) => `fragment F${i} on Query { ...F${i + 1} }`)} fragment F8000 on Query { __typename }`,
    ],
    ['900 braces', `${'{ a '.repeat(900)}{ b }${'}'.repeat(900)}`],
    ['900 brackets', `{ servers(filter: { search: ${'['.repeat(900)}"x"${']'.repeat(900)} }) { totalCount } }`],
    ['100,000 braces', '{'.repeat(100_000)],
    ['fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['a fragment in itself', '{ ...A } fragment A on Query { registry { revision } ...A }'],
    ['600 unknown directives', `{ __typename ${'@x '.repeat(600)} }`],
    ['200 of a directive', `{ __typename ${'@skip(if: false) '.repeat(200)} }`],
  ])('with %s are refused quickly', async (_what, query) => {
    const start = performance.now();
    expect(await ask(query)).toMatch(/^400 (GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED): /);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('with a chain of fragments that is short enough run', async () => {
    const query = `{ ...F0 } ${repeat(200, (i) => `fragment F${i} on Query { ...F${i + 1} }`)} fragment F200 on Query { __typename }`;
    expect((await post(app, { query })).body.data).toEqual({ __typename: 'Query' });
  });

  test('with hundreds of aliases pay for each', async () => {
    expect(await ask(`{ ${repeat(130, (i) => `a${i}: registry { revision }`)} }`)).toMatch(/^400 QUERY_TOO_COMPLEX/);
  });
});
