import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([
    { server: aServer('io.github.alice/weather', '1.0.0'), status: 'deprecated', statusMessage: 'Use 1.10.0' },
    { server: '{"version":"1.10.0", "name":"io.github.alice/weather","description":"\\u00e9","10":1.0,"2":[]}' },
    { server: aServer('io.github.alice/weather', '1.11.0'), status: 'deleted' },
    { server: aServer('io.github.Bob/Tools', 'nightly') },
    { server: aServer('io.github.carol/gone'), status: 'deleted' },
  ]);
});

afterAll(() => registry.close());

/** What a door says of one version: its document as text, and what the registry knows beside it. */
interface Told {
  document: string;
  status: string;
  isLatest: boolean;
  publishedAt: string;
  updatedAt: string;
}

const fields = 'document status isLatest publishedAt updatedAt';

/** The text of the first `document` of an answer: from its key to the field behind it. */
const documentIn = (text: string, key: string, next: string) =>
  text.slice(text.indexOf(`"${key}":`) + key.length + 3, text.indexOf(`,"${next}"`));

const fromGraphql = (text: string, version: Told | null): Told | null =>
  version && { ...version, status: version.status.toLowerCase(), document: documentIn(text, 'document', 'status') };

async function publicDoor(name: string, version: string, includeDeleted: boolean): Promise<Told | null> {
  const query = `query ($n: String!, $v: String, $d: Boolean) { serverVersion(name: $n, version: $v, includeDeleted: $d) { ${fields} } }`;
  const { text, data } = await registry.graphql(query, { n: name, v: version, d: includeDeleted });
  return fromGraphql(text, data.serverVersion);
}

async function restDoor(name: string, version: string, includeDeleted: boolean): Promise<Told | null> {
  const path = `/v0.1/servers/${encodeURIComponent(name)}/versions/${version}?include_deleted=${includeDeleted}`;
  const answer = await registry.rest(path);
  if (answer.status === 404) return null;
  const text = await answer.text();
  const { _meta } = JSON.parse(text) as { _meta: Record<string, Told> };
  const { status, isLatest, publishedAt, updatedAt } = Object.values(_meta)[0]!;
  return { document: documentIn(text, 'server', '_meta'), status, isLatest, publishedAt, updatedAt };
}

async function subgraphDoor(name: string, version: string): Promise<Told | null> {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ServerVersion { ${fields} } } }`;
  const { text, data } = await registry.subgraph(query, { r: [{ __typename: 'ServerVersion', name, version }] });
  return fromGraphql(text, data._entities[0]);
}

describe('a version is the same at the three doors, its document byte for byte', () => {
  test.each([
    ['io.github.alice/weather', '1.0.0'],
    ['io.github.alice/weather', '1.10.0'],
    ['IO.github.Alice/WEATHER', '1.10.0'],
    ['io.github.bob/tools', 'nightly'],
    ['io.github.alice/weather', '1.11.0'],
    ['io.github.carol/gone', '1.0.0'],
  ])('%s %s', async (name, version) => {
    const told = await publicDoor(name, version, true);
    expect(told?.document).toContain(`"${version}"`);
    expect(await restDoor(name, version, true)).toEqual(told);
    expect(await subgraphDoor(name, version)).toEqual(told);
  });

  test.each([
    ['io.github.alice/weather', '9.9.9'],
    ['io.github.alice', '1.0.0'],
    ['io.github.nobody/nothing', '1.0.0'],
  ])('%s %s, which is not there, is nowhere', async (name, version) => {
    const told = [publicDoor(name, version, true), restDoor(name, version, true), subgraphDoor(name, version)];
    expect(await Promise.all(told)).toEqual([null, null, null]);
  });
});

test.each(['io.github.alice/weather', 'io.github.carol/gone', 'io.github.nobody/nothing'])(
  'the latest version of %s is the same for people and for programs, deleted ones asked for or not',
  async (name) => {
    for (const deleted of [false, true]) {
      expect(await restDoor(name, 'latest', deleted)).toEqual(await publicDoor(name, 'latest', deleted));
    }
  },
);

test('a deleted version is hidden at both doors that hide', async () => {
  expect(await publicDoor('io.github.alice/weather', '1.11.0', false)).toBeNull();
  expect(await restDoor('io.github.alice/weather', '1.11.0', false)).toBeNull();
});

test('the list of versions is the same, in its order, and its cursors serve at either door', async () => {
  const query = `query ($a: String) { serverVersions(first: 2, after: $a) { edges { node { name version } } pageInfo { endCursor } } }`;
  const graphql = (after: string | null) => registry.graphql(query, { a: after });
  const rest = async (cursor: string) => {
    const answer = await registry.rest(`/v0.1/servers?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    return (await answer.json()) as { servers: { server: Row }[]; metadata: { nextCursor?: string } };
  };
  const rowsOf = (list: { servers: { server: Row }[] }) =>
    list.servers.map(({ server }) => [server.name, server.version]);
  const edgesOf = (edges: { node: Row }[]) => edges.map(({ node }) => [node.name, node.version]);

  const [first, page] = [(await graphql(null)).data.serverVersions, await rest('')];
  expect(rowsOf(page)).toEqual(edgesOf(first.edges));
  const [second, next] = [
    (await graphql(page.metadata.nextCursor!)).data.serverVersions,
    await rest(first.pageInfo.endCursor),
  ];
  expect(rowsOf(next)).toEqual(edgesOf(second.edges));
  expect([...rowsOf(page), ...rowsOf(next)]).toEqual([
    ['io.github.alice/weather', '1.0.0'],
    ['io.github.alice/weather', '1.10.0'],
    ['io.github.Bob/Tools', 'nightly'],
  ]);
});

interface Row {
  name: string;
  version: string;
}

test.each(['@@@', 'WyJ4Il0'])('the cursor %s, which is none of this list, has the same refusal', async (cursor) => {
  const { status, errors } = await registry.graphql(`{ serverVersions(after: "${cursor}") { totalCount } }`);
  const answer = await registry.rest(`/v0.1/servers?cursor=${encodeURIComponent(cursor)}`);
  const problem = (await answer.json()) as { code: string; detail: string; retryable: boolean };
  expect(errors![0]!.extensions.code).toBe('INVALID_CURSOR');
  expect([answer.status, problem.code, problem.detail, problem.retryable]).toEqual([
    status,
    errors![0]!.extensions.code,
    errors![0]!.message,
    errors![0]!.extensions.retryable,
  ]);
});
