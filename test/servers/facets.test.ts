import { describe, expect, test } from 'vitest';
import { readDocument, type Json } from '../../src/servers/document.ts';
import { facetsOf, packageName, registryFacet, repositoryFacet } from '../../src/servers/facets.ts';

const facets = (document: Json) => facetsOf(readDocument(document)).sort();

test('a version has a facet for everything that it can be filtered by, each once', () => {
  const document = {
    repository: { url: 'https://GitHub.com/Alice/Weather.git/' },
    packages: [
      { registryType: 'npm', identifier: 'a', transport: { type: 'stdio' } },
      { registryType: 'npm', identifier: 'b', transport: { type: 'sse' } },
      { registryType: 'OCI', identifier: 'c' },
    ],
    remotes: [{ type: 'sse' }, { type: 'streamable-http' }],
  };
  expect(facets(document)).toEqual([
    'delivery:package',
    'delivery:remote',
    'registry:npm',
    'registry:oci',
    'repository:https://github.com/alice/weather',
    'transport:sse',
    'transport:stdio',
    'transport:streamable-http',
  ]);
});

test('a version with neither packages nor remotes has none', () => {
  expect(facets({ repository: {} })).toEqual([]);
});

test('a transport that no schema knows is no facet; its delivery is', () => {
  expect(facets({ remotes: [{ type: 'carrier-pigeon' }] })).toEqual(['delivery:remote']);
});

test('facets can be stored: they hold no NUL', () => {
  expect(facets({ repository: { url: 'a\0b' } })).toEqual(['repository:ab']);
});

test.each([
  'https://github.com/Alice/Weather',
  'https://github.com/alice/weather.git',
  'https://github.com/alice/weather///',
  ' https://GITHUB.com/alice/weather.git/ ',
])('%j is one and the same repository', (url) => {
  expect(repositoryFacet(url)).toBe('repository:https://github.com/alice/weather');
});

test('kinds of registries have no case', () => {
  expect(registryFacet('PyPI')).toBe('registry:pypi');
});

describe('the name of a package', () => {
  test.each([
    ['ghcr.io/alice/weather:1.0.0', 'ghcr.io/alice/weather'],
    ['ghcr.io/alice/weather', 'ghcr.io/alice/weather'],
    ['weather:latest', 'weather'],
    ['localhost:5000/weather', 'localhost:5000/weather'],
    ['localhost:5000/weather:2', 'localhost:5000/weather'],
    [`ghcr.io/alice/weather@sha256:${'0f'.repeat(32)}`, 'ghcr.io/alice/weather'],
    [`ghcr.io/alice/weather:1.0.0@sha256:${'0f'.repeat(32)}`, 'ghcr.io/alice/weather'],
    [`ghcr.io/alice/weather@sha512:${'0f'.repeat(64)}`, 'ghcr.io/alice/weather'],
  ])('of the image %s is %s', (identifier, name) => {
    expect(packageName({ registryType: 'oci', identifier })).toBe(name);
    expect(packageName({ registryType: 'OCI', identifier })).toBe(name);
  });

  test.each([
    ['npm', '@alice/weather'],
    ['mcpb', 'https://example.com:8443/weather.mcpb'],
    ['cargo', 'weather:x'],
  ])('of the %s package %s is its identifier', (registryType, identifier) => {
    expect(packageName({ registryType, identifier })).toBe(identifier);
  });
});
