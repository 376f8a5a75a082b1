import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { richServer } from './rich.ts';
import { walk, type Parsed } from './walk.ts';

let app: TestApp;
const image = (tag: string) => ({
  packages: [{ registryType: 'OCI', identifier: `ghcr.io/alice/tool${tag}`, transport: { type: 'stdio' } }],
});

beforeAll(async () => {
  app = await createTestApp();
  await app.seed([{ server: aServer('com.example/tool', '1.0.0', image(':1.0.0')) }]);
  await app.seed([{ server: aServer('com.example/tool', '2.0.0', image(`:2.0.0@sha256:${'0f'.repeat(32)}`)) }]);
  await app.seed([{ server: aServer('com.example/fork', '1.0.0', image('')), status: 'deprecated' }]);
  await app.seed([{ server: aServer('com.example/gone', '1.0.0', image(':1.0.0')), status: 'deleted' }]);
  await app.seed([{ server: richServer }]);
});
afterAll(() => app?.close());

describe('package', () => {
  const shippedBy = async (registryType: string, identifier: string) => {
    const { data, errors } = await app.graphql(
      'query ($t: String!, $i: String!) { package(registryType: $t, identifier: $i) { registryType identifier servers { totalCount edges { node { name } } } } }',
      { t: registryType, i: identifier },
    );
    expect(errors).toBeUndefined();
    const names = data.package?.servers.edges.map((edge: Parsed) => edge.node.name);
    if (names) expect(data.package.servers.totalCount).toBe(names.length);
    return names ?? null;
  };

  test('is known by every identifier of a version that is not deleted, old ones too', async () => {
    expect(await shippedBy('oci', 'ghcr.io/alice/tool:1.0.0')).toEqual(['com.example/tool']);
    expect(await shippedBy('oci', `ghcr.io/alice/tool:2.0.0@sha256:${'0f'.repeat(32)}`)).toEqual(['com.example/tool']);
    expect(await shippedBy('npm', '@alice/weather')).toEqual(['io.github.Alice/Weather']);
  });

  test('an image is known without tag and digest too', async () => {
    expect(await shippedBy('oci', 'ghcr.io/alice/tool')).toEqual(['com.example/fork', 'com.example/tool']);
    expect(await shippedBy('OCI', 'ghcr.io/alice/weather')).toEqual(['io.github.Alice/Weather']);
  });

  test('keeps kinds of registries apart', async () => {
    expect(await shippedBy('pypi', 'alice-weather')).toEqual(['io.github.Alice/Weather']);
    expect(await shippedBy('npm', 'alice-weather')).toBeNull();
  });

  test('is null when no server ships it', async () => {
    expect(await shippedBy('oci', 'ghcr.io/alice/tool:9')).toBeNull();
    expect(await shippedBy('nothing', '')).toBeNull();
  });

  test('says what was asked for', async () => {
    const { data } = await app.graphql(
      '{ package(registryType: "OCI", identifier: "ghcr.io/alice/tool") { registryType identifier } }',
    );
    expect(data.package).toEqual({ registryType: 'oci', identifier: 'ghcr.io/alice/tool' });
  });

  test('its servers are a list to walk', async () => {
    const field = (args: string) => `package(registryType: "oci", identifier: "ghcr.io/alice/tool") {
      servers(${args}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { name } } } }`;
    for (const direction of ['forwards', 'backwards'] as const) {
      const walked = await walk(app, { field, path: ['package', 'servers'], size: 1, direction });
      expect(walked.nodes).toEqual([{ name: 'com.example/fork' }, { name: 'com.example/tool' }]);
    }
  });
});

describe('registry', () => {
  test('counts what is visible', async () => {
    const { data } = await app.graphql(
      '{ registry { revision serverCount versionCount namespaceCount schemaVersions limits { pageSize nameLength versionsPerServer } } }',
    );
    expect(data.registry).toEqual({
      revision: 6,
      serverCount: 3,
      versionCount: 4,
      namespaceCount: 2,
      schemaVersions: ['2025-07-09', '2025-09-16', '2025-09-29', '2025-10-11', '2025-10-17', '2025-12-11'],
      limits: { pageSize: 100, nameLength: 255, versionsPerServer: 10_000 },
    });
  });
});

describe('changes', () => {
  const ask = async (args = '') => {
    const { data } = await app.graphql(`{ changes${args} { revision hasMore changes {
      revision kind changedAt version { name version status revision } } } }`);
    return data.changes;
  };
  const short = (page: Parsed) =>
    page.changes.map((change: Parsed) => [change.revision, change.kind, change.version.name, change.version.version]);

  test('tell everything from the start, in the order of revisions', async () => {
    const page = await ask();
    expect(short(page)).toEqual([
      [1, 'PUBLISHED', 'com.example/tool', '1.0.0'],
      [2, 'PUBLISHED', 'com.example/tool', '2.0.0'],
      [3, 'LATEST_CHANGED', 'com.example/tool', '1.0.0'],
      [4, 'PUBLISHED', 'com.example/fork', '1.0.0'],
      [5, 'PUBLISHED', 'com.example/gone', '1.0.0'],
      [6, 'PUBLISHED', 'io.github.Alice/Weather', richServer.version],
    ]);
    expect(page).toMatchObject({ revision: 6, hasMore: false });
    expect(page.changes[0].changedAt).toMatch(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/);
  });

  test('show each version as it is now, deleted ones too', async () => {
    const page = await ask('(after: 4, first: 1)');
    expect(page).toMatchObject({ revision: 5, hasMore: true });
    expect(page.changes[0].version).toEqual({
      name: 'com.example/gone',
      version: '1.0.0',
      status: 'DELETED',
      revision: 5,
    });
    const [first] = (await ask('(first: 1)')).changes;
    expect(first.version.revision).toBe(3);
  });

  test('followed in pages of any size miss nothing and repeat nothing', async () => {
    for (const first of [1, 2, 5, 6, 100]) {
      const revisions: number[] = [];
      let pages = 0;
      for (
        let page = await ask(`(first: ${first})`);
        ;
        page = await ask(`(after: ${page.revision}, first: ${first})`)
      ) {
        revisions.push(...page.changes.map((change: Parsed) => change.revision));
        pages += 1;
        if (!page.hasMore) break;
      }
      expect(revisions).toEqual([1, 2, 3, 4, 5, 6]);
      expect(pages).toBe(Math.ceil(6 / first));
    }
  });

  test('behind the newest are none: go on from where you are', async () => {
    expect(await ask('(after: 6)')).toEqual({ changes: [], revision: 6, hasMore: false });
    expect(await ask('(after: "6", first: null)')).toEqual({ changes: [], revision: 6, hasMore: false });
  });

  test('name what changed', async () => {
    const was = (await ask()).revision;
    await app.seed([{ server: aServer('com.example/fork', '1.0.0', image('')), status: 'active' }]);
    await app.seed([
      { server: aServer('com.example/fork', '1.0.0', { ...image(''), title: 'Fork' }), status: 'active' },
    ]);
    await app.seed([
      { server: aServer('com.example/fork', '1.0.0', { ...image(''), title: 'Fork' }), status: 'active' },
    ]);
    expect(short(await ask(`(after: ${was})`))).toEqual([
      [was + 1, 'STATUS_CHANGED', 'com.example/fork', '1.0.0'],
      [was + 2, 'EDITED', 'com.example/fork', '1.0.0'],
    ]);
    const { data } = await app.graphql(
      '{ server(name: "com.example/fork") { title status revision } registry { revision } }',
    );
    expect(data).toEqual({
      server: { title: 'Fork', status: 'ACTIVE', revision: was + 2 },
      registry: { revision: was + 2 },
    });
  });
});
