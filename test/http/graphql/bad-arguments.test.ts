import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import { post, postText, refusal } from './ask.ts';
import type { Parsed } from '../../servers/walk.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  const names = Array.from({ length: 5 }, (_, i) => `com.example/tool-${i}`);
  await app.seed(
    names.flatMap((name) => ['1.0.0', '2.0.0', '3.0.0'].map((version) => ({ server: aServer(name, version) }))),
  );
});
afterAll(() => app?.close());

const ask = async (query: string, variables?: object) => refusal(await post(app, { query, variables }));

/** Every list that there is, with its own arguments to fill in. */
const lists: Record<string, (args: string) => string> = {
  servers: (args) => `servers(${args}) { edges { cursor } }`,
  'servers by time': (args) => `servers(${args}, orderBy: { field: PUBLISHED_AT }) { edges { cursor } }`,
  'servers by change': (args) => `servers(${args}, orderBy: { field: UPDATED_AT }) { edges { cursor } }`,
  'servers by relevance': (args) => `servers(${args}, filter: { search: "tool" }) { edges { cursor } }`,
  versions: (args) => `serverVersions(${args}) { edges { cursor } }`,
  'versions of a server': (args) => `server(name: "com.example/tool-1") { versions(${args}) { edges { cursor } } }`,
  'filtered versions of a server': (args) =>
    `server(name: "com.example/tool-1") { versions(${args}, filter: { isLatest: true }) { edges { cursor } } }`,
  'servers of a namespace': (args) => `namespace(name: "com.example") { servers(${args}) { edges { cursor } } }`,
};
const listNames = Object.keys(lists);
const inList = (list: string, args: string, variables = '') => `query ${variables} { ${lists[list]!(args)} }`;

describe.each(listNames)('the list of %s', (list) => {
  test.each([0, -1, 101, -2_147_483_648, 2_147_483_647])('has no page of %i', async (size) => {
    expect(await ask(inList(list, `first: ${size}`))).toBe(
      `400 BAD_USER_INPUT: \`first\` must be from 1 to 100, not ${size}.`,
    );
    expect(await ask(inList(list, 'last: $n', '($n: Int)'), { n: size })).toBe(
      `400 BAD_USER_INPUT: \`last\` must be from 1 to 100, not ${size}.`,
    );
  });

  test('is read from one end at a time', async () => {
    expect(await ask(inList(list, 'first: 5, last: 5'))).toBe(
      '400 BAD_USER_INPUT: Ask for `first` or for `last`, not for both.',
    );
    expect(await ask(inList(list, 'first: null, last: null'))).toMatch(/^200/);
  });

  test('does not take a size that is no Int', async () => {
    for (const size of ['"5"', '2.5', '3000000000', 'true', '[5]']) {
      expect(await ask(inList(list, `first: ${size}`))).toMatch(
        /^400 GRAPHQL_VALIDATION_FAILED: Int cannot represent non[- ]/,
      );
    }
    expect(await ask(inList(list, 'first: $n', '($n: Int)'), { n: '5' })).toMatch(
      /^400 BAD_USER_INPUT: Variable "\$n" got invalid value "5"/,
    );
  });

  test.each(['', 'x', '%', '\0', '\ud800', 'x'.repeat(10_000), 'bnVsbA', 'com.example/tool-1:1.0.0'])(
    'does not know the cursor %j',
    async (cursor) => {
      for (const argument of ['after', 'before']) {
        expect(await ask(inList(list, `${argument}: $c`, '($c: String)'), { c: cursor })).toBe(
          '400 INVALID_CURSOR: The cursor is malformed: pass one as it was answered.',
        );
      }
    },
  );

  test('takes no cursor of a list in another order', async () => {
    for (const other of listNames) {
      const { body } = await post(app, { query: `{ ${lists[other]!('first: 1')} }` });
      const cursor = JSON.stringify(body.data).match(/"cursor":"([^"]+)"/)![1]!;
      const kind = (name: string) => JSON.parse(Buffer.from(name, 'base64url').toString())[0];
      const own = (await post(app, { query: `{ ${lists[list]!('first: 1')} }` })).body;
      const mine = JSON.stringify(own.data).match(/"cursor":"([^"]+)"/)![1]!;
      expect(await ask(inList(list, `first: 1, after: "${cursor}"`))).toMatch(
        kind(mine) === kind(cursor)
          ? /^200/
          : /^400 INVALID_CURSOR: The cursor belongs to another list or order: start again without it\.$/,
      );
    }
  });

  test('takes any text for a cursor without a failure', async () => {
    const forged = fc.array(
      fc.oneof(fc.constantFrom('NAME', 'newest', 'versions', 'RELEVANCE'), fc.jsonValue(), fc.integer()),
      { maxLength: 4 },
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      forged.map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (cursor) => {
        expect(await ask(inList(list, 'after: $c', '($c: String)'), { c: cursor })).toMatch(/^200|^400 INVALID_CURSOR/);
      }),
      { numRuns: 25 },
    );
  });
});

test("a cursor of one server's versions never shows them at another server", async () => {
  const { body } = await post(app, {
    query: '{ server(name: "com.example/tool-4") { versions(first: 1) { edges { cursor } } } }',
  });
  const { cursor } = body.data.server.versions.edges[0];
  const query = `{ server(name: "com.example/tool-0") { versions(after: "${cursor}") { edges { node { name } } } } }`;
  const names = (await post(app, { query })).body.data.server.versions.edges.map((edge: Parsed) => edge.node.name);
  expect(new Set(names)).toEqual(new Set(['com.example/tool-0']));
});

/** Everything that takes text, and what it calls it; lists of words have a limit of their own. */
const texts: [string, string][] = [
  ['query ($t: String!) { server(name: $t) { name } }', 'A name'],
  ['query ($t: String!) { serverVersion(name: $t) { name } }', 'A name'],
  ['query ($t: String!) { serverVersion(name: "com.example/tool-1", version: $t) { name } }', 'A version'],
  ['query ($t: String!) { server(name: "com.example/tool-1") { version(version: $t) { name } } }', 'A version'],
  ['query ($t: String!) { namespace(name: $t) { name } }', 'A namespace'],
  ['query ($t: String!) { servers(filter: { search: $t }) { totalCount } }', 'A search'],
  ['query ($t: String!) { servers(filter: { namespace: $t }) { totalCount } }', 'A namespace'],
  ['query ($t: String!) { servers(filter: { registryType: [$t] }) { totalCount } }', 'The filter registryType'],
  ['query ($t: String!) { servers(filter: { repositoryUrl: $t }) { totalCount } }', 'The filter repositoryUrl'],
  ['query ($t: String!) { serverVersions(filter: { search: $t }) { totalCount } }', 'A search'],
  ['query ($t: String!) { serverVersions(filter: { version: $t }) { totalCount } }', 'A version'],
  [
    'query ($t: String!) { server(name: "com.example/tool-1") { versions(filter: { search: $t }) { totalCount } } }',
    'A search',
  ],
  ['query ($t: String!) { package(registryType: $t, identifier: "x") { identifier } }', 'A registry type'],
  ['query ($t: String!) { package(registryType: "npm", identifier: $t) { identifier } }', 'An identifier'],
];

describe.each(texts)('%s', (query, what) => {
  test('refuses what no record can hold', async () => {
    expect(await ask(query, { t: 'a\0b' })).toBe(`400 BAD_USER_INPUT: ${what} must not contain NUL characters.`);
    expect(await ask(query, { t: 'a\ud800' })).toBe(
      `400 BAD_USER_INPUT: ${what} is not well-formed Unicode: it holds half of a surrogate pair.`,
    );
    expect(await ask(query, { t: 'x'.repeat(10_000) })).toMatch(
      new RegExp(`^400 BAD_USER_INPUT: ${what} is too long: at most \\d+ characters, not \\d+\\.$`),
    );
  });

  test('takes all other text as text', async () => {
    for (const text of [
      '',
      ' ',
      '%',
      '_',
      '\\',
      "'",
      '"',
      "'; DROP TABLE versions; --",
      '$1',
      '\u202e',
      '🙂',
      'ａ',
      '\u0001',
      '../..',
      '{}',
      'NaN',
    ]) {
      expect(await ask(query, { t: text })).toMatch(/^200 \{"data":/);
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
        expect(await ask(query, { t: text })).toMatch(/^200 \{"data":|^400 BAD_USER_INPUT: /);
      }),
      { numRuns: 25 },
    );
  });
});

describe('other arguments', () => {
  test.each([
    [
      'a status that is none',
      '{ servers(filter: { status: [GONE] }) { totalCount } }',
      /^400 GRAPHQL_VALIDATION_FAILED: Value "GONE" does not exist/,
    ],
    [
      'an unknown filter',
      '{ servers(filter: { nope: 1 }) { totalCount } }',
      /^400 GRAPHQL_VALIDATION_FAILED: Field "nope" is not defined/,
    ],
    [
      'an unknown argument',
      '{ servers(nope: 1) { totalCount } }',
      /^400 GRAPHQL_VALIDATION_FAILED: Unknown argument "nope"/,
    ],
    ['an unknown field', '{ servers { nope } }', /^400 GRAPHQL_VALIDATION_FAILED: Cannot query field "nope"/],
    [
      'no name',
      '{ server { name } }',
      /^400 GRAPHQL_VALIDATION_FAILED: Field "server" argument "name" of type "String!" is required/,
    ],
    [
      'no fields',
      '{ servers }',
      /^400 GRAPHQL_VALIDATION_FAILED: Field "servers" of type "ServerConnection!" must have a selection/,
    ],
    [
      'a day that does not exist',
      '{ servers(filter: { updatedSince: "2025-02-30T00:00:00Z" }) { totalCount } }',
      /^400 GRAPHQL_VALIDATION_FAILED: A DateTime is an RFC 3339 time/,
    ],
    [
      'an offset that does not exist',
      '{ servers(filter: { updatedSince: "2025-02-20T00:00:00+23:00" }) { totalCount } }',
      /^400 GRAPHQL_VALIDATION_FAILED: A DateTime is/,
    ],
    [
      'a revision below nothing',
      '{ changes(after: -1) { revision } }',
      /^400 GRAPHQL_VALIDATION_FAILED: A Revision is a whole number from 0 upwards/,
    ],
    [
      'a revision beyond all numbers',
      '{ changes(after: "99999999999999999999") { revision } }',
      /^400 GRAPHQL_VALIDATION_FAILED: A Revision is/,
    ],
    [
      'a page of changes that is too long',
      '{ changes(first: 101) { revision } }',
      /^400 BAD_USER_INPUT: `first` must be from 1 to 100, not 101\.$/,
    ],
    [
      'no operation of that name',
      'query A { registry { revision } } query B { registry { revision } }',
      /^400 OPERATION_RESOLUTION_FAILURE: Could not determine what operation to execute\.$/,
    ],
    [
      'two operations of one name',
      'query A { registry { revision } } query A { registry { revision } }',
      /^400 OPERATION_RESOLUTION_FAILURE: Could not determine what operation to execute\.$/,
    ],
    ['nothing at all', ' ', /^400 GRAPHQL_PARSE_FAILED: Syntax Error: Unexpected <EOF>\.$/],
    ['half a document', '{ servers {', /^400 GRAPHQL_PARSE_FAILED: Syntax Error: Expected Name, found <EOF>\.$/],
    ['a federation query', '{ _service { sdl } }', /^400 GRAPHQL_VALIDATION_FAILED: Cannot query field "_service"/],
    [
      'entities',
      '{ _entities(representations: []) { __typename } }',
      /^400 GRAPHQL_VALIDATION_FAILED: Cannot query field "_entities"/,
    ],
    ['a mutation', 'mutation { x }', /^400 (BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED): /],
    ['a subscription', 'subscription { x }', /^400 (BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED): /],
  ])('%s', async (_what, query, sentence) => {
    expect(await ask(query)).toMatch(sentence);
  });

  test('too many alternatives', async () => {
    const twentyOne = Array(21).fill('npm');
    expect(
      await ask('query ($r: [String!]) { servers(filter: { registryType: $r }) { totalCount } }', { r: twentyOne }),
    ).toBe('400 BAD_USER_INPUT: The filter registryType takes at most 20 values, not 21.');
  });

  test.each([
    '{"f": {"__proto__": {"search": "x"}}}',
    '{"f": {"constructor": 1}}',
    '{"__proto__": {"f": {}}, "f": []}',
    '{"f": 7}',
    '{"f": {"search": {}}}',
  ])('the variables %s', async (variables) => {
    const query = 'query ($f: ServerFilter) { servers(filter: $f) { totalCount } }';
    const answer = await postText(app, `{"query": ${JSON.stringify(query)}, "variables": ${variables}}`);
    expect(refusal(answer)).toMatch(/^400 BAD_USER_INPUT: Variable "\$f" got invalid value/);
  });

  test('numbers at the edge of what a revision may be', async () => {
    const { body } = await post(app, {
      query: '{ changes(after: 9007199254740991) { revision hasMore changes { revision } } }',
    });
    expect(body.data.changes).toEqual({ revision: 9_007_199_254_740_991, hasMore: false, changes: [] });
  });
});
