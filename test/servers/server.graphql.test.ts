import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { everyServerField, everyVersionField, richServer } from './rich.ts';
import type { Parsed } from './walk.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
  await app.seed([
    {
      server: { ...richServer, version: '1.0.0' },
      publishedAt: '2025-09-01T00:00:00Z',
      updatedAt: '2025-09-02T00:00:00Z',
    },
    {
      server: { ...richServer, version: '0.9.0', title: 'Old' },
      publishedAt: '2025-10-01T00:00:00Z',
      updatedAt: '2025-10-03T00:00:00Z',
    },
    {
      server: aServer('com.example/gone', '1.0.0', { title: 'First' }),
      status: 'deleted',
      publishedAt: '2025-01-01T00:00:00Z',
    },
    {
      server: aServer('com.example/gone', '2.0.0', { title: 'Second' }),
      status: 'deleted',
      publishedAt: '2025-02-01T00:00:00Z',
    },
    { server: aServer('com.Example.tools/one') },
    { server: aServer('com.example/one') },
    { server: aServer('com.example/two', '1.0.0'), status: 'deprecated', statusMessage: 'Moved' },
  ]);
});
afterAll(() => app?.close());

describe('server', () => {
  test('shows its latest version, whichever was published last', async () => {
    const { data } = await app.graphql(
      `{ server(name: "io.github.Alice/Weather") { ${everyServerField} latestVersion { version } } }`,
    );
    expect(data.server).toEqual({
      id: expect.any(String),
      name: 'io.github.Alice/Weather',
      title: 'Weather',
      description: 'Forecasts for everywhere',
      websiteUrl: richServer.websiteUrl,
      repository: richServer.repository,
      icons: [richServer.icons[0], { ...richServer.icons[1], mimeType: null, sizes: [], theme: null }],
      namespace: { name: 'io.github.Alice' },
      status: 'ACTIVE',
      createdAt: '2025-09-01T00:00:00Z',
      updatedAt: '2025-10-03T00:00:00Z',
      revision: 2,
      latestVersion: { version: '1.0.0' },
    });
  });

  test('is found in any case, and keeps its own', async () => {
    const { data } = await app.graphql('{ server(name: "IO.GITHUB.ALICE/WEATHER") { name } }');
    expect(data.server).toEqual({ name: 'io.github.Alice/Weather' });
  });

  test('is null when there is none', async () => {
    const { data, errors } = await app.graphql(
      '{ a: server(name: "com.example/nothing") { name } b: server(name: "") { name } }',
    );
    expect({ data, errors }).toEqual({ data: { a: null, b: null }, errors: undefined });
  });

  test('gives one exact version, deleted or not', async () => {
    const { data } = await app.graphql(`{
      server(name: "com.example/gone", includeDeleted: true) {
        there: version(version: "1.0.0") { version title status }
        notThere: version(version: "1.0") { version }
      }
    }`);
    expect(data.server).toEqual({ there: { version: '1.0.0', title: 'First', status: 'DELETED' }, notThere: null });
  });

  test('whose versions are all deleted is deleted: no latest version, and it shows its newest', async () => {
    const query = (args: string) =>
      app.graphql(
        `{ server(name: "com.example/gone"${args}) { title description status latestVersion { version } versions { totalCount } } }`,
      );
    expect((await query('')).data.server).toBeNull();
    expect((await query(', includeDeleted: true')).data.server).toEqual({
      title: 'Second',
      description: 'What com.example/gone does',
      status: 'DELETED',
      latestVersion: null,
      versions: { totalCount: 0 },
    });
  });
});

describe('node', () => {
  const idsOf = async () => {
    const { data } = await app.graphql('{ server(name: "com.example/one") { id latestVersion { id } } }');
    return [data.server.id, data.server.latestVersion.id] as [string, string];
  };

  test('gives servers and versions by their ids, with all that they have', async () => {
    const [server, version] = await idsOf();
    const { data } = await app.graphql(`{
      server: node(id: "${server}") { __typename id ... on Server { ${everyServerField} } }
      version: node(id: "${version}") { __typename id ... on ServerVersion { ${everyVersionField} } }
    }`);
    expect(data.server).toMatchObject({ __typename: 'Server', id: server, name: 'com.example/one' });
    expect(data.version).toMatchObject({ __typename: 'ServerVersion', id: version, version: '1.0.0' });
  });

  test('gives deleted ones too', async () => {
    const { data } = await app.graphql('{ server(name: "com.example/gone", includeDeleted: true) { id } }');
    const again = await app.graphql(`{ node(id: "${data.server.id}") { ... on Server { name status } } }`);
    expect(again.data.node).toEqual({ name: 'com.example/gone', status: 'DELETED' });
  });

  test('is null for ids that name nothing', async () => {
    const ids = [
      'Server:999999999',
      'ServerVersion:0',
      'Server:-1',
      'Server:1e3',
      'Server:99999999999999999999',
      'Server:one',
    ];
    const encoded = ids.map((id) => Buffer.from(id).toString('base64'));
    const { data, errors } = await app.graphql('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: encoded });
    expect({ data, errors }).toEqual({ data: { nodes: ids.map(() => null) }, errors: undefined });
  });

  test('nodes keep the order and the repetitions of their ids', async () => {
    const [server, version] = await idsOf();
    const missing = Buffer.from('Server:999999999').toString('base64');
    const { data } = await app.graphql('query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', {
      ids: [version, missing, server, version],
    });
    expect(data.nodes).toEqual([
      { id: version, __typename: 'ServerVersion' },
      null,
      { id: server, __typename: 'Server' },
      { id: version, __typename: 'ServerVersion' },
    ]);
  });

  test.each(['', 'x', 'com.example/one', 'U2VydmVy'])('%j is no id', async (id) => {
    const { status, errors } = await app.graphql('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect({ status, error: errors?.[0] }).toMatchObject({
      status: 400,
      error: {
        message: 'The `id` is malformed: pass one as it was answered.',
        extensions: { code: 'BAD_USER_INPUT', retryable: false },
      },
    });
  });
});

describe('namespace', () => {
  test('is found in any case and lists its servers, none from below it', async () => {
    const { data } = await app.graphql(
      '{ namespace(name: "COM.EXAMPLE") { name servers { totalCount edges { node { name namespace { name } } } } } }',
    );
    expect(data.namespace).toEqual({
      name: 'com.example',
      servers: {
        totalCount: 2,
        edges: [
          { node: { name: 'com.example/one', namespace: { name: 'com.example' } } },
          { node: { name: 'com.example/two', namespace: { name: 'com.example' } } },
        ],
      },
    });
  });

  test('takes the filters and orders of any list', async () => {
    const { data } = await app.graphql(`{ namespace(name: "com.example") {
      servers(filter: { status: [DELETED, DEPRECATED], namespace: "io.github" }, orderBy: { field: NAME, direction: DESC }) {
        edges { node { name } }
      }
    } }`);
    expect(data.namespace.servers.edges.map((edge: Parsed) => edge.node.name)).toEqual([
      'com.example/two',
      'com.example/gone',
    ]);
  });

  test('is null when nothing was published under it', async () => {
    const { data } = await app.graphql(
      '{ a: namespace(name: "com.nothing") { name } b: namespace(name: "com") { name } }',
    );
    expect(data).toEqual({ a: null, b: null });
  });

  test.each(['*/everything', 'com.*/some'])('whose name holds a star is that one only: %s', async (name) => {
    await app.seed([{ server: aServer(name) }]);
    const { data } = await app.graphql(
      'query ($name: String!) { namespace(name: $name) { servers { edges { node { name } } } } }',
      {
        name: name.split('/')[0],
      },
    );
    expect(data.namespace.servers.edges).toEqual([{ node: { name } }]);
  });
});
