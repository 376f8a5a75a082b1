import { describe, expect, test } from 'vitest';
import { findHelm, lint, render, shapes, tryRender } from './helm.ts';
import { assertValid, unknownFields } from './kubernetes.ts';

const withHelm = test.skipIf(!findHelm());

describe.skipIf(!findHelm()).each(shapes)('the shape %s', (shape) => {
  test('has nothing that helm lint finds fault with', () => {
    expect(lint(shape)).toMatchObject({ code: 0 });
  });

  test('is what Kubernetes takes', async () => {
    const manifests = render(shape);
    expect(manifests.length).toBeGreaterThan(5);
    for (const manifest of manifests) await assertValid(manifest);
  });

  test('has no thing twice', () => {
    const names = render(shape).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });
});

withHelm('no manifest has a field that Kubernetes does not know', () => {
  expect(unknownFields(shapes.flatMap((shape) => render(shape)))).toEqual([]);
});

withHelm('a manifest that is wrong would be found', async () => {
  const [deployment] = render('minimal').filter(({ kind }) => kind === 'Deployment');
  const wrong = structuredClone(deployment!);
  wrong.spec.template.spec.containers[0].livenessProb = {};
  expect(unknownFields([wrong])).toEqual([expect.stringContaining('livenessProb')]);
  wrong.spec.replicas = 'two';
  await expect(assertValid(wrong)).rejects.toThrow('replicas');
});

withHelm.each<[string, string, Record<string, unknown>, string]>([
  ['no address', 'minimal', { publicUrl: '' }, 'publicUrl is empty and no'],
  ['an ingress without a host', 'minimal', { 'ingress.enabled': true }, 'ingress.hosts is empty'],
  ['a route without a gateway', 'minimal', { 'httpRoute.enabled': true }, 'httpRoute.parentRefs is empty'],
  ['an external database nowhere', 'minimal', { 'database.mode': 'external' }, 'neither database.external.url nor'],
  ['a database in two places', 'external', { 'database.external.url': 'postgresql://a/b' }, 'are both set: keep one'],
  [
    'an address for a database in the chart',
    'external',
    { 'database.mode': 'inChart' },
    'but database.mode is inChart',
  ],
  [
    'standbys in two places',
    'external',
    { 'database.external.replicaUrls': 'postgresql://a/b' },
    'name their key in database.external.existingSecretReplicasKey',
  ],
  [
    'a key without its secret',
    'external-url',
    { 'database.external.replicaUrls': '', 'database.external.existingSecretReplicasKey': 'replicas' },
    'is set without database.external.existingSecret',
  ],
  [
    'standbys of a database in the chart',
    'minimal',
    { 'database.external.replicaUrls': 'postgresql://a/b' },
    'but database.mode is inChart',
  ],
  ['standbys that are none', 'external-url', { 'database.external.replicaUrls': 'a,b' }, 'does not match pattern'],
  ['a backup to nowhere', 'cloudnativepg', { 'database.cloudNativePg.backup.objectStore': '' }, 'name the ObjectStore'],
  [
    'backups of CloudNativePG by our job',
    'cloudnativepg',
    { 'backup.enabled': true },
    'which can restore to any moment',
  ],
  ['a secret in two places', 'external', { 'secrets.jwtPrivateKey': 'a'.repeat(64) }, 'secrets.jwtPrivateKey are both'],
  ['half a GitHub app', 'minimal', { 'secrets.githubClientSecret': 'x' }, 'without settings.githubClientId'],
  ['half an issuer', 'minimal', { 'settings.oidcIssuer': 'https://a.example' }, 'oidcClientId go together'],
  ['two caches', 'varnish', { 'settings.cdnPurgeUrl': 'https://a.example' }, 'varnish.enabled sets settings.cdnKind'],
  ['a CDN nowhere', 'minimal', { 'settings.cdnKind': 'fastly' }, 'settings.cdnKind is set without'],
  ['the least above the most', 'external', { 'autoscaling.minReplicas': 21 }, 'greater than autoscaling.maxReplicas'],
  ['a share of nothing', 'external', { 'resources.requests': null }, 'autoscaling needs resources.requests.cpu'],
  ['a shut out Prometheus', 'external', { 'networkPolicy.internalFrom': [] }, 'let Prometheus in'],
  ['too little time to end', 'minimal', { 'termination.graceSeconds': 39 }, 'termination.graceSeconds is too short'],
  [
    'more pods than connections',
    'minimal',
    { replicaCount: 12 },
    'need 208 connections (16 each), but database.inChart',
  ],
  ['a misspelt value', 'minimal', { replicas: 3 }, "additional properties 'replicas' not allowed"],
  ['a misspelt setting', 'minimal', { 'settings.logLevels': 'info' }, "'logLevels' not allowed"],
  ['a value of the wrong kind', 'minimal', { replicaCount: '3' }, "at '/replicaCount': got string, want integer"],
  ['a mode that there is not', 'minimal', { 'database.mode': 'sqlite' }, 'value must be one of'],
  ['a key that is none', 'minimal', { 'secrets.jwtPrivateKey': 'secret' }, 'does not match pattern'],
  ['an address without https', 'minimal', { publicUrl: 'registry.example.com' }, 'does not match pattern'],
  ['headers for no collector', 'minimal', { 'tracing.existingSecret': 'collector' }, 'tracing.endpoint is empty: name'],
])('%s is refused with a sentence', (_, shape, values, sentence) => {
  const { code, output } = tryRender(shape, values);
  expect(output).toContain(sentence);
  expect(code).toBe(1);
});
