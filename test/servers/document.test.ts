import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument, type Json } from '../../src/servers/document.ts';

const read = (more: Json) => readDocument({ name: 'com.example/one', version: '1.0.0', description: 'One', ...more });
const readPackage = (more: Json) => read({ packages: [more] }).packages[0]!;
const argument = (value: unknown) => readPackage({ packageArguments: [value] }).packageArguments[0];

const noInput = {
  name: null,
  description: null,
  isRequired: false,
  format: 'string',
  value: null,
  isSecret: false,
  default: null,
  placeholder: null,
  choices: [],
  variables: [],
};

test('what a document leaves out is null, false or empty', () => {
  expect(readDocument({})).toEqual({
    schemaUrl: null,
    name: '',
    version: '',
    title: null,
    description: '',
    websiteUrl: null,
    repository: null,
    icons: [],
    packages: [],
    remotes: [],
    publisherMetadata: null,
  });
});

test('the snake_case keys of the schema of July 2025 are understood', () => {
  const one = readPackage({
    registry_type: 'npm',
    registry_base_url: 'https://registry.example',
    identifier: '@example/one',
    version: '1.0.0',
    file_sha256: 'ab',
    runtime_hint: 'npx',
    runtime_arguments: [{ type: 'named', name: '--yes', is_required: true }],
    package_arguments: [{ type: 'positional', value_hint: 'path', is_repeated: true, default: '.' }],
    environment_variables: [{ name: 'KEY', is_secret: true, choices: ['a', 'b'] }],
  });
  expect(one).toEqual({
    registryType: 'npm',
    registryBaseUrl: 'https://registry.example',
    identifier: '@example/one',
    version: '1.0.0',
    fileSha256: 'ab',
    runtimeHint: 'npx',
    transport: { type: 'stdio', url: null, headers: [], variables: [] },
    runtimeArguments: [
      { ...noInput, kind: 'named', name: '--yes', isRequired: true, valueHint: null, isRepeated: false },
    ],
    packageArguments: [{ ...noInput, kind: 'positional', valueHint: 'path', isRepeated: true, default: '.' }],
    environmentVariables: [{ ...noInput, name: 'KEY', isSecret: true, choices: ['a', 'b'] }],
  });
  expect(read({ website_url: 'https://example.com' }).websiteUrl).toBe('https://example.com');
});

test('the first packages named their registry and themselves in other words', () => {
  expect(readPackage({ registry_name: 'pypi', name: 'one' })).toMatchObject({
    registryType: 'pypi',
    identifier: 'one',
  });
  expect(read({ remotes: [{ transport_type: 'streamable', url: 'https://a.example' }] }).remotes).toMatchObject([
    { type: 'streamable-http', url: 'https://a.example' },
  ]);
});

test('an empty repository is none', () => {
  expect(read({ repository: {} }).repository).toBeNull();
  expect(read({ repository: { url: '', source: 'github' } }).repository).toBeNull();
  expect(read({ repository: { url: 'https://github.com/a/b' } }).repository).toEqual({
    url: 'https://github.com/a/b',
    source: null,
    id: null,
    subfolder: null,
  });
});

describe('an argument without a type', () => {
  test('is named when it has a name', () => {
    expect(argument({ name: '--port' })).toMatchObject({ kind: 'named', name: '--port' });
    expect(argument({ type: '', name: '--port' })).toMatchObject({ kind: 'named' });
  });

  test('is positional when it has none', () => {
    expect(argument({ value: 'start' })).toMatchObject({ kind: 'positional', name: null, value: 'start' });
  });

  test('does what its type says where it has one', () => {
    expect(argument({ type: 'positional', name: 'path' })).toMatchObject({ kind: 'positional', name: 'path' });
    expect(argument({ type: 'named' })).toMatchObject({ kind: 'named', name: null });
  });
});

test('variables keep their order and nest', () => {
  const variables = { b: { default: 'x', variables: { deep: { isSecret: true } } }, a: { choices: ['1', '2'] } };
  const [remote] = read({ remotes: [{ type: 'sse', url: 'https://{b}.example/{a}', variables }] }).remotes;
  expect(remote?.variables).toEqual([
    { ...noInput, name: 'b', default: 'x', variables: [{ ...noInput, name: 'deep', isSecret: true }] },
    { ...noInput, name: 'a', choices: ['1', '2'] },
  ]);
});

describe('dirt', () => {
  test('numbers and booleans stand for their text; other kinds for nothing', () => {
    const input = {
      name: 'PORT',
      default: 8080,
      value: true,
      placeholder: ['x'],
      isRequired: 'yes',
      choices: ['a', 1],
    };
    expect(readPackage({ environmentVariables: [input] }).environmentVariables).toEqual([
      { ...noInput, name: 'PORT', default: '8080', value: 'true', choices: ['a'] },
    ]);
  });

  test('what is no object in a list is left out', () => {
    expect(
      read({ packages: [null, 'npm', ['x'], 7, { identifier: 'one' }], icons: {}, remotes: 'none' }),
    ).toMatchObject({
      packages: [{ identifier: 'one', registryType: '', transport: { type: 'stdio' } }],
      icons: [],
      remotes: [],
    });
  });

  test('a transport that no schema knows has no type', () => {
    expect(readPackage({ transport: { type: 'carrier-pigeon', url: 'coop' } }).transport).toMatchObject({
      type: null,
      url: 'coop',
    });
  });

  test('keys that mean something to JavaScript are text like any other', () => {
    const document = JSON.parse('{"__proto__":{"title":"x"},"constructor":"y","toString":1}') as Json;
    expect(readDocument(document)).toMatchObject({ title: null, name: '' });
    const variables = JSON.parse('{"__proto__":{"default":"x"}}') as Json;
    expect(read({ remotes: [{ variables }] }).remotes[0]?.variables).toMatchObject([
      { name: '__proto__', default: 'x' },
    ]);
  });

  test('halves of surrogate pairs become replacement characters', () => {
    expect(read({ title: 'a\ud800b' }).title).toBe('a\ufffdb');
  });
});

const keys = fc.constantFrom(
  ...['name', 'version', 'title', 'repository', 'url', 'packages', 'remotes', 'icons', 'transport', 'type', 'headers'],
  ...['variables', 'packageArguments', 'environment_variables', 'choices', 'isRequired', '_meta', '__proto__'],
  'io.modelcontextprotocol.registry/publisher-provided',
);
const { anyJson } = fc.letrec<{ anyJson: unknown }>((tie) => ({
  anyJson: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.string({ unit: 'binary' })),
    fc.array(tie('anyJson'), { maxLength: 3 }),
    fc.dictionary(keys, tie('anyJson'), { maxKeys: 6 }),
  ),
}));

/** Fails on any value that the GraphQL types do not allow: views hold strings, booleans, lists and nulls only. */
function expectClean(value: unknown): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') return expect(value.isWellFormed()).toBe(true);
  expect(typeof value).toBe('object');
  Object.values(value as object).forEach(expectClean);
}

test('any JSON object at all is read without an error', () => {
  fc.assert(
    fc.property(fc.dictionary(keys, anyJson, { maxKeys: 8 }), (document) => {
      const { publisherMetadata, ...views } = readDocument(document);
      expectClean(views);
      expect(publisherMetadata === null || typeof publisherMetadata === 'object').toBe(true);
    }),
    { numRuns: 1_500 },
  );
});
