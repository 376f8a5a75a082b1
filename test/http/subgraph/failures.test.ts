import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import { openDatabaseLink } from '../database-link.ts';

let test: TestApp;

beforeEach(async () => {
  test = await createTestApp();
});

afterEach(() => test.close());

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: test.databaseUrl });
  await client.connect();
  await client.query(text);
  await client.end();
}

const failures = () => test.logged().filter(({ msg }) => msg === 'a request failed unexpectedly');

const ENTITIES = `{ _entities(representations: [
  { __typename: "Server", name: "com.example/a" }, { __typename: "ServerVersion", name: "com.example/a", version: "1" }
]) { ... on Server { name } ... on ServerVersion { version } } }`;

describe('what nobody expected', () => {
  it('is masked, carries the request id, leaves its neighbours their answers and is logged once', async () => {
    await test.seed([{ server: aServer('com.example/a', '1') }]);
    await sql('ALTER TABLE versions RENAME COLUMN digest TO secret_digest');
    const { status, headers, data, errors, text } = await test.subgraph(
      `{ registry { serverCount } server(name: "com.example/a") { name } }`,
    );
    expect(status).toBe(200);
    expect(data).toEqual({ registry: { serverCount: 1 }, server: null });
    const requestId = headers.get('x-request-id');
    expect(errors).toEqual([
      {
        message: 'Unexpected error.',
        locations: [expect.anything()],
        path: ['server'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId },
      },
    ]);
    expect(text).not.toMatch(/digest|relation|SELECT|stack|node_modules|\.ts/);
    expect(failures()).toMatchObject([{ level: 50, requestId, err: { message: expect.stringContaining('digest') } }]);
  });

  it('is masked for each representation, and logged once for those that it hit together', async () => {
    const names = ['com.example/a', 'com.example/b', 'com.example/c'];
    await test.seed(names.map((name) => ({ server: aServer(name) })));
    await sql('ALTER TABLE versions RENAME COLUMN digest TO secret_digest');
    const { headers, data, errors } = await test.subgraph(
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on Server { name } } }',
      { r: names.map((name) => ({ __typename: 'Server', name })) },
    );
    expect(data).toEqual({ _entities: [null, null, null] });
    const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: headers.get('x-request-id') };
    expect(errors).toMatchObject(
      names.map((_, i) => ({ message: 'Unexpected error.', path: ['_entities', i], extensions })),
    );
    expect(failures()).toHaveLength(1);
  });

  it('is masked in the trace that a router asks for', async () => {
    await test.seed([{ server: aServer('com.example/a', '1') }]);
    await sql('ALTER TABLE versions RENAME COLUMN digest TO secret_digest');
    const response = await fetch(`${test.internalUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'apollo-federation-include-trace': 'ftv1' },
      body: JSON.stringify({ query: '{ server(name: "com.example/a") { name } }' }),
    });
    const { extensions } = (await response.json()) as { extensions: { ftv1: string } };
    const trace = Buffer.from(extensions.ftv1, 'base64').toString('latin1');
    expect(trace).toContain('<masked>');
    expect(trace).not.toContain('digest');
  });

  it('says that it may be tried again when the database is away', async () => {
    const link = await openDatabaseLink(test.databaseUrl);
    const linked = await createTestApp({ MCP_REGISTRY_DATABASE_URL: link.url });
    try {
      expect((await linked.subgraph(ENTITIES)).errors).toBeUndefined();
      await link.cut();
      const { status, headers, data, errors } = await linked.subgraph(ENTITIES);
      expect(status).toBe(200);
      expect(data).toEqual({ _entities: [null, null] });
      const message = 'The registry cannot answer at the moment; try again shortly.';
      const extensions = { code: 'UNAVAILABLE', retryable: true, requestId: headers.get('x-request-id') };
      expect(errors).toMatchObject([
        { message, extensions },
        { message, extensions },
      ]);
      await link.mend();
      expect((await linked.subgraph(ENTITIES)).errors).toBeUndefined();
    } finally {
      await linked.close();
      await link.cut();
    }
  });
});
