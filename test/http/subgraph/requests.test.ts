import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(() => test?.close());

interface Refusal {
  errors: { message: string; extensions: Record<string, unknown> }[];
}

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = JSON.stringify({ query: '{ __typename }' });

async function send(init: RequestInit, search = ''): Promise<{ response: Response; error: Refusal['errors'][0] }> {
  const response = await fetch(`${test.internalUrl}/graphql${search}`, init);
  const { errors } = (await response.json()) as Refusal;
  expect(errors, 'one error').toHaveLength(1);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-request-id')).toMatch(/./);
  return { response, error: errors[0]! };
}

describe('a request that is no GraphQL request is refused', () => {
  it.each<[string, RequestInit, string, string]>([
    [
      'broken JSON',
      { body: '{"query": "{ __typ', headers: JSON_TYPE },
      '400 BAD_USER_INPUT',
      'The body is not valid JSON.',
    ],
    ['no body', { headers: JSON_TYPE }, '400 BAD_USER_INPUT', 'The body is not valid JSON.'],
    [
      'a body of 2 MB',
      { body: JSON.stringify({ query: ' '.repeat(2 ** 21) }), headers: JSON_TYPE },
      '413 PAYLOAD_TOO_LARGE',
      'The body is larger than 1048576 bytes.',
    ],
    [
      'a form',
      { body: new URLSearchParams({ query: '{ __typename }' }) },
      '415 UNSUPPORTED_MEDIA_TYPE',
      'Send the request as application/json in UTF-8.',
    ],
    ['plain text', { body: QUERY }, '415 UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json in UTF-8.'],
    [
      'XML',
      { body: QUERY, headers: { 'content-type': 'application/xml' } },
      '415 UNSUPPORTED_MEDIA_TYPE',
      'Send the request as application/json in UTF-8.',
    ],
    [
      'UTF-16',
      { body: QUERY, headers: { 'content-type': 'application/json; charset=utf-16' } },
      '415 UNSUPPORTED_MEDIA_TYPE',
      'Send the request as application/json in UTF-8.',
    ],
    ['a list', { body: `[${QUERY}]`, headers: JSON_TYPE }, '400 BAD_USER_INPUT', 'Operation batching disabled.'],
    [
      'an empty object',
      { body: '{}', headers: JSON_TYPE },
      '400 BAD_USER_INPUT',
      'POST body missing, invalid Content-Type, or JSON object has no keys.',
    ],
    [
      'a number',
      { body: '7', headers: JSON_TYPE },
      '400 BAD_USER_INPUT',
      'POST body missing, invalid Content-Type, or JSON object has no keys.',
    ],
    [
      'a query that is no text',
      { body: '{"query":7}', headers: JSON_TYPE },
      '400 BAD_USER_INPUT',
      'GraphQL queries must be strings.',
    ],
    [
      'variables in text',
      { body: '{"query":"{__typename}","variables":"{}"}', headers: JSON_TYPE },
      '400 BAD_USER_INPUT',
      '`variables` in a POST body should be provided as an object, not a recursively JSON-encoded string.',
    ],
    [
      'variables in a list',
      { body: '{"query":"{__typename}","variables":[1]}', headers: JSON_TYPE },
      '400 BAD_USER_INPUT',
      '`variables` in a POST body must be an object if provided.',
    ],
    [
      'another method',
      { method: 'PUT', body: QUERY, headers: JSON_TYPE },
      '405 METHOD_NOT_ALLOWED',
      'Apollo Server supports only GET/POST requests.',
    ],
  ])('%s', async (_what, init, answer, message) => {
    const { response, error } = await send({ method: 'POST', ...init });
    expect(`${response.status} ${error.extensions.code}`).toBe(answer);
    expect(error).toMatchObject({ message, extensions: { retryable: false } });
  });

  it('a body of 2 MB that does not say how long it is', async () => {
    const body = new Blob([' '.repeat(2 ** 21)]).stream();
    const { response, error } = await send({ method: 'POST', body, headers: JSON_TYPE, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
    expect(error.extensions).toEqual({ code: 'PAYLOAD_TOO_LARGE', retryable: false });
  });

  it('but the connection serves on', async () => {
    await send({ method: 'POST', body: '{', headers: JSON_TYPE });
    expect((await test.subgraph('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});

describe('a GET', () => {
  const search = '?query={__typename}';
  const preflighted = { 'apollo-require-preflight': 'yes' };

  it('that any web page could send is refused', async () => {
    const { response, error } = await send({}, search);
    expect(response.status).toBe(400);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', retryable: false });
    expect(error.message).toContain('potential Cross-Site Request Forgery');
  });

  it('with a header that only a program sends is answered', async () => {
    const response = await fetch(`${test.internalUrl}/graphql${search}`, { headers: preflighted });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it.each([
    ['variables that are no JSON', '&variables={', 'The variables search parameter contains invalid JSON.'],
    ['variables in a list', '&variables=[]', 'The variables search parameter should contain a JSON-encoded object.'],
    ['two queries', '&query={__typename}', "The 'query' search parameter may only be specified once."],
  ])('with %s is refused', async (_what, more, message) => {
    const { response, error } = await send({ headers: preflighted }, search + more);
    expect(response.status).toBe(400);
    expect(error).toEqual({ message, extensions: { code: 'BAD_USER_INPUT', retryable: false } });
  });
});

it('a router that sends the hash of a document is asked for the whole one, once', async () => {
  const query = '{ registry { revision } }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
  const post = async (body: object) => {
    const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ extensions, ...body }) };
    return (await (await fetch(`${test.internalUrl}/graphql`, init)).json()) as unknown;
  };
  expect(await post({})).toMatchObject({
    errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  });
  expect(await post({ query })).toEqual({ data: { registry: { revision: 0 } } });
  expect(await post({})).toEqual({ data: { registry: { revision: 0 } } });
});

it('an upload that breaks off is told to nobody and harms nobody', async () => {
  await new Promise<void>((resolve) => {
    const headers = { ...JSON_TYPE, 'content-length': 1_000 };
    const request = httpRequest(`${test.internalUrl}/graphql`, { method: 'POST', headers });
    request.on('error', () => {}).on('close', resolve);
    request.write('{"query"', () => setTimeout(() => request.destroy(), 50));
  });
  expect((await test.subgraph('{ __typename }')).data).toEqual({ __typename: 'Query' });
  expect(test.logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
