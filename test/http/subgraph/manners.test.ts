import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
  await test.seed([{ server: aServer('com.example/a') }]);
});

afterAll(() => test?.close());

describe('the SDL can be fetched as text', () => {
  it.each([
    ['?sdl', 'subgraph.graphql'],
    ['?sdl=authenticated', 'subgraph.authenticated.graphql'],
  ])('%s', async (search, file) => {
    const response = await fetch(`${test.internalUrl}/graphql${search}`);
    expect(response.headers.get('content-type')).toBe('application/graphql; charset=utf-8');
    expect(await response.text()).toBe(readFileSync(new URL(`../../federation/${file}`, import.meta.url), 'utf8'));
  });

  it('and there is no other', async () => {
    const response = await fetch(`${test.internalUrl}/graphql?sdl=secret`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});

describe('an answer says how long a router may keep it', () => {
  const entities = (selection: string) =>
    `{ _entities(representations: [{ __typename: "ServerVersion", name: "com.example/a", version: "1.0.0" }]) { ${selection} } }`;

  it.each([
    ['a server', '{ server(name: "com.example/a") { name } }', 'max-age=30, public'],
    ['a list', '{ servers { totalCount pageInfo { hasNextPage } } }', 'max-age=30, public'],
    ['what is not there', '{ server(name: "com.example/none") { name } }', 'max-age=30, public'],
    ['a version by its key', entities('... on ServerVersion { digest packages { identifier } }'), 'max-age=60, public'],
    ['a version and its server', entities('... on ServerVersion { server { status } }'), 'max-age=30, public'],
    [
      'what is shown through a fragment',
      '{ ...A } fragment A on Query { registry { revision } }',
      'max-age=30, public',
    ],
    ['who asks', '{ registry { revision } viewer { method } }', 'no-store'],
    ['a check', '{ validateServer(document: {}) { valid } }', 'no-store'],
    ['the schema', '{ __schema { queryType { name } } }', 'no-store'],
    ['nothing', '{ __typename }', 'no-store'],
    ['a refusal', '{ servers(first: 0) { totalCount } }', 'no-store'],
    ['an error beside data', '{ registry { revision } node(id: "?") { id } }', 'no-store'],
    ['a mutation', 'mutation { revokeSession { __typename } }', 'no-store'],
  ])('%s', async (_what, query, age) => {
    const { headers } = await test.subgraph(query);
    expect(headers.get('cache-control')).toBe(age);
  });

  it('but not to anyone with a token', async () => {
    const { headers } = await test.subgraph('{ registry { revision } }', {}, 'mcpr_x');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('where the door has a secret', () => {
  const secret = 'a secret of routers';
  let guarded: TestApp;
  beforeAll(async () => {
    guarded = await createTestApp({
      MCP_REGISTRY_ROUTER_SECRET: secret,
      MCP_REGISTRY_SUBGRAPH_INTROSPECTION: 'false',
    });
  });
  afterAll(() => guarded?.close());

  const ask = (headers: Record<string, string>, query = '{ __typename }', search = '') =>
    fetch(`${guarded.internalUrl}/graphql${search}`, {
      ...(search === '' && { method: 'POST', body: JSON.stringify({ query }) }),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it.each<[string, Record<string, string>, string?]>([
    ['without it', {}],
    ['with another', { 'router-authorization': 'a secret of router5' }],
    ['with a part of it', { 'router-authorization': 'a secret' }],
    ['with nothing', { 'router-authorization': '' }],
    ['with it as a token', { authorization: secret }],
    ['who wants events', { accept: 'text/event-stream' }],
    ['who wants the SDL', {}, '?sdl'],
  ])('a caller %s is refused', async (_who, headers, search) => {
    const response = await ask(headers, undefined, search);
    expect(response.status).toBe(401);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'Send the secret of this door in `router-authorization`.',
          extensions: { code: 'UNAUTHENTICATED', retryable: false },
        },
      ],
    });
  });

  it('a router with it is answered, and the platform without', async () => {
    expect(await (await ask({ 'router-authorization': secret })).json()).toEqual({ data: { __typename: 'Query' } });
    expect((await fetch(`${guarded.internalUrl}/health/ready`)).status).toBe(200);
    expect((await fetch(`${guarded.internalUrl}/metrics`)).status).toBe(200);
  });

  it('introspection may be off, which keeps no router from its SDL', async () => {
    const headers = { 'router-authorization': secret };
    const refused = await ask(headers, '{ __schema { queryType { name } } }');
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    expect(await (await ask(headers, '{ _service { sdl } }')).text()).toContain('@key');
  });

  it('nothing of it is logged', () => {
    expect(JSON.stringify(guarded.logged())).not.toContain('secret of router');
  });
});

it('a trace is given to who asks for it, and to no one else', async () => {
  const ask = async (headers: Record<string, string>) => {
    const init = { method: 'POST', body: JSON.stringify({ query: '{ registry { revision } }' }) };
    const response = await fetch(`${test.internalUrl}/graphql`, {
      ...init,
      headers: { 'content-type': 'application/json', ...headers },
    });
    return (await response.json()) as { extensions?: { ftv1?: string } };
  };
  expect((await ask({ 'apollo-federation-include-trace': 'ftv1' })).extensions?.ftv1).toMatch(/^[\w+/=]{20,}$/);
  expect((await ask({})).extensions).toBeUndefined();
});
