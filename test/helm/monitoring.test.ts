import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createTestApp, type TestApp } from '../app.ts';
import { find, findHelm, render } from './helm.ts';
import { chartFile } from './kubernetes.ts';

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

const read = (name: string) => readFileSync(chartFile(name), 'utf8');
const { groups } = parse(read('files/alerts.yaml')) as { groups: { rules: Rule[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);
const { panels } = JSON.parse(read('files/dashboard.json')) as {
  panels: { title: string; targets?: { expr: string; legendFormat: string }[] }[];
};
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => [title, `${expr} ${legendFormat}`] as const),
);
const uses = [...alerts.map(({ alert, expr }) => [alert, expr] as const), ...queries];

let registry: TestApp;
/** Each series that the registry tells, with its labels. */
let told: Map<string, Set<string>>;

beforeAll(async () => {
  registry = await createTestApp({ MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true' });
  await registry.rest('/v0.1/auth/none', { method: 'POST' });
  const text = await (await fetch(`${registry.internalUrl}/metrics`)).text();
  told = new Map();
  for (const [, name] of text.matchAll(/^# TYPE (\S+) histogram$/gm)) {
    for (const suffix of ['bucket', 'sum', 'count']) told.set(`${name}_${suffix}`, new Set(['le']));
  }
  for (const [, name] of text.matchAll(/^# TYPE (\S+) (?:counter|gauge)$/gm)) told.set(name!, new Set());
  for (const { name, labels } of labelsOf(registry)) {
    for (const series of [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]) {
      for (const label of labels) told.get(series)?.add(label);
    }
  }
});

afterAll(() => registry.close());

/** The labels that each metric may have, whether or not it has had them yet. */
function labelsOf({ app }: TestApp): { name: string; labels: string[] }[] {
  const made = Object.values(app.metrics).filter((one) => typeof one === 'object') as {
    name: string;
    labelNames?: string[];
  }[];
  return made.map(({ name, labelNames = [] }) => ({ name, labels: labelNames }));
}

test.each(uses)('what %s asks for is told, with the labels that it has', (_, query) => {
  const named = [...query.matchAll(/(mcp_registry_\w+)(?:\{([^}]*)\})?/g)];
  expect(named.length).toBeGreaterThan(0);
  // Prometheus adds these to whatever it reads from a pod.
  const everywhere = ['namespace', 'pod', 'job', 'instance'];
  const known = new Set(everywhere);
  for (const [, name, matchers = ''] of named) {
    expect([...told.keys()]).toContain(name);
    const labels = [...everywhere, ...told.get(name!)!];
    for (const label of labels) known.add(label);
    for (const [, label] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)) expect(labels).toContain(label);
  }
  const grouped = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) =>
    list!.split(',').map((one) => one.trim()),
  );
  const shown = [...query.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
  for (const label of [...grouped, ...shown]) expect([...known]).toContain(label);
});

test('every metric has a panel', () => {
  const all = JSON.stringify(panels);
  for (const { name } of labelsOf(registry)) expect(all).toContain(name);
});

test('every alert says what is seen and what to do, and stands in the runbook', () => {
  const readme = read('README.md');
  for (const { alert, for: wait, labels, annotations } of alerts) {
    expect(wait).toMatch(/^\d+m$/);
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(20);
    expect(annotations.runbook.length).toBeGreaterThan(20);
    expect(readme).toContain(`\`${alert}\``);
  }
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});

test('a login that was taken and one that was refused are counted', async () => {
  const refused = await registry.rest('/v0.1/auth/github-at', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  const text = await (await fetch(`${registry.internalUrl}/metrics`)).text();
  expect(text).toContain('mcp_registry_logins_total{method="none",outcome="done"} 1');
  expect(text).toMatch(/mcp_registry_sql_duration_seconds_count [1-9]/);
  expect(text).toContain('mcp_registry_revision_lag 0');
});

test('a statement that is slow is logged with its text and without its values', async () => {
  await registry.app.db.sql('SELECT pg_sleep(0.6), $1::text AS secret', ['canary']);
  const lines = registry.logged().filter(({ event }) => event === 'slow statement');
  expect(lines).toEqual([
    expect.objectContaining({ level: 40, statement: 'SELECT pg_sleep(0.6), $1::text AS secret' }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test.skipIf(!findHelm())('Prometheus and Grafana are given them as they are', () => {
  const manifests = render('varnish');
  expect(find(manifests, 'PrometheusRule').spec).toEqual({ groups });
  const { data, metadata } = find(manifests, 'ConfigMap', '-dashboard');
  expect(JSON.parse(data['mcp-registry.json'])).toEqual(JSON.parse(read('files/dashboard.json')));
  expect(metadata.labels.grafana_dashboard).toBe('1');
  const [endpoint] = find(manifests, 'ServiceMonitor').spec.endpoints;
  const { spec, metadata: service } = find(manifests, 'Service', '-internal');
  expect(spec.ports[0].name).toBe(endpoint.port);
  expect(service.labels).toMatchObject(find(manifests, 'ServiceMonitor').spec.selector.matchLabels);
});
