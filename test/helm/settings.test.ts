import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseDocument, visit, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { variables, loadConfig } from '../../src/config.ts';
import { find, findHelm, render, shapes, type Manifest } from './helm.ts';
import { chartFile } from './kubernetes.ts';
import { valuesTable } from './values-table.ts';

const withHelm = test.skipIf(!findHelm());

/** Where the data is kept that an image does not keep, and what each pod has its own way of. */
const NOT_IN_A_POD = ['DATA_DIR'];

const upper = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** Every variable that a pod of the registry is given, with its value where it is told. */
function environmentOf(manifests: Manifest[]): Record<string, string> {
  const pod = manifests.find(({ kind, metadata }) => {
    return kind === 'Deployment' && metadata.labels['app.kubernetes.io/component'] === 'registry';
  })!.spec.template.spec.containers[0];
  const config = manifests.find(({ kind, metadata }) => {
    return kind === 'ConfigMap' && metadata.name === pod.envFrom[0].configMapRef.name;
  })!.data;
  const secret = manifests.find(({ kind, metadata }) => {
    return kind === 'Secret' && metadata.name === pod.envFrom[1].secretRef.name;
  })?.data as Record<string, string> | undefined;
  const decoded = Object.entries(secret ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]);
  const elsewhere = (name: string) => (name.endsWith('_HEADERS') ? 'authorization=Bearer%20x' : 'postgresql://db/x');
  const own = pod.env.map(({ name, value }: { name: string; value?: string }) => [name, value ?? elsewhere(name)]);
  return { ...config, ...Object.fromEntries(decoded), ...Object.fromEntries(own) } as Record<string, string>;
}

withHelm.each(shapes)('the registry takes the environment of the shape %s', (shape) => {
  const environment = environmentOf(render(shape));
  delete environment.DATABASE_PASSWORD;
  delete environment.NODE_EXTRA_CA_CERTS;
  expect(() => loadConfig(environment)).not.toThrow();
});

withHelm('lists, maps and claims arrive as they were meant', () => {
  const config = loadConfig(environmentOf(render('ingress')));
  expect(config).toMatchObject({
    publicUrl: 'https://registry.example.com',
    host: '0.0.0.0',
    production: true,
    rateLimits: true,
    blockedNamespaces: ['com.bad', 'org.worse'],
    oidc: { claims: [{ hd: 'example.com' }], publish: ['*'] },
    github: { clientId: 'Iv1.0123456789abcdef', clientSecret: 'canary-github-secret' },
    packages: { ociRegistryUrls: { 'ghcr.io': 'https://mirror.example.com' } },
  });
});

withHelm('traces are made where a collector is named, and go out to it', () => {
  const manifests = render('external');
  expect(loadConfig(environmentOf(manifests)).tracing).toEqual({
    url: 'http://collector.observability:4318/v1/traces',
    protocol: 'http/protobuf',
    headers: { authorization: 'Bearer x' },
    resource: {
      'service.name': 'trial-mcp-registry',
      'k8s.namespace.name': 'default',
      'k8s.deployment.name': 'trial-mcp-registry',
      'k8s.pod.name': '$(POD_NAME)',
      'deployment.environment.name': 'production & more',
    },
    delayMs: 5_000,
    sampler: { parentBased: true, ratio: 0.01 },
  });
  const { env } = find(manifests, 'Deployment').spec.template.spec.containers[0];
  expect(env).toContainEqual({
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    valueFrom: { secretKeyRef: { name: 'collector-headers', key: 'headers' } },
  });
  expect(loadConfig(environmentOf(render('minimal'))).tracing).toBeNull();
});

withHelm.each([
  ['http://collector.observability:4318', 4318],
  ['https://otlp.example.com', null],
  ['https://otlp.example.com:4318/tenants/1', 4318],
  ['', null],
])('the network policy lets pods reach the collector %s', (endpoint, port) => {
  const [policy] = render('minimal', { 'tracing.endpoint': endpoint }).filter(({ kind }) => kind === 'NetworkPolicy');
  const ports = policy!.spec.egress.flatMap((rule: { ports: { port: number }[] }) => rule.ports.map((one) => one.port));
  expect([...new Set(ports)]).toEqual([53, 443, 80, 5432, ...(port ? [port] : [])]);
});

withHelm('every variable of the registry can be set by the chart, and no other', () => {
  const { settings, secrets } = parseDocument(readFileSync(chartFile('values.yaml'), 'utf8')).toJS() as Record<
    'settings' | 'secrets',
    Record<string, unknown>
  >;
  const values = [...Object.keys(settings), ...Object.keys(secrets).filter((name) => name !== 'existingSecret')];
  const always = ['PUBLIC_URL', 'DATABASE_URL', 'HOST', 'PORT', 'INTERNAL_PORT'];
  expect([...values.map(upper), ...always, 'DATABASE_REPLICA_URLS'].sort()).toEqual(
    Object.keys(variables.shape)
      .filter((name) => !NOT_IN_A_POD.includes(name))
      .sort(),
  );
  expect(Object.keys(environmentOf(render('minimal')))).toEqual(
    expect.arrayContaining(always.map((name) => `MCP_REGISTRY_${name}`)),
  );
});

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
}

/** Every value with what the schema says of it. */
function described(schema: Schema, path: string[] = []): [string, string | undefined][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, below]) => [
    [[...path, name].join('.'), below.description] as [string, string | undefined],
    ...described(below, [...path, name]),
  ]);
}

test('values.yaml and its schema have the same values, and say the same of each', () => {
  const schema = JSON.parse(readFileSync(chartFile('values.schema.json'), 'utf8')) as Schema;
  const told = new Map(described(schema).filter(([name]) => name !== 'global'));
  const document = parseDocument(readFileSync(chartFile('values.yaml'), 'utf8'));
  const seen: [string, string | undefined][] = [];
  visit(document, {
    Pair: (_, pair, ancestors) => {
      const above = ancestors.flatMap((one) => ('key' in one ? [String((one as Pair).key)] : []));
      const path = [...above, String((pair as Pair).key)].join('.');
      const parent = path.slice(0, path.lastIndexOf('.'));
      // What is below a value that is free, such as resources, is its own matter.
      if (parent !== '' && !told.has(path)) return visit.SKIP;
      // The comment above the first key of a map is the map's.
      const map = ancestors.at(-1) as YAMLMap;
      const { commentBefore } = map.items[0] === pair && above.length > 0 ? map : (pair.key as Scalar);
      seen.push([path, commentBefore?.trim()]);
      return undefined;
    },
  });
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(told));
  expect([...told.values()]).not.toContain(undefined);
});

test('values.md tells them all', async () => {
  await expect(await valuesTable()).toMatchFileSnapshot(chartFile('values.md'));
});
