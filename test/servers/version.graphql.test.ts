import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../src/servers/digest.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { everyVersionField, richServer } from './rich.ts';
import type { Parsed } from './walk.ts';

const odd = String.raw`{ "version": "1.0.0", "10": 1, "2": {"b": 1.0, "a": [1e2, -0, 0.10, 12345678901234567890]},
  "name": "com.example/odd", "description": "caf\u00e9 \ud83d\ude00 <\/b>", "twice": 1, "twice": 2, "__proto__": {"x": []} }`;

let app: TestApp;
/** What the door says of the rich document. */
let rich: Parsed;

beforeAll(async () => {
  app = await createTestApp();
  await app.seed([
    {
      server: richServer,
      publishedAt: '2025-09-09T00:16:49.16262Z',
      updatedAt: '2025-09-10T00:00:00Z',
      statusChangedAt: '2025-09-09T12:00:00.5Z',
    },
    { server: odd },
    { server: aServer('com.example/tool', '1.0.0'), publishedAt: '2025-01-01T00:00:00Z' },
    {
      server: aServer('com.example/tool', '1.1.0'),
      publishedAt: '2025-02-01T00:00:00Z',
      status: 'deprecated',
      statusMessage: 'Use 1.0.0',
    },
    { server: aServer('com.example/tool', '2.0.0'), publishedAt: '2025-03-01T00:00:00Z', status: 'deleted' },
    { server: aServer('com.example/gone', '1.0.0'), status: 'deleted' },
  ]);
  const { data } = await app.graphql(`{ serverVersion(name: "io.github.alice/weather") { ${everyVersionField} } }`);
  rich = data.serverVersion;
});
afterAll(() => app?.close());

describe('the views of a document', () => {
  const noInput = {
    description: null,
    isRequired: false,
    format: 'string',
    value: null,
    isSecret: false,
    default: null,
    placeholder: null,
    choices: [],
  };

  test('what it is and where it lives', () => {
    expect(rich).toMatchObject({
      name: 'io.github.Alice/Weather',
      version: '2.0.0-rc.1+build.7',
      title: 'Weather',
      description: 'Forecasts for everywhere',
      websiteUrl: 'https://weather.example/docs',
      schemaUrl: richServer.$schema,
      repository: richServer.repository,
      icons: [richServer.icons[0], { src: 'https://weather.example/icon.svg', mimeType: null, sizes: [], theme: null }],
      publisherMetadata: { tool: 'ci', build: { number: 7, tags: ['a', null, true] } },
    });
  });

  test('what the registry says of it', () => {
    expect(rich).toMatchObject({
      status: 'ACTIVE',
      statusMessage: null,
      statusChangedAt: '2025-09-09T12:00:00.5Z',
      isLatest: true,
      publishedAt: '2025-09-09T00:16:49.16262Z',
      updatedAt: '2025-09-10T00:00:00Z',
      publisher: null,
      digest: digestOf(richServer),
      revision: 1,
    });
  });

  test('packages of each kind', () => {
    const kinds = rich.packages.map((one: Parsed) => [
      one.registryType,
      one.identifier,
      one.version,
      one.runtimeHint,
      one.transport.type,
    ]);
    expect(kinds).toEqual([
      ['npm', '@alice/weather', '2.0.0', 'npx', 'STDIO'],
      ['oci', 'ghcr.io/alice/weather:2.0.0', null, 'docker', 'STREAMABLE_HTTP'],
      ['pypi', 'alice-weather', '2.0.0', 'uvx', 'STDIO'],
      ['nuget', 'Alice.Weather', '2.0.0', 'dnx', 'STDIO'],
      ['mcpb', richServer.packages[4]!.identifier, null, null, 'STDIO'],
      ['cargo', 'alice-weather', '2.0.0', null, 'SSE'],
    ]);
    expect(rich.packages[0].registryBaseUrl).toBe('https://packages.example');
    expect(rich.packages[4].fileSha256).toBe(richServer.packages[4]!.fileSha256);
  });

  test('how to talk to what a package runs', () => {
    expect(rich.packages[0].transport).toEqual({ type: 'STDIO', url: null, headers: [], variables: [] });
    expect(rich.packages[1].transport).toEqual({
      type: 'STREAMABLE_HTTP',
      url: 'http://localhost:{port}/mcp',
      headers: [{ ...noInput, name: 'X-Trace', value: 'on', variables: [] }],
      variables: [{ ...noInput, name: 'port', default: '8080', format: 'number', variables: [] }],
    });
  });

  test('arguments with and without a flag', () => {
    expect(rich.packages[0].runtimeArguments).toEqual([
      {
        ...noInput,
        __typename: 'NamedArgument',
        flag: '--yes',
        isRequired: true,
        isRepeated: true,
        valueHint: null,
        variables: [],
      },
    ]);
    const [positional, named] = rich.packages[0].packageArguments;
    expect(positional).toEqual({
      ...noInput,
      ...{ __typename: 'PositionalArgument', name: 'city', default: 'Berlin', placeholder: 'Oslo' },
      ...{ isRepeated: false, valueHint: 'city_name', variables: [] },
    });
    expect(named).toEqual({
      ...noInput,
      ...{ __typename: 'NamedArgument', flag: '--mount', description: 'A directory to mount' },
      ...{ value: 'type=bind,src={source}', isRepeated: false, valueHint: null },
      variables: [
        { ...noInput, name: 'source', description: 'Where', format: 'filepath', isRequired: true, variables: [] },
      ],
    });
  });

  test('environment variables', () => {
    expect(rich.packages[0].environmentVariables).toEqual([
      {
        ...noInput,
        name: 'API_KEY',
        description: 'The key',
        isRequired: true,
        isSecret: true,
        placeholder: 'sk-…',
        variables: [],
      },
      { ...noInput, name: 'UNITS', choices: ['metric', 'imperial'], default: 'metric', variables: [] },
    ]);
  });

  test('remotes with headers and templates', () => {
    const token = { ...noInput, name: 'token', isRequired: true, isSecret: true, variables: [] };
    expect(rich.remotes).toEqual([
      {
        type: 'STREAMABLE_HTTP',
        url: 'https://{region}.weather.example/mcp',
        headers: [
          {
            ...{ ...noInput, name: 'Authorization', description: 'A token', value: 'Bearer {token}' },
            ...{ isRequired: true, isSecret: true, variables: [token] },
          },
        ],
        variables: [
          { ...noInput, name: 'region', description: 'Where', choices: ['eu', 'us'], default: 'eu', variables: [] },
        ],
      },
      { type: 'SSE', url: 'https://weather.example/sse', headers: [], variables: [] },
    ]);
  });
});

describe('the document', () => {
  test('is what was published', () => {
    expect(rich.document).toEqual(richServer);
  });

  test('comes byte for byte: order of keys, repeated keys, spelling of numbers, escapes, white space', async () => {
    const { text } = await app.graphql(
      '{ serverVersion(name: "com.example/odd") { before: name document after: version } }',
    );
    expect(text).toContain(`"serverVersion":{"before":"com.example/odd","document":${odd},"after":"1.0.0"}`);
  });

  test('comes byte for byte in every place where it is asked for', async () => {
    const { text } = await app.graphql(`{
      serverVersions(filter: { search: "com.example/odd" }) { edges { node { document again: document } } }
      node(id: "${rich.id}") { ... on ServerVersion { document } }
    }`);
    const compact = JSON.stringify(richServer);
    expect(text).toContain(
      `{"data":{"serverVersions":{"edges":[{"node":{"document":${odd},"again":${odd}}}]},"node":{"document":${compact}}}`,
    );
  });
});

describe('serverVersion', () => {
  const ask = async (args: string) => {
    const { data } = await app.graphql(`{ serverVersion(${args}) { name version status statusMessage isLatest } }`);
    return data.serverVersion;
  };

  test('is the latest one when no version is named, or when it is named latest', async () => {
    const latest = {
      name: 'com.example/tool',
      version: '1.1.0',
      status: 'DEPRECATED',
      statusMessage: 'Use 1.0.0',
      isLatest: true,
    };
    expect(await ask('name: "com.example/tool"')).toEqual(latest);
    expect(await ask('name: "com.example/tool", version: "latest"')).toEqual(latest);
    expect(await ask('name: "com.example/tool", version: null')).toEqual(latest);
  });

  test('takes names in any case, versions as they are', async () => {
    expect(await ask('name: "COM.Example/TOOL", version: "1.0.0"')).toMatchObject({
      name: 'com.example/tool',
      isLatest: false,
    });
    expect(await ask('name: "io.github.alice/weather", version: "2.0.0-RC.1+build.7"')).toBeNull();
  });

  test('is null for what is not there', async () => {
    expect(await ask('name: "com.example/nothing"')).toBeNull();
    expect(await ask('name: "com.example/tool", version: "9.9.9"')).toBeNull();
    expect(await ask('name: "", version: ""')).toBeNull();
  });

  test('shows a deleted one only to who asks for deleted ones', async () => {
    expect(await ask('name: "com.example/tool", version: "2.0.0"')).toBeNull();
    expect(await ask('name: "com.example/tool", version: "2.0.0", includeDeleted: true')).toMatchObject({
      status: 'DELETED',
      isLatest: false,
    });
  });

  test('of a server whose versions are all deleted has no latest, but a newest', async () => {
    expect(await ask('name: "com.example/gone"')).toBeNull();
    expect(await ask('name: "com.example/gone", includeDeleted: true')).toMatchObject({
      version: '1.0.0',
      status: 'DELETED',
    });
  });

  test('leads to its server, of which it need not be the latest version', async () => {
    const { data } = await app.graphql(
      '{ serverVersion(name: "com.example/tool", version: "1.0.0") { server { name latestVersion { version } } } }',
    );
    expect(data.serverVersion.server).toEqual({ name: 'com.example/tool', latestVersion: { version: '1.1.0' } });
  });
});
