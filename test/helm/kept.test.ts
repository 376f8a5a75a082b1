import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { chart, find, findHelm, helmBeside, type Manifest } from './helm.ts';

let cluster: Server;
let folder: string;
let kubeconfig: string;
/** The secrets that the cluster has, by name. */
const secrets: Record<string, Record<string, string>> = {};

/** As much of a cluster as helm asks when a template looks a secret up. */
beforeAll(async () => {
  cluster = createServer((request, response) => {
    const path = request.url!.split('?', 1)[0]!;
    const name = /^\/api\/v1\/namespaces\/\w+\/secrets\/(.+)$/.exec(path)?.[1];
    const answer = name === undefined ? discovery[path] : secretOf(name);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 }),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => cluster.once('listening', resolve));
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  kubeconfig = join(folder, 'config');
  const server = `http://127.0.0.1:${(cluster.address() as AddressInfo).port}`;
  const context = { name: 'it', context: { cluster: 'it', user: 'it' } };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'it', contexts: [context] },
      clusters: [{ name: 'it', cluster: { server } }],
      users: [{ name: 'it', user: {} }],
    }),
  );
});

afterAll(() => {
  cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

const discovery: Record<string, unknown> = {
  '/version': { major: '1', minor: '34', gitVersion: 'v1.34.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    ...{ kind: 'APIResourceList', groupVersion: 'v1' },
    resources: [{ name: 'secrets', singularName: 'secret', namespaced: true, kind: 'Secret', verbs: ['get'] }],
  },
};

const secretOf = (name: string) =>
  secrets[name] && { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: secrets[name] };

async function upgrade(): Promise<Manifest[]> {
  const args = [
    'template',
    'trial',
    chart,
    '--dry-run=server',
    '--is-upgrade',
    '--kube-version',
    '1.34.0',
    '--kubeconfig',
    kubeconfig,
  ];
  const values = ['--values', join(chart, 'ci/varnish-values.yaml')];
  const { code, output } = await helmBeside(...args, ...values);
  expect([code, code === 0 ? '' : output]).toEqual([0, '']);
  return parseAllDocuments(output).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

test.skipIf(!findHelm())('what was generated at the first install is kept over upgrades', async () => {
  const made = await upgrade();
  for (const { metadata, data } of made.filter(({ kind }) => kind === 'Secret')) {
    expect(metadata.annotations).toMatchObject({ 'helm.sh/resource-policy': 'keep' });
    secrets[metadata.name] = data as Record<string, string>;
  }
  expect(Object.keys(secrets).sort()).toEqual(['trial-mcp-registry', 'trial-mcp-registry-postgresql']);
  const again = await upgrade();
  for (const [name, data] of Object.entries(secrets)) expect(find(again, 'Secret', name).data).toEqual(data);
  delete secrets['trial-mcp-registry']!.MCP_REGISTRY_CDN_PURGE_TOKEN;
  const { data } = find(await upgrade(), 'Secret', 'trial-mcp-registry');
  expect(data).toMatchObject(secrets['trial-mcp-registry']!);
  expect(data.MCP_REGISTRY_CDN_PURGE_TOKEN).toMatch(/^\w{50,}={0,2}$/);
});
