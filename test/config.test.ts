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
    tracing: null,
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

const OTLP = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

test('makes traces where OpenTelemetry’s own variables name a collector', () => {
  expect(loadConfig(OTLP).tracing).toEqual({
    url: 'http://collector:4318/v1/traces',
    protocol: 'http/protobuf',
    headers: {},
    resource: { 'service.name': 'mcp-registry' },
    delayMs: 5_000,
    sampler: { parentBased: true, ratio: 1 },
  });
  const all = {
    ...OTLP,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/in',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a%2Cb, x-tenant = mcp',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=traces',
    OTEL_SERVICE_NAME: 'registry-eu',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=lost,k8s.pod.name=mcp-0,deployment.environment.name=prod%20eu',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.01',
  };
  expect(loadConfig(all).tracing).toEqual({
    url: 'https://traces.example.com/in',
    protocol: 'http/json',
    headers: { authorization: 'Bearer a,b', 'x-tenant': 'traces' },
    resource: {
      'service.name': 'registry-eu',
      'k8s.pod.name': 'mcp-0',
      'deployment.environment.name': 'prod eu',
    },
    delayMs: 1_000,
    sampler: { parentBased: false, ratio: 0.01 },
  });
});

test.each([
  ['no collector is named', { OTEL_SERVICE_NAME: 'other', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
  ['it is turned off', { ...OTLP, OTEL_SDK_DISABLED: 'true' }],
  ['nothing is to be sent', { ...OTLP, OTEL_TRACES_EXPORTER: 'none' }],
])('makes none where %s', (_, env) => {
  expect(loadConfig(env).tracing).toBeNull();
});

test.each([
  [
    'EXPORTER_OTLP_ENDPOINT',
    'collector:4317',
    'an http(s) URL, but is something else (not shown, it may hold a secret)',
  ],
  ['EXPORTER_OTLP_PROTOCOL', 'grpc', 'one of http/protobuf, http/json, but is "grpc"'],
  [
    'EXPORTER_OTLP_HEADERS',
    'Bearer canary',
    'name=value pairs, comma separated, their values percent-encoded, but is something else (not shown, it may hold a secret)',
  ],
  [
    'EXPORTER_OTLP_HEADERS',
    'x=a%0D%0Ab: c',
    'name=value pairs, comma separated, their values percent-encoded, but is something else (not shown, it may hold a secret)',
  ],
  ['RESOURCE_ATTRIBUTES', 'a=%', 'name=value pairs, comma separated, their values percent-encoded, but is "a=%"'],
  ['TRACES_EXPORTER', 'zipkin', 'one of otlp, none, but is "zipkin"'],
  ['SDK_DISABLED', 'maybe', 'true or false, but is "maybe"'],
  [
    'TRACES_SAMPLER',
    'some',
    'one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio, but is "some"',
  ],
  ['TRACES_SAMPLER_ARG', '2', 'a number from 0 to 1, but is "2"'],
  ['BSP_SCHEDULE_DELAY', '0', 'a number of milliseconds, 1 to 60000, but is "0"'],
])('OTEL_%s=%s is refused with one line', (name, value, line) => {
  const env = { ...OTLP, [`OTEL_${name}`]: value };
  expect(() => loadConfig(env)).toThrow(new ConfigError(`OTEL_${name} must be ${line}`));
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
