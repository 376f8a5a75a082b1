import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';

test('says what it needs not be told', () => {
  expect(loadConfig({})).toEqual({
    port: 8080,
    internalPort: 8081,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:8080',
    databaseUrl: null,
    databaseReplicaUrls: [],
    dataDir: '.data',
    seedFrom: 'samples',
    github: {
      clientId: null,
      clientSecret: null,
      url: 'https://github.com',
      apiUrl: 'https://api.github.com',
      oidcIssuer: 'https://token.actions.githubusercontent.com',
    },
    oidc: null,
    jwtPrivateKeys: [],
    anonymousAuth: false,
    blockedNamespaces: [],
    dnsServers: [],
    packages: {
      validate: true,
      npmUrl: null,
      pypi: { url: 'https://pypi.org', publicUrl: 'https://pypi.org' },
      nuget: { url: 'https://api.nuget.org/v3/index.json', publicUrl: 'https://api.nuget.org/v3/index.json' },
      crates: { url: 'https://crates.io', publicUrl: 'https://crates.io' },
      ociRegistryUrls: {},
      mcpbHostUrls: {},
    },
    cdn: null,
    routerSecret: null,
    subgraphIntrospection: true,
    rateLimits: true,
    readOnly: false,
    operationManifests: [],
    persistedOnly: false,
    pageCacheBytes: 64 * 1024 * 1024,
    workers: 1,
    logLevel: 'info',
    production: false,
  });
});

test('fills in no samples in production', () => {
  expect(loadConfig({ NODE_ENV: 'production' }).seedFrom).toBe('none');
});

test('an empty variable is one that is not set', () => {
  expect(loadConfig({ MCP_REGISTRY_PORT: '' }).port).toBe(8080);
});

test('reads where package registries are', () => {
  const { packages } = loadConfig({
    MCP_REGISTRY_ENABLE_REGISTRY_VALIDATION: 'false',
    MCP_REGISTRY_NPM_REGISTRY_URL: 'https://npm.example.com/',
    MCP_REGISTRY_PYPI_URL: 'http://pypi.internal:8080',
    MCP_REGISTRY_OCI_REGISTRY_URLS: ' GHCR.io=http://127.0.0.1:5000/ghcr/ ,, localhost:5000=http://127.0.0.1:5000',
  });
  expect(packages).toMatchObject({
    validate: false,
    npmUrl: 'https://npm.example.com',
    pypi: { url: 'http://pypi.internal:8080', publicUrl: 'https://pypi.org' },
    ociRegistryUrls: { 'ghcr.io': 'http://127.0.0.1:5000/ghcr', 'localhost:5000': 'http://127.0.0.1:5000' },
    mcpbHostUrls: {},
  });
});

test.each([
  ['PORT', '70000', 'MCP_REGISTRY_PORT must be a port number from 0 to 65535, but is "70000"'],
  ['INTERNAL_PORT', '1.5', 'MCP_REGISTRY_INTERNAL_PORT must be a port number from 0 to 65535, but is "1.5"'],
  ['WORKERS', '-1', 'MCP_REGISTRY_WORKERS must be a number of processes, 0 for one on each core, but is "-1"'],
  ['PAGE_CACHE_MB', 'x', 'MCP_REGISTRY_PAGE_CACHE_MB must be a number of megabytes, 0 for none, but is "x"'],
  [
    'LOG_LEVEL',
    'loud',
    'MCP_REGISTRY_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "loud"',
  ],
  [
    'DATABASE_URL',
    'mysql://me:canary@db',
    'MCP_REGISTRY_DATABASE_URL must be a postgresql:// URL, but is something else (not shown, it may hold a secret)',
  ],
  [
    'DATABASE_REPLICA_URLS',
    'postgresql://me:canary@db/x,mysql://me:canary@db',
    'MCP_REGISTRY_DATABASE_REPLICA_URLS must be postgresql:// URLs, comma separated, but is something else (not shown, it may hold a secret)',
  ],
  [
    'DATABASE_REPLICA_URLS',
    'postgresql://me:canary%@db/x',
    'MCP_REGISTRY_DATABASE_REPLICA_URLS must be postgresql:// URLs, comma separated, but is something else (not shown, it may hold a secret)',
  ],
  [
    'OCI_REGISTRY_URLS',
    'ghcr.io=https://mirror.example.com,docker.io',
    'MCP_REGISTRY_OCI_REGISTRY_URLS must be hosts and where they are, comma separated, such as ghcr.io=https://mirror.example.com, but is something else (not shown, it may hold a secret)',
  ],
  [
    'MCPB_HOST_URLS',
    'github.com=ftp://me:canary@mirror.example.com',
    'MCP_REGISTRY_MCPB_HOST_URLS must be hosts and where they are, comma separated, such as ghcr.io=https://mirror.example.com, but is something else (not shown, it may hold a secret)',
  ],
  [
    'PUBLIC_URL',
    'example.com',
    'MCP_REGISTRY_PUBLIC_URL must be an http(s) URL, but is something else (not shown, it may hold a secret)',
  ],
])('%s=%s is refused with one line', (name, value, line) => {
  expect(() => loadConfig({ [`MCP_REGISTRY_${name}`]: value })).toThrow(new ConfigError(line));
});

test('reads where replicas are, each once, and only beside a primary that is named', () => {
  const replicas = { MCP_REGISTRY_DATABASE_REPLICA_URLS: 'postgresql://a/x, postgres://b/x ,postgresql://a/x' };
  const { databaseReplicaUrls } = loadConfig({ ...replicas, MCP_REGISTRY_DATABASE_URL: 'postgresql://db/x' });
  expect(databaseReplicaUrls).toEqual(['postgresql://a/x', 'postgres://b/x']);
  expect(() => loadConfig(replicas)).toThrow(
    new ConfigError('MCP_REGISTRY_DATABASE_URL must be set too where MCP_REGISTRY_DATABASE_REPLICA_URLS is.'),
  );
});

test.each([
  ['MCP_REGISTRY_LOGLEVEL', 'MCP_REGISTRY_LOGLEVEL is no setting (is MCP_REGISTRY_LOG_LEVEL meant?); '],
  ['MCP_REGISTRY_PURGE_TOKEN', 'MCP_REGISTRY_PURGE_TOKEN is no setting (is MCP_REGISTRY_CDN_PURGE_TOKEN meant?); '],
  ['MCP_REGISTRY_SERVICE_HOST', 'MCP_REGISTRY_SERVICE_HOST is no setting; '],
  ['MCP_REGISTRY_constructor', 'MCP_REGISTRY_constructor is no setting; '],
])('refuses %s, which there is not', (name, sentence) => {
  expect(() => loadConfig({ [name]: 'canary' })).toThrow(`${sentence}the README lists them all.`);
});

test('leaves alone what the command line client is told in the same environment, and what is empty', () => {
  const environment = { MCP_REGISTRY_URL: 'https://a.example', MCP_REGISTRY_TOKEN: 'x', MCP_REGISTRY_OLD: '' };
  expect(() => loadConfig(environment)).not.toThrow();
});
