import { describe, expect, test } from 'vitest';
import { readDocument, snakeCase, type Json } from '../../../src/servers/document.ts';
import { SCHEMA_VERSIONS, type SchemaVersion } from '../../../src/servers/validation/schema-version.ts';
import { aDocument, issuesOf, schemaUrl, withArgument, withPackage, withRemote, withTransport } from './documents.ts';

const input = {
  description: 'A key',
  isRequired: true,
  format: 'string',
  isSecret: true,
  default: 'a',
  choices: ['a', 'b'],
};
const value = { ...input, value: '{one}', variables: { one: { description: 'One', isRequired: true } } };

/** Everything that every version can say, as the current one spells it. */
const everything = {
  name: 'com.example/weather',
  description: 'Forecasts for any place',
  version: '1.2.0',
  websiteUrl: 'https://example.com/weather',
  repository: { url: 'https://github.com/example/weather', source: 'github', id: '1', subfolder: 'src' },
  packages: [
    {
      registryType: 'npm',
      registryBaseUrl: 'https://packages.example.com',
      identifier: '@example/weather',
      version: '1.2.0',
      fileSha256: '0f'.repeat(32),
      runtimeHint: 'npx',
      transport: { type: 'sse', url: 'http://localhost:8080/', headers: [{ name: 'X-Key', ...value }] },
      runtimeArguments: [{ type: 'positional', valueHint: 'dir', isRepeated: true, ...input }],
      packageArguments: [{ type: 'named', name: '--port', isRepeated: false, ...value }],
      environmentVariables: [{ name: 'KEY', ...value }],
    },
  ],
  remotes: [{ type: 'streamable-http', url: 'https://example.com/mcp', headers: [{ name: 'X-Key', ...input }] }],
  _meta: { 'io.modelcontextprotocol.registry/publisher-provided': { builtBy: { isRequired: 1 } } },
};

const newer = {
  title: 'Weather',
  icons: [{ src: 'https://example.com/a.png', mimeType: 'image/png', sizes: ['any'], theme: 'dark' }],
};

/** The same in a version's own words. */
function inVersion(version: SchemaVersion): Json {
  const $schema = schemaUrl(version);
  if (version >= '2025-10-11') return { $schema, ...everything, ...newer };
  if (version > '2025-07-09') return { $schema, ...everything };
  const { _meta, ...rest } = everything;
  const spelt = JSON.stringify(rest).replace(/"(\w+)":/g, (_, key: string) => `"${snakeCase(key)}":`);
  return { $schema, ...(JSON.parse(spelt) as Json), _meta };
}

describe.each(SCHEMA_VERSIONS)('%s', (version) => {
  test('is accepted, with a warning unless it is the current one', () => {
    const warning = {
      path: '$schema',
      type: 'schema',
      severity: 'warning',
      message: `schema version ${version} is not the current version (2025-12-11). Consider updating to the latest schema version`,
      reference: 'schema-version-deprecated',
    };
    expect(issuesOf(inVersion(version))).toEqual(version === '2025-12-11' ? [] : [warning]);
  });

  test('reads as the current one does: nothing is lost', () => {
    const { schemaUrl, ...views } = readDocument(inVersion(version));
    const { schemaUrl: _, ...current } = readDocument({ ...everything, ...(version >= '2025-10-11' && newer) });
    expect(schemaUrl).toContain(version);
    expect(views).toEqual(current);
  });
});

test('a version that is told with a fragment is that version', () => {
  const $schema = `${schemaUrl('2025-12-11')}#/definitions/ServerDetail`;
  expect(issuesOf(aDocument({ $schema }))).toEqual([]);
});

test('what a version does not know is an error where its schema forbids it, else a warning', () => {
  const $schema = schemaUrl('2025-09-29');
  const found = issuesOf({ ...withPackage({ version: '1.0.0', typo: 1 }), $schema, title: 'Weather' });
  expect(found.map(({ path, severity, reference }) => `${severity} ${path} ${reference}`)).toEqual([
    'error packages[0].typo #/definitions/Package/additionalProperties',
    'warning $schema schema-version-deprecated',
    'warning title unknown-property',
  ]);
});

const definition = (pointer: string) => `#/definitions/${pointer}`;
const named = (more: Json) => withArgument({ type: 'named', name: '--a', ...more });
const rows: [Json, string, string, string][] = [
  [
    aDocument({ description: undefined }),
    'description',
    'ServerDetail/required',
    'missing required field: description',
  ],
  [
    aDocument({ description: null }),
    'description',
    'ServerDetail/properties/description/type',
    'expected string, got null',
  ],
  [
    aDocument({ description: '' }),
    'description',
    'ServerDetail/properties/description/minLength',
    'must have at least 1 character',
  ],
  [
    aDocument({ description: '🦀'.repeat(101) }),
    'description',
    'ServerDetail/properties/description/maxLength',
    'must have at most 100 characters',
  ],
  [
    aDocument({ name: 'com.example/ä' }),
    'name',
    'ServerDetail/properties/name/pattern',
    'must be a namespace, a slash and a name: ^[a-zA-Z0-9.-]+\\/[a-zA-Z0-9._-]+$',
  ],
  [aDocument({ packages: {} }), 'packages', 'ServerDetail/properties/packages/type', 'expected array, got object'],
  [aDocument({ packages: [5] }), 'packages[0]', 'Package/type', 'expected object, got number'],
  [aDocument({ repository: [] }), 'repository', 'Repository/type', 'expected object, got array'],
  [aDocument({ repository: {} }), 'repository.url', 'Repository/required', 'missing required field: url'],
  [
    aDocument({ repository: { url: 'a b', source: 'github' } }),
    'repository.url',
    'Repository/properties/url/format',
    'must be an absolute URI, such as https://example.com/',
  ],
  [
    aDocument({ icons: [{ src: 'https://a.example/', theme: 'grey' }] }),
    'icons[0].theme',
    'Icon/properties/theme/enum',
    'must be one of: light, dark',
  ],
  [
    aDocument({ icons: [{ src: 'https://a.example/', sizes: ['big'] }] }),
    'icons[0].sizes[0]',
    'Icon/properties/sizes/items/pattern',
    'must be a size, 48x48, or any: ^(\\d+x\\d+|any)$',
  ],
  [
    withPackage({ transport: undefined }),
    'packages[0].transport',
    'Package/required',
    'missing required field: transport',
  ],
  [
    withPackage({ transport: 5 }),
    'packages[0].transport',
    'LocalTransport/anyOf',
    'must be an object whose type is one of: stdio, streamable-http, sse',
  ],
  [
    withPackage({ version: '' }),
    'packages[0].version',
    'Package/properties/version/minLength',
    'must have at least 1 character',
  ],
  [
    withTransport('ws://a'),
    'packages[0].transport.url',
    'StreamableHttpTransport/properties/url/pattern',
    'must be an http or https address without white space: ^https?:\\/\\/[^\\s]+$',
  ],
  [
    withPackage({ environmentVariables: [{}] }),
    'packages[0].environmentVariables[0].name',
    'KeyValueInput/allOf/1/required',
    'missing required field: name',
  ],
  [
    withArgument({}),
    'packages[0].packageArguments[0].type',
    'Argument/anyOf',
    'must be an object whose type is one of: named, positional',
  ],
  [
    withArgument({ type: 'positional' }),
    'packages[0].packageArguments[0]',
    'PositionalArgument/allOf/1/anyOf',
    'must have a value or a valueHint',
  ],
  [
    named({ format: 'integer' }),
    'packages[0].packageArguments[0].format',
    'Input/properties/format/enum',
    'must be one of: string, number, boolean, filepath',
  ],
  [
    named({ variables: { 'a b': { isSecret: 'yes' } } }),
    'packages[0].packageArguments[0].variables["a b"].isSecret',
    'Input/properties/isSecret/type',
    'expected boolean, got string',
  ],
  [
    withRemote('https://a.example/', { variables: { a: 5 } }),
    'remotes[0].variables.a',
    'Input/type',
    'expected object, got number',
  ],
];

describe('the schema itself', () => {
  const placed = rows.map(([document, path, pointer, message]) => ({
    document,
    path,
    reference: definition(pointer),
    message,
  }));
  test.each(placed)('$reference at $path: $message', ({ document, path, reference, message }) => {
    const found = issuesOf(document).filter(({ type }) => type === 'schema');
    expect(found).toContainEqual({ path, type: 'schema', severity: 'error', reference, message });
  });
});
