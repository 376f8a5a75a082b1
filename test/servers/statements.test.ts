import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStore } from '../../src/servers/store.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { everyServerField, everyVersionField, richServer } from './rich.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  const many = Array.from({ length: 40 }, (_, i) => `com.example/postgres-${i}`);
  await app.seed(many.map((name) => ({ server: { ...richServer, name, version: '1.0.0' } })));
  await app.seed(many.map((name) => ({ server: { ...richServer, name, version: '2.0.0' } })));
  await app.seed(Array.from({ length: 120 }, (_, i) => ({ server: aServer('org.example/long', `1.${i}.0`) })));
});
afterAll(() => app?.close());

/** What a query costs in a process that knows nothing yet, and then in one that has seen it all. */
async function costs(query: string): Promise<{ cold: string[]; warm: string[] }> {
  Object.assign(app.app, { store: createStore(app.app.db, 2 ** 27) });
  return { cold: await statements(query), warm: await statements(query) };
}

/** The first words of the statements of a query; the process's own question for the revision is none of them. */
async function statements(query: string): Promise<string[]> {
  app.takeStatements();
  const { errors } = await app.graphql(query);
  expect(errors).toBeUndefined();
  return app
    .takeStatements()
    .filter((text) => text !== 'SELECT n FROM revision')
    .map((text) => text.replace(/\s+/g, ' ').replace(/^(.{60}).*$/, '$1…'));
}

const everything = `edges { cursor node { ${everyServerField} latestVersion { ${everyVersionField} } } } pageInfo { hasNextPage endCursor }`;

describe('a page of 30 servers with everything selected', () => {
  test('is one statement warm, two cold', async () => {
    expect(await costs(`{ servers(first: 30) { ${everything} } }`)).toMatchInlineSnapshot(`
      {
        "cold": [
          "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
        ],
      }
    `);
  });

  test('and one more for totalCount', async () => {
    const { warm } = await costs(`{ servers(first: 30) { totalCount ${everything} } }`);
    expect(warm).toMatchInlineSnapshot(`
      [
        "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
        "SELECT count(*)::int AS n FROM servers s WHERE s.status = AN…",
      ]
    `);
  });

  test('is the same with a search and every filter', async () => {
    const filter = `search: "postgres", namespace: "com.example", status: [ACTIVE], registryType: "npm", transport: [STDIO],
      delivery: [PACKAGE], repositoryUrl: "https://github.com/Alice/Weather"`;
    expect(await costs(`{ servers(first: 30, filter: { ${filter} }) { ${everything} } }`)).toMatchInlineSnapshot(`
      {
        "cold": [
          "WITH t0 AS MATERIALIZED (SELECT * FROM search_term($1::text)…",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "WITH t0 AS MATERIALIZED (SELECT * FROM search_term($1::text)…",
        ],
      }
    `);
  });

  test('and one more for where the change log stood at a time', async () => {
    const { cold, warm } = await costs(
      `{ servers(first: 30, filter: { updatedSince: "2020-01-01T00:00:00Z" }) { ${everything} } }`,
    );
    expect([cold.length, warm.length]).toEqual([3, 2]);
  });

  test('from its end is the same', async () => {
    const { cold, warm } = await costs(`{ servers(last: 30, orderBy: { field: PUBLISHED_AT }) { ${everything} } }`);
    expect([cold.length, warm.length]).toEqual([2, 1]);
  });
});

describe('a page of 30 versions with everything selected', () => {
  test('is one statement warm, two cold', async () => {
    const query = `{ serverVersions(first: 30) { edges { cursor node { ${everyVersionField} } } pageInfo { endCursor } } }`;
    expect(await costs(query)).toMatchInlineSnapshot(`
      {
        "cold": [
          "SELECT v.id, v.revision, v.name_key AS k0, v.version AS k1 F…",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "SELECT v.id, v.revision, v.name_key AS k0, v.version AS k1 F…",
        ],
      }
    `);
  });

  test('and two more for all their servers', async () => {
    const { cold, warm } = await costs(
      `{ serverVersions(first: 30) { edges { node { version server { ${everyServerField} } } } } }`,
    );
    expect([cold.length, warm.length]).toEqual([4, 2]);
  });
});

describe('lists inside of a page do not cost by the row', () => {
  test('the versions of 30 servers are one statement when none is known', async () => {
    const query = `{ servers(first: 30) { edges { node { name versions(first: 5) { totalCount edges { node { ${everyVersionField} } } } } } } }`;
    const { cold, warm } = await costs(query);
    expect(warm).toHaveLength(1);
    expect(cold).toMatchInlineSnapshot(`
      [
        "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
        "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
      ]
    `);
  });

  test('one exact version of each is one statement', async () => {
    const { cold, warm } = await costs(
      '{ servers(first: 30) { edges { node { name version(version: "1.0.0") { digest } } } } }',
    );
    expect([cold.length, warm.length]).toEqual([4, 2]);
  });

  test('namespaces cost nothing', async () => {
    const { warm } = await costs('{ servers(first: 30) { edges { node { name namespace { name } } } } }');
    expect(warm).toHaveLength(1);
  });
});

describe('one server', () => {
  test('with its versions and their packages is one statement warm, two cold', async () => {
    const query = `{ server(name: "com.example/postgres-7") { ${everyServerField} latestVersion { version }
      versions(first: 30) { totalCount edges { node { ${everyVersionField} } } } } }`;
    expect(await costs(query)).toMatchInlineSnapshot(`
      {
        "cold": [
          "SELECT id, revision, name_key AS "nameKey" FROM servers WHER…",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "SELECT id, revision, name_key AS "nameKey" FROM servers WHER…",
        ],
      }
    `);
  });

  test('with more versions than are remembered takes a statement for each page of them', async () => {
    const { warm } = await costs(
      '{ server(name: "org.example/long") { versions(first: 30) { edges { node { version } } } } }',
    );
    expect(warm).toMatchInlineSnapshot(`
      [
        "SELECT id, revision, name_key AS "nameKey" FROM servers WHER…",
        "SELECT v.id, v.revision, v.published_at AS k0, v.id AS k1 FR…",
      ]
    `);
  });

  test('in one version is one statement warm, two cold', async () => {
    expect(await costs(`{ serverVersion(name: "com.example/postgres-7", version: "1.0.0") { ${everyVersionField} } }`))
      .toMatchInlineSnapshot(`
      {
        "cold": [
          "SELECT v.id, v.revision, k.place::int AS place FROM unnest($…",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "SELECT v.id, v.revision, k.place::int AS place FROM unnest($…",
        ],
      }
    `);
  });

  test('in its latest version too', async () => {
    const { cold, warm } = await costs(`{ serverVersion(name: "com.example/postgres-7") { ${everyVersionField} } }`);
    expect([cold.length, warm.length]).toEqual([2, 1]);
  });
});

describe('many by key', () => {
  test('100 nodes are one statement of each kind', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => [`Server:${i + 1}`, `ServerVersion:${i + 1}`]).flat();
    const encoded = ids.map((id) => JSON.stringify(Buffer.from(id).toString('base64')));
    const { cold, warm } = await costs(
      `{ nodes(ids: [${encoded.join(', ')}]) { id ... on Server { name } ... on ServerVersion { document } } }`,
    );
    expect([cold.length, warm.length]).toEqual([4, 2]);
  });

  test('20 servers and versions by name are one statement of each kind', async () => {
    const fields = Array.from(
      { length: 20 },
      (_, i) => `s${i}: server(name: "com.example/postgres-${i}") { name }
      v${i}: serverVersion(name: "com.example/postgres-${i}", version: "1.0.0") { digest }`,
    );
    const { cold, warm } = await costs(`{ ${fields.join(' ')} }`);
    expect([cold.length, warm.length]).toEqual([4, 2]);
  });
});

describe('the rest', () => {
  test('the change log is one statement warm, two cold', async () => {
    const query = `{ changes(first: 30) { revision hasMore changes { revision kind changedAt version { ${everyVersionField} } } } }`;
    expect(await costs(query)).toMatchInlineSnapshot(`
      {
        "cold": [
          "SELECT c.revision AS "changeRevision", c.kind, c.changed_at …",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "SELECT c.revision AS "changeRevision", c.kind, c.changed_at …",
        ],
      }
    `);
  });

  test('a package with who ships it is two warm, three cold', async () => {
    const query = `{ package(registryType: "npm", identifier: "@alice/weather") { servers(first: 30) { ${everything} } } }`;
    expect(await costs(query)).toMatchInlineSnapshot(`
      {
        "cold": [
          "SELECT 1 FROM packages p JOIN versions v ON v.id = p.version…",
          "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "SELECT 1 FROM packages p JOIN versions v ON v.id = p.version…",
          "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
        ],
      }
    `);
  });

  test('a namespace with its servers is two warm, three cold', async () => {
    expect(await costs(`{ namespace(name: "com.example") { name servers(first: 30) { ${everything} } } }`))
      .toMatchInlineSnapshot(`
      {
        "cold": [
          "SELECT "t0"."id", "t0"."name" FROM "public"."namespaces" AS …",
          "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
          "SELECT v.id, v.revision, v.server_id AS "serverId", s.name, …",
        ],
        "warm": [
          "SELECT "t0"."id", "t0"."name" FROM "public"."namespaces" AS …",
          "SELECT s.id, s.revision, s.name_key AS k0 FROM servers s WHE…",
        ],
      }
    `);
  });

  test('the counts of the registry are one', async () => {
    const { cold, warm } = await costs('{ registry { revision serverCount versionCount namespaceCount } }');
    expect([cold.length, warm.length]).toEqual([1, 1]);
  });
});

test('a change is seen without any statement more: only what changed is read again', async () => {
  const query = `{ servers(first: 30) { ${everything} } }`;
  await statements(query);
  await app.seed([{ server: { ...richServer, name: 'com.example/postgres-1', version: '3.0.0' } }]);
  expect(await statements(query)).toHaveLength(2);
  expect(await statements(query)).toHaveLength(1);
});
