import { gzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';
import { get, post, postText, refusal, send } from './ask.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.close());

const query = '{ registry { revision } }';
const sound = JSON.stringify({ query });

describe('a body', () => {
  test.each([
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(query)}`],
    ['text/plain', sound],
    ['application/graphql', query],
    ['application/json; charset=koi8-r', sound],
    ['application/json; charset=utf-16', sound],
    ['application/jsonx', sound],
    ['text/html, application/json', sound],
    ['', sound],
  ])('of type %j is refused', async (type, body) => {
    const answer = await postText(app, Buffer.from(body), { 'content-type': type });
    expect(refusal(answer)).toBe('415 UNSUPPORTED_MEDIA_TYPE: Send the request as application/json in UTF-8.');
  });

  test('of a form with files is refused', async () => {
    const form = new FormData();
    form.set('operations', sound);
    form.set('map', '{}');
    expect(refusal(await send(app, { method: 'POST', body: form }))).toBe(
      '415 UNSUPPORTED_MEDIA_TYPE: Send the request as application/json in UTF-8.',
    );
  });

  test.each([
    'application/json',
    'application/json;charset=utf-8',
    'application/json; charset="UTF-8"',
    'application/graphql+json',
  ])('of type %s is taken', async (type) =>
    expect((await postText(app, sound, { 'content-type': type })).status).toBe(200),
  );

  test('that is compressed is refused', async () => {
    const answer = await postText(app, gzipSync(sound), { 'content-encoding': 'gzip' });
    expect(refusal(answer)).toBe('415 UNSUPPORTED_MEDIA_TYPE: Send the request without a content-encoding.');
    expect((await postText(app, sound, { 'content-encoding': 'identity' })).status).toBe(200);
  });

  test.each([
    ['', 'POST body sent invalid JSON.'],
    ['{', 'POST body sent invalid JSON.'],
    ['{"query": "{ registry { revision } }",}', 'POST body sent invalid JSON.'],
    ['null', 'POST body is expected to be object but received null'],
    ['"text"', 'POST body is expected to be object but received string'],
    ['7', 'POST body is expected to be object but received number'],
    ['{}', 'Must provide query string.'],
    ['{"query": null}', 'Must provide query string.'],
    ['{"query": 7}', 'Expected "query" param to be a string, but given number.'],
    ['{"query": ["{ registry { revision } }"]}', 'Expected "query" param to be a string, but given array.'],
    [`[${sound}, ${sound}]`, 'Batching is not supported.'],
    ['[]', 'Batching is not supported.'],
    [
      `{"query": "${query}", "variables": "x"}`,
      'Expected "variables" param to be empty or an object, but given string.',
    ],
    [
      `{"query": "${query}", "variables": [1]}`,
      'Expected "variables" param to be empty or an object, but given array.',
    ],
    [
      `{"query": "${query}", "extensions": 7}`,
      'Expected "extensions" param to be empty or an object, but given number.',
    ],
  ])('%s is refused', async (body, sentence) => {
    const plain = { accept: 'application/json' };
    expect(refusal(await postText(app, body))).toBe(`400 BAD_USER_INPUT: ${sentence}`);
    expect(refusal(await postText(app, body, plain))).toBe(`400 BAD_USER_INPUT: ${sentence}`);
  });

  test('of 2 MB is refused, with and without its length', async () => {
    const body = JSON.stringify({ query, variables: { x: 'x'.repeat(2 * 1024 * 1024) } });
    expect(refusal(await postText(app, body))).toBe('413 PAYLOAD_TOO_LARGE: Request body too large');
    for (let i = 0; i < 5; i++) {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Blob([body]).stream(),
        duplex: 'half',
      };
      expect(refusal(await send(app, init))).toBe('413 PAYLOAD_TOO_LARGE: Request body too large');
      // The rest of a body must not stand in the way of what comes after it on the same connection.
      expect((await post(app, { query })).status).toBe(200);
    }
  });

  test('nested 100,000 levels deep is no trouble', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const answer = await postText(
      app,
      `{"query": "query ($f: ServerFilter) { servers(filter: $f) { totalCount } }", "variables": {"f": ${deep}}}`,
    );
    expect(refusal(answer)).toMatch(/^400 BAD_USER_INPUT: /);
  });

  test('the server answers after all that', async () => {
    expect((await post(app, { query })).body.data).toEqual({ registry: { revision: 0 } });
  });
});

describe('a GET', () => {
  test('with a query is answered, and nobody may keep the answer', async () => {
    const answer = await get(app, { query });
    expect(answer.body.data).toEqual({ registry: { revision: 0 } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test.each(['{', 'x', '"text"', '7', '[]', 'true', '{"a":}'])(
    'with the variables or extensions %s is refused',
    async (value) => {
      expect(refusal(await get(app, { query, variables: value }))).toBe(
        '400 BAD_USER_INPUT: `variables` must be a JSON object.',
      );
      expect(refusal(await get(app, { query, extensions: value }))).toBe(
        '400 BAD_USER_INPUT: `extensions` must be a JSON object.',
      );
    },
  );

  test('with odd but sound parameters is answered', async () => {
    for (const value of ['{}', 'null', '', ' { "a": 1 } ']) {
      expect((await get(app, { query, variables: value, extensions: value })).status).toBe(200);
    }
  });

  test('without a query is refused', async () => {
    expect(refusal(await get(app, { variables: '{}' }))).toBe('400 BAD_USER_INPUT: Must provide query string.');
  });

  test('that is percent-encoded wrongly is read as it stands', async () => {
    const answer = await send(app, { headers: { accept: 'application/graphql-response+json' } }, '?query=%7B%E0%A4%A');
    expect(refusal(answer)).toMatch(/^400 GRAPHQL_PARSE_FAILED: Syntax Error/);
  });

  test('of a mutation is not allowed', async () => {
    const answer = await get(app, { query: 'mutation { publishServer(input: {}) { __typename } }' });
    expect(refusal(answer)).toMatch(/^40[05] (METHOD_NOT_ALLOWED|GRAPHQL_VALIDATION_FAILED): /);
    const bare = await get(app, { query: 'mutation { __typename }' });
    expect(refusal(bare)).toBe('405 METHOD_NOT_ALLOWED: Can only perform a mutation operation from a POST request.');
    expect(bare.headers.get('allow')).toBe('POST');
  });
});

describe('other methods', () => {
  test.each(['PUT', 'PATCH', 'DELETE'])('%s is not allowed', async (method) => {
    const answer = await send(app, { method, headers: { 'content-type': 'application/json' }, body: sound });
    expect(refusal(answer)).toBe('405 METHOD_NOT_ALLOWED: GraphQL only supports GET and POST requests.');
    expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  test('HEAD is not allowed', async () => {
    const answer = await send(app, { method: 'HEAD' }, `?query=${encodeURIComponent(query)}`);
    expect([answer.status, answer.headers.get('allow'), answer.text]).toEqual([405, 'GET, POST', '']);
  });

  test('one that nobody knows is not allowed', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${app.url}/graphql`, { method: 'PROPFIND' }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(405);
  });

  test('OPTIONS tells browsers of any origin that they may', async () => {
    const answer = await send(app, {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('an answer', () => {
  test('in a form that nobody makes is refused', async () => {
    const answer = await postText(app, sound, { accept: 'application/xml' });
    expect(refusal(answer)).toBe(
      '406 NOT_ACCEPTABLE: Answers come as application/graphql-response+json, application/json or text/event-stream.',
    );
  });

  test('is for no cache, whatever it says', async () => {
    const answers = [
      await post(app, { query }),
      await post(app, { query: '{ nope }' }),
      await get(app, { query, variables: 'x' }),
    ];
    answers.push(
      await postText(app, sound, { 'content-type': 'text/plain' }),
      await postText(app, sound, { accept: 'application/xml' }),
    );
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(5).fill('no-store'));
  });

  test('for a browser is GraphiQL', async () => {
    const answer = await send(app, { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(answer.text).toContain('<title>MCP Registry</title>');
  });

  test('keeps the request id that it was asked with, or has one of its own', async () => {
    const own = await postText(app, sound, { 'x-request-id': 'mine-1' });
    expect(own.headers.get('x-request-id')).toBe('mine-1');
    const odd = await postText(app, sound, { 'x-request-id': 'x'.repeat(100) });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
