import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import operations from '../../cli/operations.json' with { type: 'json' };
import { serve } from '../external/servers.ts';
import { createUser } from './mcp.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A logged-in user of a registry that answers so, and what it was sent. */
async function at(answer: Answer) {
  const seen: { method: string; path: string; authorization: string | undefined }[] = [];
  const url = await serve((request, response) => {
    seen.push({ method: request.method!, path: request.url!, authorization: request.headers.authorization });
    answer(request, response);
  });
  return { url, seen, user: createUser({ MCP_REGISTRY_URL: url, MCP_REGISTRY_TOKEN: 'secret-token' }) };
}

const json =
  (body: unknown, status = 200): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const server = (more: object = {}) => ({
  ...{ name: 'com.example/a', title: null, description: 'fine', status: 'ACTIVE', latestVersion: { version: '1.0.0' } },
  ...more,
});
const found = (node: unknown) => ({
  data: { servers: { totalCount: 1, pageInfo: { hasNextPage: false, endCursor: null }, edges: [{ node }] } },
});

describe('an answer', () => {
  test('with escape sequences shows none', async () => {
    const evil = '\u001b]52;c;cm0gLXJm\u0007\u001b[2J\u001b[31mred\u009b5n\u202egnp';
    const { user } = await at(json(found(server({ description: evil, name: `a/${evil}` }))));
    const { code, stdout, stderr } = await user.mcp('search', 'x');
    expect(code).toBe(0);
    // eslint can't be told otherwise: control characters are what this is about.
    expect([...stdout, ...stderr].filter((one) => /\p{Cc}|\u202e/u.test(one) && one !== '\n')).toEqual([]);
    const parsed = await user.mcp('search', 'x', '--json');
    expect([...parsed.stdout].filter((one) => /\p{Cc}|\u202e/u.test(one) && one !== '\n')).toEqual([]);
    expect(parsed.json().servers[0].description).toBe(evil);
  });

  test('with escape sequences in its refusal shows none', async () => {
    const errors = [{ message: '\u001b[31mno\u001b[0m', extensions: { code: 'FORBIDDEN', retryable: false } }];
    const { user } = await at(json({ errors }, 403));
    const { code, stderr } = await user.mcp('whoami');
    expect([code, stderr]).toEqual([3, 'mcp: no\n']);
  });

  test('without end is given up', async () => {
    const { user } = await at((_request, response) => {
      const pour = () =>
        void (response.write('x'.repeat(1024 * 1024)) ? setImmediate(pour) : response.once('drain', pour));
      response.writeHead(200, { 'content-type': 'application/json' });
      pour();
    });
    const { code, stderr } = await user.mcp('whoami');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^mcp: The registry at \S+ answers with more than 20 MB/),
    ]);
  });

  test.each([
    ['null', json(null)],
    ['a list', json([])],
    ['no data', json({ data: null })],
    ['a text for errors', json({ errors: 'no' })],
    ['a number for an error', json({ errors: [1] })],
    ['a number for a list', json({ data: { servers: { edges: 7 } } })],
    ['a number for a name', json(found(server({ name: 7, description: {} })))],
    ['nothing for a server', json(found(null))],
    ['a page', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['an empty body', (_request, response) => void response.end()],
  ] as [string, Answer][])('that is %s ends in one clear line', async (_, answer) => {
    const { user } = await at(answer);
    const { code, stdout, stderr } = await user.mcp('search', 'x');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^mcp: .+\n$/);
    const parsed = await user.mcp('search', 'x', '--json');
    expect(parsed.json().error.code).toMatch(/^(BAD_ANSWER|UNKNOWN)$/);
  });

  test('of a proxy whose registry is away is worth another try', async () => {
    const { user } = await at((_request, response) => void response.writeHead(502).end('Bad Gateway'));
    expect((await user.mcp('whoami')).code).toBe(4);
  });

  test('that is cut off is worth another try', async () => {
    const { user } = await at((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      setTimeout(() => response.destroy(), 20);
    });
    expect((await user.mcp('whoami')).code).toBe(4);
  });
});

describe('a redirect', () => {
  test('is never followed, and the token goes nowhere', async () => {
    const thief = await at(json({}));
    const { user, url } = await at(
      (_request, response) => void response.writeHead(307, { location: `${thief.url}/graphql` }).end(),
    );
    const { code, stderr } = await user.mcp('whoami');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`${url}/graphql sends elsewhere, to ${thief.url}/graphql`),
    ]);
    expect(thief.seen).toEqual([]);
  });
});

describe('a registry of another age', () => {
  test('that knows an operation is sent its id only; what nobody in particular asks, by GET', async () => {
    const { user, seen } = await at(json(found(server())));
    await user.mcp('search', 'x');
    expect(seen).toEqual([{ method: 'GET', path: expect.any(String), authorization: undefined }]);
    const asked = new URL(seen[0]!.path, 'http://a').searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      documentId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      variables: '{"search":"x","first":30,"after":null}',
    });
    expect((operations as Record<string, string>)[asked.get('documentId')!]).toMatch(/^query Search\(/);
  });

  test('that does not know the id is sent the text, once', async () => {
    const bodies: string[] = [];
    const { user } = await at(async (request, response) => {
      const body = (await request.toArray()).join('');
      bodies.push(body);
      const unknown = {
        errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      };
      if (JSON.parse(body || '{}').query) json(found(server()))(request, response);
      else json(unknown, 404)(request, response);
    });
    expect((await user.mcp('search', 'x')).code).toBe(0);
    expect(bodies.map((body) => Object.keys(JSON.parse(body || '{}')))).toEqual([[], ['query', 'variables']]);
  });

  test('whose schema is another says to update', async () => {
    const errors = [{ message: 'Cannot query field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }];
    const { user } = await at(json({ errors }, 400));
    const { code, stderr } = await user.mcp('search', 'x');
    expect([code, stderr]).toEqual([1, expect.stringContaining('npm install --global mcp-registry-cli@latest')]);
  });

  test('that wants a newer mcp says so, before anything is published', async () => {
    const { user, seen } = await at(
      json({
        data: {
          registry: { minimumClientVersion: '99.0.0' },
          viewer: null,
          validateServer: { issues: [] },
          serverVersion: null,
        },
      }),
    );
    user.write('server.json', { $schema: 's', name: 'a/b', description: 'd', version: '1' });
    const { code, stderr } = await user.mcp('publish');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^mcp: This is mcp \d.*99\.0\.0.*npm install --global/)]);
    expect(seen).toHaveLength(1);
  });
});

describe('a proof', () => {
  test('that another registry asked for is not signed', async () => {
    const challenge = 'mcp-registry-domain-proof:v1 https://registry.example.com example.com dns AAAA';
    const { user, seen } = await at(
      json({ data: { startDomainProof: { __typename: 'StartDomainProofPayload', challenge } } }),
    );
    await user.mcp('keygen');
    const { code, stderr } = await user.mcp('login', 'dns', '--domain', 'example.com');
    expect([code, stderr]).toEqual([2, expect.stringContaining('so it was not signed')]);
    expect(seen).toHaveLength(1);
  });

  test.each(['a token\r\nx: y', '', 'ünsafe', 7, null])('answered by the token %j is no login', async (token) => {
    const login = {
      __typename: 'LoginPayload',
      token,
      expiresAt: '2099-01-01T00:00:00Z',
      viewer: { method: 'none', subject: 'a' },
    };
    const { user } = await at(json({ data: { loginAnonymously: login } }));
    const { code, stderr } = await user.mcp('login', 'none');
    expect([code, stderr]).toEqual([1, expect.stringContaining('without a token that makes sense')]);
  });
});
