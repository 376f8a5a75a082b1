import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';

const PAGE = 'query($n: Int!) { servers(first: $n) { totalCount } }';
const COSTLY = `{ servers(first: 100) { edges { node { versions(first: 100) { edges { node {
  name version title digest status description revision publishedAt updatedAt document
} } } } } } }`;

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(() => test?.close());

describe('a query that is wrong', () => {
  it.each<[string, { query: string; variables?: Record<string, unknown> }, string, string]>([
    [
      'grammar',
      { query: '{ server(name: "a/b" { name }' },
      'GRAPHQL_PARSE_FAILED',
      'Syntax Error: Expected Name, found "{".',
    ],
    ['field', { query: '{ secrets }' }, 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "secrets" on type "Query".'],
    ['missing variable', { query: PAGE }, 'BAD_USER_INPUT', 'Variable "$n" of required type "Int!" was not provided.'],
    [
      'variable',
      { query: PAGE, variables: { n: 'x' } },
      'BAD_USER_INPUT',
      'Variable "$n" got invalid value "x"; Int cannot represent non-integer value: "x"',
    ],
    [
      'missing name of an operation',
      { query: 'query A { __typename } query B { __typename }' },
      'OPERATION_RESOLUTION_FAILURE',
      'Must provide operation name if query contains multiple operations.',
    ],
    [
      'length',
      { query: `{ ${'__typename '.repeat(10_001)} }` },
      'GRAPHQL_PARSE_FAILED',
      'Syntax Error: Document contains more that 10000 tokens. Parsing aborted.',
    ],
    ['cost', { query: COSTLY }, 'QUERY_TOO_COMPLEX', 'The query costs'],
  ])('in its %s is refused with a code and a sentence', async (_what, { query, variables }, code, message) => {
    const { status, data, errors, text } = await test.subgraph(query, variables);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code, retryable: false } },
    ]);
    expect(text).not.toMatch(/stack|node_modules|\.ts/);
  });

  it.each([
    ['first: 0', '`first` must be from 1 to 100, not 0.'],
    ['first: 101', '`first` must be from 1 to 100, not 101.'],
  ])('in its page (%s) is told why', async (page, message) => {
    const { errors } = await test.subgraph(`{ servers(${page}) { totalCount } }`);
    expect(errors).toMatchObject([
      { message, path: ['servers'], extensions: { code: 'BAD_USER_INPUT', retryable: false } },
    ]);
  });
});
