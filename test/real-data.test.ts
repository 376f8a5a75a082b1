import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { digestOf } from '../src/servers/digest.ts';
import { importFrom, type ImportReport } from '../src/sync/import.ts';
import { createTestApp, type TestApp } from './app.ts';
import { compareByContract, microseconds } from './servers/semver.ts';
import { walk, type Parsed } from './servers/walk.ts';

const dump = fileURLToPath(new URL('../../shared/data/official-full-2025-12-18.jsonl', import.meta.url));
const present = existsSync(dump);
if (!present) console.warn(`\n*** ${dump} is not there: nothing is checked against real data. ***\n`);

/** A record of the dump with what the door must say of it. */
interface Real {
  name: string;
  version: string;
  text: string;
  server: Parsed;
  status: string;
  publishedAt: string;
  updatedAt: string;
}

const official = 'io.modelcontextprotocol.registry/official';
const records: Real[] = present ? readFileSync(dump, 'utf8').trim().split('\n').map(readRecord) : [];

function readRecord(line: string): Real {
  const { server, _meta } = JSON.parse(line);
  const text = line.slice('{"server":'.length, line.lastIndexOf(',"_meta":'));
  const { status, publishedAt, updatedAt } = _meta[official];
  return { name: server.name, version: server.version, text, server, status, publishedAt, updatedAt };
}

const keyOf = ({ name, version }: { name: string; version: string }) => `${name.toLowerCase()}\0${version}`;
const groups = Map.groupBy(records, ({ name }) => name.toLowerCase());
const visible = (versions: Real[]) => versions.filter(({ status }) => status !== 'deleted');
const latestOf = (versions: Real[]) => visible(versions).toSorted(compareByContract).at(-1);
const heads = [...groups.values()].flatMap((versions) => latestOf(versions) ?? []);

let app: TestApp | undefined;
let report: ImportReport;
let seconds: number;

beforeAll(async () => {
  if (!present) return;
  app = await createTestApp();
  const start = performance.now();
  report = await importFrom(app.app.db, dump);
  seconds = (performance.now() - start) / 1_000;
  // As if the import had been long ago: what changed here since a time counts as updated too.
  await app.app.db.sql("UPDATE changes SET changed_at = '1990-01-01T00:00:00Z'");
}, 120_000);
afterAll(() => app?.close());

/** The service with the real records in it; without them the test is passed over, which was said aloud above. */
function loaded(context: TestContext): TestApp {
  if (!app) return context.skip();
  return app;
}

const pageInfo = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const everyStatus = 'status: [ACTIVE, DEPRECATED, DELETED]';

test('the import keeps all 2,794 records', (context) => {
  loaded(context);
  expect({ ...report, skippedRecords: report.skippedRecords }).toEqual({
    ...{ created: 2_794, updated: 0, unchanged: 0, kept: 0, skipped: 0 },
    skippedRecords: [],
  });
  console.log(`import: ${Math.round(records.length / seconds)} records a second, its service beside it`);
});

test('the export has each of them byte for byte', async (context) => {
  const one = loaded(context);
  const start = performance.now();
  const text = await (await one.rest('/v0.1/export', { headers: { 'accept-encoding': 'identity' } })).text();
  const ms = performance.now() - start;
  const exported = text.trim().split('\n').map(readRecord);
  const texts = (all: Real[]) => new Map(all.map((record) => [keyOf(record), record.text]));
  expect(texts(exported)).toEqual(texts(records));
  expect(exported).toHaveLength(records.length);
  const rate = Math.round((records.length / ms) * 1_000);
  console.log(`export: ${rate} records a second, ${(text.length / 1e6).toFixed(1)} MB in ${Math.round(ms)} ms`);
});

describe('a walk of all versions', () => {
  test('meets each once, its document as it came, its times and status, and one latest a server', async (context) => {
    const field = (
      args: string,
    ) => `serverVersions(${args}, filter: { ${everyStatus} }) { ${pageInfo} edges { cursor node {
      name version document digest status isLatest publishedAt updatedAt title description } } }`;
    const { nodes, totals } = await walk(loaded(context), { field, path: ['serverVersions'], size: 100 });
    expect(totals).toEqual(new Set([2_794]));
    expect(nodes.map(keyOf)).toEqual(records.map(keyOf).toSorted());
    const byKey = new Map(records.map((record) => [keyOf(record), record]));
    const latest = new Set(heads.map(keyOf));
    for (const node of nodes) {
      const { server, status, publishedAt, updatedAt } = byKey.get(keyOf(node))!;
      expect(node).toMatchObject({
        ...{
          document: server,
          digest: digestOf(server),
          status: status.toUpperCase(),
          isLatest: latest.has(keyOf(node)),
        },
        ...{ title: server.title ?? null, description: server.description },
      });
      expect([microseconds(node.publishedAt), microseconds(node.updatedAt)]).toEqual([
        microseconds(publishedAt),
        microseconds(updatedAt),
      ]);
    }
  });

  test('has every document byte for byte', async (context) => {
    const byKey = new Map(records.map((record) => [keyOf(record), record.text]));
    let [after, met] = ['', 0];
    do {
      const query = `{ serverVersions(first: 100, ${after} filter: { ${everyStatus} }) {
        pageInfo { endCursor hasNextPage } edges { node { name version document } } } }`;
      const { text, data } = await loaded(context).graphql(query);
      const { edges, pageInfo } = data.serverVersions;
      for (const { node } of edges) {
        const head = JSON.stringify({ name: node.name, version: node.version }).slice(0, -1);
        const verbatim = `${head},"document":${byKey.get(keyOf(node))}}`;
        expect(text.includes(verbatim), keyOf(node)).toBe(true);
        met += 1;
      }
      after = pageInfo.hasNextPage ? `after: "${pageInfo.endCursor}",` : '';
    } while (after !== '' && met < 10_000);
    expect(met).toBe(2_794);
  });
});

test('a walk of all servers meets each once, with its latest version and all of its versions', async (context) => {
  const field = (args: string) => `servers(${args}, filter: { ${everyStatus} }) { ${pageInfo} edges { cursor node {
    name status createdAt updatedAt latestVersion { version } versions(first: 100, filter: { ${everyStatus} }) { totalCount edges { node { version } } } } } }`;
  const { nodes } = await walk(loaded(context), { field, path: ['servers'], size: 10 });
  expect(nodes.map((node) => node.name.toLowerCase())).toEqual([...groups.keys()].toSorted());
  for (const node of nodes) {
    const versions = groups.get(node.name.toLowerCase())!;
    const newest = versions.toSorted((a, b) => Number(microseconds(b.publishedAt) - microseconds(a.publishedAt)));
    expect(node.latestVersion?.version).toBe(latestOf(versions)?.version);
    expect(node.versions.totalCount).toBe(versions.length);
    expect(node.versions.edges.map((edge: Parsed) => edge.node.version)).toEqual(newest.map(({ version }) => version));
    expect(microseconds(node.createdAt)).toBe(microseconds(newest.at(-1)!.publishedAt));
  }
});

describe('filters count what plain JavaScript counts', () => {
  const lists = (server: Real['server'], key: string): Parsed[] => (Array.isArray(server[key]) ? server[key] : []);
  const transportsOf = ({ server }: Real) => [
    ...lists(server, 'packages').map((one) => one.transport?.type ?? 'stdio'),
    ...lists(server, 'remotes').map((one) => one.type),
  ];
  const ships = (type: string) => (one: Real) =>
    lists(one.server, 'packages').some((each) => each.registryType === type);
  const cases: [string, (one: Real) => boolean][] = [
    ['', () => true],
    ...['npm', 'pypi', 'oci', 'nuget', 'mcpb', 'cargo'].map((type): [string, (one: Real) => boolean] => [
      `registryType: "${type}"`,
      ships(type),
    ]),
    ['transport: [STDIO]', (one) => transportsOf(one).includes('stdio')],
    [
      'transport: [SSE, STREAMABLE_HTTP]',
      (one) => transportsOf(one).some((type) => type === 'sse' || type === 'streamable-http'),
    ],
    ['delivery: [PACKAGE]', (one) => lists(one.server, 'packages').length > 0],
    ['delivery: [REMOTE]', (one) => lists(one.server, 'remotes').length > 0],
    ['namespace: "ai.smithery"', (one) => one.name.startsWith('ai.smithery/')],
    ['namespace: "io.github.*"', (one) => one.name.startsWith('io.github.')],
    [
      'updatedSince: "2025-12-01T00:00:00Z"',
      (one) => groups.get(one.name.toLowerCase())!.some(({ updatedAt }) => updatedAt > '2025-12-01'),
    ],
    [
      'registryType: ["npm", "pypi"], transport: [STDIO], delivery: [REMOTE], namespace: "io.github.*"',
      (one) =>
        (ships('npm')(one) || ships('pypi')(one)) &&
        transportsOf(one).includes('stdio') &&
        lists(one.server, 'remotes').length > 0 &&
        one.name.startsWith('io.github.'),
    ],
  ];

  test.for(cases)('servers: { %s }', async ([filter, fits], context) => {
    const { data } = await loaded(context).graphql(`{ servers(filter: { ${filter} }) { totalCount } }`);
    expect(data.servers.totalCount).toBe(heads.filter(fits).length);
  });
});

describe('a search', () => {
  const textOf = ({ name, server }: Real) => `${name}\n${server.title ?? ''}\n${server.description}`.toLowerCase();
  const search = async (one: TestApp, word: string) => {
    const field = (args: string) =>
      `servers(${args}, filter: { search: "${word}" }) { ${pageInfo} edges { cursor node { name } } }`;
    return (await walk(one, { field, path: ['servers'], size: 100 })).nodes.map((node) => node.name as string);
  };

  test('for postgres finds every server that has it in name, title or description, names first', async (context) => {
    const found = await search(loaded(context), 'postgres');
    const truth = heads.filter((head) => textOf(head).includes('postgres')).map(({ name }) => name);
    expect(truth.length).toBeGreaterThan(5);
    expect(found.toSorted()).toEqual(truth.toSorted());
    const named = found.map((name) => name.toLowerCase().includes('postgres'));
    expect(named).toEqual(named.toSorted((a, b) => Number(b) - Number(a)));
  });

  test('with a typo finds every server that has the right word, or one that begins like it', async (context) => {
    const truth = heads.filter((head) =>
      textOf(head)
        .split(/[^\p{L}\p{N}]+/u)
        .some((word) => word.startsWith('postgres')),
    );
    for (const typo of ['postgers', 'potgres', 'posttgres', 'pqstgres']) {
      expect((await search(loaded(context), typo)).toSorted()).toEqual(truth.map(({ name }) => name).toSorted());
    }
  });

  test('finds whatever stands there, for all words of three letters and more', async (context) => {
    const words = heads.flatMap((head) => textOf(head).match(/[\p{L}\p{N}]{3,}/gu) ?? []);
    const sample = [...new Set(words)].toSorted().filter((_, i) => i % 23 === 0);
    let [there, met] = [0, 0];
    const missed: string[] = [];
    for (const word of sample) {
      const found = new Set(await search(loaded(context), word));
      const truth = heads.filter((head) => textOf(head).includes(word)).map(({ name }) => name);
      there += truth.length;
      met += truth.filter((name) => found.has(name)).length;
      missed.push(...truth.filter((name) => !found.has(name)).map((name) => `${word}: ${name}`));
    }
    console.log(`search: recall ${((100 * met) / there).toFixed(2)} % of ${there} for ${sample.length} words`);
    expect(missed.slice(0, 5)).toEqual([]);
  });
});
