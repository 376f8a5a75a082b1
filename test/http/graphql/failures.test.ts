import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, cloneTemplate, createTestApp, type TestApp } from '../../app.ts';
import { openDatabaseLink, type DatabaseLink } from '../database-link.ts';
import type { Parsed } from '../../servers/walk.ts';

/** Nothing of this may leave the door. */
const SECRETS = /SELECT|\bFROM\b|relation|postgres|127\.0\.0\.1|ECONN|\.ts\b|node_modules|prisma/i;

const ask = async (app: TestApp, query: string, requestId: string) => {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      'x-request-id': requestId,
    },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  expect(response.headers.get('x-request-id')).toBe(requestId);
  return { status: response.status, text, body: JSON.parse(text) as Parsed };
};

const unexpected = (app: TestApp, requestId: string) =>
  app.logged().filter((line) => line.requestId === requestId && line.level === 50);

describe('what nobody expected', () => {
  let app: TestApp;
  let admin: pg.Client;

  beforeAll(async () => {
    app = await createTestApp();
    await app.seed([{ server: aServer('com.example/one') }]);
    admin = new pg.Client({ connectionString: app.databaseUrl });
    await admin.connect();
    await admin.query('DROP TABLE changes CASCADE');
  });
  afterAll(async () => {
    await admin?.end();
    await app?.close();
  });

  test('is masked, and carries the request id', async () => {
    const { status, text, body } = await ask(app, '{ changes { revision } }', 'broken-1');
    expect(status).toBe(500);
    expect(body.errors).toEqual([
      {
        message: 'Unexpected error.',
        locations: [{ line: 1, column: 3 }],
        path: ['changes'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'broken-1' },
      },
    ]);
    expect(text).not.toMatch(SECRETS);
  });

  test('is logged once, with the request id and the cause', async () => {
    await ask(app, '{ changes { revision } }', 'broken-2');
    const lines = unexpected(app, 'broken-2');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      msg: 'a request failed unexpectedly',
      err: { message: 'relation "changes" does not exist', stack: expect.stringContaining('changes.ts') },
    });
  });

  test('is told of each field that it happened to', async () => {
    const { body } = await ask(app, '{ a: changes { revision } b: changes(first: 1) { revision } }', 'broken-3');
    expect(body.errors.map((error: Parsed) => error.extensions.requestId)).toContain('broken-3');
    expect(body.data).toBeNull();
  });

  test('what can be expected is not logged as an error', async () => {
    await ask(app, '{ server(name: "com.example/one") { name } servers(first: 0) { totalCount } nope }', 'fine-1');
    await ask(app, '{ servers(after: "x") { totalCount } }', 'fine-2');
    await ask(app, '{ node(id: "x") { id } }', 'fine-3');
    for (const id of ['fine-1', 'fine-2', 'fine-3']) expect(unexpected(app, id)).toEqual([]);
  });
});

describe('a database that is away', () => {
  let app: TestApp;
  let link: DatabaseLink;

  beforeAll(async () => {
    link = await openDatabaseLink(await cloneTemplate());
    app = await createTestApp({ MCP_REGISTRY_DATABASE_URL: link.url });
    await app.seed([{ server: aServer('com.example/one') }]);
  });
  afterAll(async () => {
    await app?.close();
    await link?.cut();
  });

  test.each([
    ['a list', '{ servers { totalCount } }'],
    ['a look-up by key', '{ server(name: "com.example/one") { name } }'],
    ['a look-up through the ORM', '{ namespace(name: "com.example") { name } }'],
    ['the counts', '{ registry { revision } }'],
  ])('is UNAVAILABLE, to be tried again: %s', async (what, query) => {
    const requestId = `away-${what.replaceAll(' ', '-')}`;
    await link.cut();
    const { status, text, body } = await ask(app, query, requestId);
    expect(status).toBe(503);
    expect(body.errors).toMatchObject([
      {
        message: 'The registry cannot answer at the moment; try again shortly.',
        extensions: { code: 'UNAVAILABLE', retryable: true, requestId },
      },
    ]);
    expect(text).not.toMatch(SECRETS);
    expect(unexpected(app, requestId)).toHaveLength(1);
    await link.mend();
    expect((await ask(app, query, 'back')).status).toBe(200);
  });

  const bySql = '{ servers { totalCount } }';
  const byOrm = '{ namespace(name: "com.example") { name } }';

  test('as one that takes too long is', async () => {
    const admin = new pg.Client({ connectionString: link.url });
    await admin.connect();
    await admin.query('BEGIN; LOCK TABLE servers, namespaces IN ACCESS EXCLUSIVE MODE');
    try {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => ask(app, i % 2 ? bySql : byOrm, `slow-${i}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(503));
      expect(answers.map(({ body }) => body.errors[0].extensions.code)).toEqual(Array(12).fill('UNAVAILABLE'));
      expect(answers.some(({ text }) => SECRETS.test(text))).toBe(false);
    } finally {
      await admin.query('ROLLBACK');
      await admin.end();
    }
    expect((await ask(app, '{ servers { totalCount } }', 'quick')).body.data).toEqual({ servers: { totalCount: 1 } });
  });
});
