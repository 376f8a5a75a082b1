import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import { tasks } from '../../../src/operations/tasks.ts';
import { get, post, refusal, send } from './ask.ts';
import { documents, id, manifest, sha256 } from './operations.ts';

let app: TestApp;
let other: TestApp;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-operations-'));
  const file = join(folder, 'operations.json');
  writeFileSync(file, manifest);
  app = await createTestApp({ MCP_REGISTRY_OPERATION_MANIFESTS: file });
  // Another process on the same database, with manifests of other makers.
  const apollo = join(folder, 'apollo.json');
  const operations = [{ id: sha256(documents.list), name: 'List', type: 'query', body: documents.list }];
  writeFileSync(apollo, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
  const relay = join(folder, 'relay.json');
  writeFileSync(relay, JSON.stringify({ '0123456789abcdef0123456789abcdef': documents.types }));
  other = await createTestApp({
    MCP_REGISTRY_DATABASE_URL: app.databaseUrl,
    MCP_REGISTRY_OPERATION_MANIFESTS: `${apollo}, ${relay}`,
  });
  await app.seed(['a', 'b', 'c'].map((name) => ({ server: aServer(`com.example/${name}`) })));
});
afterAll(async () => {
  await other?.close();
  await app?.close();
  rmSync(folder, { recursive: true });
});

const persisted = (name: keyof typeof documents, more: Record<string, string> = {}) =>
  get(app, { documentId: id(name), ...more });
const apolloExtensions = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });

describe('an operation that is trusted', () => {
  test('is answered by its id, in every way of naming it', async () => {
    const wanted = (await post(app, { query: documents.list })).body.data;
    const extensions = JSON.stringify(apolloExtensions(sha256(documents.list)));
    const answers = await Promise.all([
      get(app, { documentId: id('list') }),
      get(app, { documentId: sha256(documents.list) }),
      get(app, { extensions }),
      post(app, { documentId: id('list') }),
      post(app, { extensions: apolloExtensions(sha256(documents.list)) }),
      get(other, { documentId: id('list') }),
    ]);
    for (const { status, body } of answers) expect([status, body.data]).toEqual([200, wanted]);
    expect(wanted.servers.edges).toHaveLength(2);
    expect((await get(other, { documentId: '0123456789abcdef0123456789abcdef' })).status).toBe(200);
  });

  test('takes variables and the name of its operation', async () => {
    const { body } = await persisted('list', { variables: '{"first":3}' });
    expect(body.data.servers.edges).toHaveLength(3);
    expect((await persisted('two', { operationName: 'B' })).body.data).toEqual({ registry: { versionCount: 3 } });
    expect(refusal(await persisted('two'))).toMatch(/^400 OPERATION_RESOLUTION_FAILURE|^400 BAD_USER_INPUT/);
  });

  test('says the same once it is compiled, errors with their places too', async () => {
    const first = await persisted('bad');
    for (let i = 0; i < 4; i++) {
      const again = await persisted('bad');
      expect([again.status, again.text]).toEqual([first.status, first.text]);
    }
    expect(first.body.errors[0]).toMatchObject({ locations: [{ line: 1, column: 3 }], path: ['servers'] });
  });

  test.each([
    ['text for variables', 'list', { variables: 'x' }, /^400 BAD_USER_INPUT: `variables`/],
    ['a list for variables', 'list', { variables: '[]' }, /^400 BAD_USER_INPUT: `variables`/],
    ['a number for variables', 'list', { variables: '1' }, /^400 BAD_USER_INPUT: `variables`/],
    ['variables that do not fit', 'list', { variables: '{"first":"x"}' }, /^400 BAD_USER_INPUT: Variable "\$first"/],
    ['a variable too few', 'server', {}, /^400 BAD_USER_INPUT: Variable "\$name"/],
    ['text for extensions', 'list', { extensions: 'x' }, /^400 BAD_USER_INPUT: `extensions`/],
    ['what is no parameter', 'list', { utm: '1' }, /^400 BAD_USER_INPUT: `utm`/],
    ['a mutation', 'login', {}, /^405 METHOD_NOT_ALLOWED/],
    ['what does not fit the schema', 'wrong', {}, /^400 GRAPHQL_VALIDATION_FAILED/],
  ] as const)('by GET with %s is refused, and that is not kept', async (_what, name, more, refused) => {
    const answer = await persisted(name, more);
    expect(refusal(answer)).toMatch(refused);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('may be a mutation by POST, or a subscription by GET', async () => {
    expect((await post(app, { documentId: id('login') })).body.data.loginAnonymously.code).toBe('NOT_ENABLED');
    const response = await fetch(`${app.url}/graphql?documentId=${id('follow')}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await response.body?.cancel();
  });
});

describe('an id that nobody knows', () => {
  test('is 404 in the words that clients wait for', async () => {
    const hash = sha256(randomUUID());
    for (const answer of [
      await get(app, { documentId: `sha256:${hash}` }),
      await get(app, { documentId: 'nonsense' }),
      await get(app, { extensions: JSON.stringify(apolloExtensions(hash)) }),
      await send(app, {}, `?documentId=${hash}`),
      await post(app, { documentId: hash }),
      await post(app, { extensions: apolloExtensions(hash) }),
    ]) {
      expect(refusal(answer)).toBe('404 PERSISTED_QUERY_NOT_FOUND: PersistedQueryNotFound');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  test.each([
    [{ persistedQuery: { version: 2, sha256Hash: 'a' } }],
    [{ persistedQuery: { version: 1 } }],
    [{ persistedQuery: 'a' }],
  ])('is refused in the form %j', async (extensions) => {
    expect(refusal(await post(app, { extensions }))).toMatch(/^400 BAD_USER_INPUT: `extensions.persistedQuery`/);
    expect(refusal(await get(app, { extensions: JSON.stringify(extensions) }))).toMatch(/^400 BAD_USER_INPUT/);
  });
});

describe('anyone may register an operation', () => {
  const fresh = (text = '{ registry { serverCount } }') => `# ${randomUUID()}\n${text}`;
  const register = (query: string, more: object = {}) =>
    post(app, { query, extensions: apolloExtensions(sha256(query)), ...more });
  const known = async (query: string, at = app) => (await get(at, { documentId: sha256(query) })).status === 200;

  test('by its hash beside its text, for every process', async () => {
    const query = fresh();
    expect((await register(query)).body.data).toEqual({ registry: { serverCount: 3 } });
    expect([await known(query), await known(query, other)]).toEqual([true, true]);
  });

  test.each([
    ['another hash', fresh(), { extensions: apolloExtensions(sha256('x')) }, /^400 BAD_USER_INPUT: The hash/],
    ['more than 16 kB', fresh(`{ registry { serverCount } } #${'x'.repeat(16_384)}`), {}, /^413 PAYLOAD_TOO_LARGE/],
    ['what is no GraphQL', fresh('{'), {}, /^400 GRAPHQL_PARSE_FAILED/],
    ['what does not fit the schema', fresh('{ nothing }'), {}, /^400 GRAPHQL_VALIDATION_FAILED/],
    [
      'what costs too much',
      fresh(
        '{ servers(first: 100) { edges { node { versions(first: 100) { edges { node { id name version } } } } } } }'.replace(
          'id name',
          'id server { versions(first: 100) { edges { node { id } } } } name',
        ),
      ),
      {},
      /^400 QUERY_TOO_COMPLEX/,
    ],
  ])('but not with %s', async (_what, query, more, refused) => {
    expect(refusal(await register(query, more))).toMatch(refused);
    expect(await known(query)).toBe(false);
  });

  test('not by GET, which is answered all the same', async () => {
    const query = fresh();
    const answer = await get(app, { query, extensions: JSON.stringify(apolloExtensions(sha256(query))) });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await known(query)).toBe(false);
  });

  test('thirty times a minute', async () => {
    const answers = [];
    for (let i = 0; i < 32; i++) answers.push(await register(fresh()));
    const last = answers.at(-1)!;
    expect(refusal(last)).toMatch(/^429 RATE_LIMITED/);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('and it is dropped when nobody used it for 30 days', async () => {
    const [used, unused] = [fresh(), fresh()];
    const sql = app.app.db.sql;
    for (const [text, days] of [[used, 29] as const, [unused, 31] as const]) {
      await sql(
        `INSERT INTO operations (id, document, last_used_at) VALUES ($1, $2, now() - make_interval(days => $3))`,
        [sha256(text), text, days],
      );
    }
    await tasks[0]!.run(app.app, {}, AbortSignal.timeout(10_000));
    expect([await known(used), await known(unused)]).toEqual([true, false]);
    const [row] = await sql<{ recent: boolean }>(
      `SELECT last_used_at > now() - interval '1 hour' AS recent FROM operations WHERE id = $1`,
      [sha256(used)],
    );
    expect(row?.recent).toBe(true);
  });
});

test('where only trusted operations run, no other does', async () => {
  const file = join(folder, 'operations.json');
  const strict = await createTestApp({ MCP_REGISTRY_PERSISTED_ONLY: 'true', MCP_REGISTRY_OPERATION_MANIFESTS: file });
  const query = '{ registry { revision } }';
  const hash = sha256(query);
  expect(refusal(await post(strict, { query }))).toMatch(/^403 PERSISTED_QUERY_ONLY/);
  expect(refusal(await get(strict, { query }))).toMatch(/^403 PERSISTED_QUERY_ONLY/);
  expect(refusal(await post(strict, { query, extensions: apolloExtensions(hash) }))).toMatch(
    /^403 PERSISTED_QUERY_ONLY/,
  );
  expect((await post(strict, { query: documents.list })).status).toBe(200);
  expect((await get(strict, { documentId: id('list') })).status).toBe(200);
  expect((await post(strict, { documentId: id('list') })).status).toBe(200);
  await strict.app.db.sql('INSERT INTO operations (id, document) VALUES ($1, $2)', [hash, query]);
  expect((await get(strict, { documentId: hash })).status).toBe(404);
  await strict.close();
});

test.each([
  ['/nothing/there.json', 'is not there'],
  [import.meta.filename, 'is no manifest'],
])('the manifest %s stops the start: it %s', async (file, why) => {
  const env = { MCP_REGISTRY_OPERATION_MANIFESTS: file };
  await expect(createTestApp(env)).rejects.toThrow(new RegExp(`^MCP_REGISTRY_OPERATION_MANIFESTS .*${why}`));
});
