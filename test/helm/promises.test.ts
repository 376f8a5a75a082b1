import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { find, findHelm, render, shapes, type Manifest } from './helm.ts';

const withHelm = test.skipIf(!findHelm());
const main = readFileSync(join(import.meta.dirname, '../../src/main.ts'), 'utf8');

/** What main.ts waits for when it stops, in seconds. */
const seconds = (name: string) => Number(new RegExp(`${name} = ([\\d_]+)`).exec(main)![1]!.replaceAll('_', '')) / 1000;

/** The pods that a manifest leads to. */
function podOf(manifest: Manifest) {
  if (manifest.kind === 'Pod') return manifest.spec;
  return (manifest.spec?.jobTemplate?.spec ?? manifest.spec)?.template?.spec;
}

const podsOf = (manifests: Manifest[]) => manifests.flatMap((one) => podOf(one) ?? []);

describe.skipIf(!findHelm()).each(shapes)('in the shape %s', (shape) => {
  const manifests = findHelm() ? render(shape) : [];

  test('the internal port is in no way in, and not in the public service', () => {
    const front = manifests.filter(({ kind }) => kind === 'Ingress' || kind === 'HTTPRoute');
    expect(JSON.stringify(front)).not.toMatch(/internal|8081/);
    const open = manifests.filter(({ kind, metadata }) => kind === 'Service' && !metadata.name.endsWith('-internal'));
    expect(JSON.stringify(open)).not.toMatch(/internal|8081/);
    expect(find(manifests, 'Service', '-internal').spec.type).toBe('ClusterIP');
  });

  test('a secret is in no ConfigMap, no argument and no plain variable', () => {
    const told = manifests.filter(({ kind }) => kind !== 'Secret');
    expect(JSON.stringify(told)).not.toMatch(/canary|9d61b19deffd5a60/);
    const keys = manifests.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.keys(data));
    expect(keys.filter((key) => /SECRET|TOKEN|PRIVATE|DATABASE_URL/.test(key))).toEqual([]);
  });

  test('pods run as nobody, on a file system that they can not write, without a token of the cluster', () => {
    for (const pod of podsOf(manifests)) {
      expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const { securityContext } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });

  test('every mount has its volume', () => {
    for (const pod of podsOf(manifests)) {
      const volumes = [...(pod.volumes ?? []), { name: 'data' }].map(({ name }: { name: string }) => name);
      for (const { volumeMounts = [] } of pod.containers) {
        for (const { name } of volumeMounts) expect(volumes).toContain(name);
      }
    }
  });

  test('every service and policy finds pods, and every reference its thing', () => {
    const labels = manifests.flatMap(({ kind, spec, metadata }) =>
      kind === 'Pod' ? [metadata.labels] : ((spec?.jobTemplate?.spec ?? spec)?.template?.metadata.labels ?? []),
    ) as Record<string, string>[];
    const wanted = manifests.flatMap(({ kind, spec }) => {
      if (kind === 'Service') return [spec.selector];
      return spec?.podSelector?.matchLabels ?? spec?.selector?.matchLabels ?? [];
    }) as Record<string, string>[];
    const unknown = wanted.filter(
      (selector) => !labels.some((one) => Object.entries(selector).every(([name, value]) => one[name] === value)),
    );
    expect(unknown.filter((selector) => selector['app.kubernetes.io/component'] !== 'internal')).toEqual([]);
  });

  test('the registry is probed where it answers, and has the time to end', () => {
    const pod = podOf(find(manifests, 'Deployment', shape === 'cloudnativepg' ? 'registry' : 'trial-mcp-registry'));
    const [container] = pod.containers;
    expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'internal' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'internal' });
    // What runs ends within the grace; then the jobs, which stop at once or end by their signal.
    const toEnd = container.lifecycle.preStop.sleep.seconds + seconds('NOTICE_MS') + seconds('GRACE_MS') + 10;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(toEnd);
    const { periodSeconds, failureThreshold } = container.readinessProbe;
    expect(container.lifecycle.preStop.sleep.seconds + seconds('NOTICE_MS')).toBeGreaterThanOrEqual(periodSeconds);
    expect(failureThreshold * periodSeconds).toBeLessThanOrEqual(10);
  });
});

withHelm('the keys and passwords that are made are strong, and no one else has them', () => {
  const made = [render('minimal'), render('minimal')].map((manifests) => {
    const { data } = find(manifests, 'Secret', 'trial-mcp-registry');
    return Buffer.from(data.MCP_REGISTRY_JWT_PRIVATE_KEY as string, 'base64').toString();
  });
  for (const key of made) expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(made[0]).not.toBe(made[1]);
});

withHelm('only who was named reaches the internal port, and the database only its own', () => {
  const policies = render('varnish').filter(({ kind }) => kind === 'NetworkPolicy');
  const [registry] = policies.filter(({ metadata }) => metadata.name === 'trial-mcp-registry');
  const [publicPort, internalPort] = registry!.spec.ingress;
  expect(publicPort).toMatchObject({ ports: [{ port: 8080 }], from: [{}, {}] });
  expect(internalPort.ports).toEqual([{ port: 8081 }]);
  expect(internalPort.from.slice(1)).toEqual([
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    { podSelector: { matchLabels: { app: 'router' } } },
  ]);
  const database = find(policies, 'NetworkPolicy', '-postgresql');
  expect(database.spec.egress).toEqual([]);
  expect(JSON.stringify(database.spec.ingress)).toContain('["registry","migration","backup"]');
});

withHelm('configuration that changes replaces the pods, and nothing else does', () => {
  const sum = (values: Record<string, unknown>) =>
    find(render('ingress', values), 'Deployment').spec.template.metadata.annotations['checksum/config'] as string;
  expect(sum({})).toBe(sum({ replicaCount: 3 }));
  expect(sum({})).not.toBe(sum({ 'settings.readOnly': true }));
  expect(sum({})).not.toBe(sum({ 'secrets.githubClientSecret': 'other' }));
});

withHelm('the pods, and nothing else, read from the standbys that there are', () => {
  const variable = 'MCP_REGISTRY_DATABASE_REPLICA_URLS';
  const told = (shape: string, values: Record<string, unknown> = {}) => {
    const manifests = render(shape, values);
    const others = manifests.filter(({ kind }) => kind === 'Job' || kind === 'CronJob');
    expect(JSON.stringify(others)).not.toContain(variable);
    const { env } = find(manifests, 'Deployment').spec.template.spec.containers[0];
    return (env as { name: string }[]).find(({ name }) => name === variable);
  };
  expect(told('minimal')).toBeUndefined();
  expect(told('cloudnativepg')).toEqual({
    name: variable,
    value: 'postgresql://registry:$(DATABASE_PASSWORD)@registry-db-ro:5432/registry',
  });
  expect(told('cloudnativepg', { 'database.cloudNativePg.readReplicas': false })).toBeUndefined();
  expect(told('cloudnativepg', { 'database.cloudNativePg.instances': 1 })).toBeUndefined();
  expect(told('external')).toMatchObject({
    valueFrom: { secretKeyRef: { name: 'registry-database', key: 'replicas' } },
  });
  expect(told('external-url')).toMatchObject({ valueFrom: { secretKeyRef: { key: 'replicas' } } });
  const { data } = find(render('external-url'), 'Secret', '-database');
  expect(Buffer.from(data.replicas, 'base64').toString().split(',')).toHaveLength(2);
});

withHelm('the ingress leads to Varnish where there is one', () => {
  const backend = (shape: string) => find(render(shape), 'Ingress').spec.rules[0].http.paths[0].backend.service.name;
  expect(backend('ingress')).toBe('trial-mcp-registry');
  expect(backend('varnish')).toBe('trial-mcp-registry-varnish');
});
