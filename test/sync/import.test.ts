import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importFrom } from '../../src/sync/import.ts';
import { aServer, cloneTemplate, createTestApp, type TestApp } from '../app.ts';

let registry: TestApp;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-import-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  registry = await createTestApp();
});
afterEach(() => registry.close());

const official = (more: object = {}) => ({
  'io.modelcontextprotocol.registry/official': {
    status: 'active',
    publishedAt: '2025-09-08T23:47:09.452138Z',
    updatedAt: '2025-09-09T00:16:49.16262Z',
    isLatest: true,
    ...more,
  },
});

/** Writes a dump of one record a line and gives its path. */
function dump(name: string, records: unknown[], pack: (text: string) => string | Buffer = (text) => text): string {
  const file = join(folder, name);
  const lines = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
  writeFileSync(file, pack(lines.join('\n')));
  return file;
}

const everything = async (app: TestApp) => {
  const { servers } = (await (await app.rest('/v0.1/servers?limit=100&include_deleted=true')).json()) as {
    servers: unknown[];
  };
  return servers;
};

describe('a file', () => {
  test('is kept with its documents, times and status; latest is computed anew', async () => {
    const records = [
      { server: aServer('io.github.alice/a', '1.0.0', { repository: {} }), _meta: official({ isLatest: true }) },
      { server: aServer('io.github.alice/a', '1.1.0'), _meta: official({ isLatest: false }) },
      {
        server: aServer('io.github.alice/b', 'nightly'),
        _meta: official({ status: 'deprecated', statusMessage: 'old' }),
      },
    ];
    const report = await importFrom(registry.app.db, dump('three.jsonl', records));
    expect(report).toMatchObject({ created: 3, skipped: 0 });
    const served = (await everything(registry)) as typeof records;
    expect(served.map((one) => one.server)).toEqual(records.map((one) => one.server));
    expect(served.map((one) => Object.values(one._meta)[0])).toMatchObject([
      { isLatest: false, publishedAt: '2025-09-08T23:47:09.452138Z', updatedAt: '2025-09-09T00:16:49.16262Z' },
      { isLatest: true },
      { isLatest: true, status: 'deprecated', statusMessage: 'old' },
    ]);
  });

  test('twice changes nothing and takes no new revision', async () => {
    const file = dump('twice.jsonl.gz', [aServer('io.github.alice/a'), aServer('io.github.alice/b')], gzipSync);
    expect(await importFrom(registry.app.db, file)).toMatchObject({ created: 2 });
    expect(await importFrom(registry.app.db, file)).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    const { data } = await registry.graphql('{ registry { revision } }');
    expect(data.registry.revision).toBe(2);
  });

  test('tells each skipped record with its place and reason, and keeps the others', async () => {
    const records = [
      aServer('io.github.alice/a'),
      '{"server": oops}',
      { name: 'io.github.alice/b' },
      aServer('io.github.alice/c'),
    ];
    const report = await importFrom(registry.app.db, dump('dirty.jsonl', records));
    expect(report).toMatchObject({ created: 2, skipped: 2 });
    expect(report.skippedRecords.map((one) => one.at)).toEqual(['line 2', 'line 3']);
    expect(report.skippedRecords.map((one) => one.reason).join('\n')).toMatch(/JSON[^]*version/);
  });

  test('keeps documents without a canonical form', async () => {
    const odd = ['"\\ud800"', '1e400', '{"__proto__":1,"__proto__":2}'].map(
      (value, i) => `{"name":"io.github.alice/odd${i}","version":"1.0.0","description":"","x":${value}}`,
    );
    expect(await importFrom(registry.app.db, dump('odd.jsonl', odd))).toMatchObject({ created: 3, skipped: 0 });
    const { data, text } = await registry.graphql('{ serverVersions { edges { node { digest document } } } }');
    expect(new Set(data.serverVersions.edges.map((edge: { node: { digest: string } }) => edge.node.digest)).size).toBe(
      3,
    );
    odd.forEach((document) => expect(text).toContain(document));
  });

  test('keeps the last of two records of one version', async () => {
    const records = [aServer('io.github.alice/a'), aServer('io.github.alice/a', '1.0.0', { title: 'Second' })];
    expect(await importFrom(registry.app.db, dump('repeated.jsonl', records))).toMatchObject({
      created: 1,
      updated: 1,
    });
    const { data } = await registry.graphql('{ server(name: "io.github.alice/a") { title } }');
    expect(data.server.title).toBe('Second');
  });

  test('that cannot be read ends in one sentence', async () => {
    await expect(importFrom(registry.app.db, join(folder, 'absent.jsonl'))).rejects.toThrow(/absent\.jsonl/);
  });
});

describe('another registry', () => {
  test('is copied whole, and the next run asks only for what changed', async () => {
    const upstream = await createTestApp();
    await upstream.seed(
      Array.from({ length: 230 }, (_, i) => ({ server: aServer(`io.github.bob/s${i % 90}`, `1.${i}.0`) })),
    );
    await upstream.seed([{ server: aServer('io.github.bob/gone'), status: 'deleted' }]);
    expect(await importFrom(registry.app.db, upstream.url)).toMatchObject({ created: 231, skipped: 0 });
    const copy = async (app: TestApp) =>
      (
        await app.graphql(
          '{ serverVersions(first: 100, filter: { status: [ACTIVE, DEPRECATED, DELETED] }) { totalCount edges { node { name version status isLatest publishedAt updatedAt digest } } } }',
        )
      ).data;
    expect(await copy(registry)).toEqual(await copy(upstream));

    await upstream.seed([{ server: aServer('io.github.bob/new'), publishedAt: new Date().toISOString() }]);
    const again = await importFrom(registry.app.db, `${upstream.url}/v0.1`);
    expect(again).toMatchObject({ created: 1, updated: 0 });
    await upstream.close();
  });

  test('interrupted, leaves whole records and goes on where it was', async () => {
    const upstream = await createTestApp();
    await upstream.seed(Array.from({ length: 700 }, (_, i) => ({ server: aServer(`io.github.bob/s${i}`) })));
    const stop = new AbortController();
    const interrupted = importFrom(registry.app.db, upstream.url, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('Interrupted; run it again to go on.')),
    });
    await expect(interrupted).rejects.toThrow('Interrupted; run it again to go on.');
    const before = await registry.app.db.sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM versions WHERE revision > 0',
    );
    expect(before[0]!.n).toBeGreaterThan(0);
    expect(before[0]!.n).toBeLessThan(700);
    const rest = await importFrom(registry.app.db, upstream.url);
    expect(rest.created).toBe(700 - before[0]!.n);
    await upstream.close();
  });

  test('its password stays out of the database', async () => {
    const upstream = await createTestApp();
    await upstream.seed([{ server: aServer('io.github.bob/a') }]);
    await importFrom(registry.app.db, upstream.url.replace('://', '://me:canary@'));
    const rows = await registry.app.db.sql('SELECT v.source, s.* FROM versions v, sync_sources s');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('canary');
    await upstream.close();
  });
});

describe('npm run import', () => {
  const run = async (args: string[]) => {
    const env = { ...process.env, MCP_REGISTRY_DATABASE_URL: await cloneTemplate() };
    const child = spawn(process.execPath, ['src/sync/import.cli.ts', ...args], { env });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stderr };
  };

  test('says in plain lines what it did, and what it skipped', async () => {
    const { code, stderr } = await run([
      dump('cli.jsonl', [aServer('io.github.alice/a'), { name: 'io.github.alice/b' }]),
    ]);
    expect(stderr).toMatch(/Importing: 2 records in \d+s: 1 created, 1 skipped\.\nskipped line 2: .+\n/);
    expect(code).toBe(0);
  });

  test('killed half-way leaves whole batches, and the next run brings the rest', async () => {
    const file = dump(
      'long.jsonl',
      Array.from({ length: 4_000 }, (_, i) => aServer(`io.github.carol/s${i % 900}`, `1.${i}.0`)),
    );
    const env = { ...process.env, MCP_REGISTRY_DATABASE_URL: registry.databaseUrl };
    const child = spawn(process.execPath, ['src/sync/import.cli.ts', file], { env });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const count = async () =>
      (await registry.app.db.sql<{ n: number }>('SELECT count(*)::int AS n FROM versions'))[0]!.n;
    while ((await count()) === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await ended;
    const { created, unchanged } = await importFrom(registry.app.db, file);
    expect(created + unchanged).toBe(4_000);
    expect(unchanged).toBeGreaterThan(0);
    expect(unchanged % 500).toBe(0);
    const torn = await registry.app.db.sql(
      `SELECT s.name FROM servers s JOIN versions v ON v.server_id = s.id GROUP BY s.id
       HAVING count(*) FILTER (WHERE v.is_latest) <> 1 OR min(v.revision) < 1 OR max(v.revision) <> s.revision`,
    );
    expect(torn).toEqual([]);
    await registry.app.revision.refresh();
    const newest = registry.app.revision.current();
    const log = await registry.app.db.sql('SELECT count(*)::int AS n, max(revision) AS newest FROM changes');
    expect(log).toEqual([{ n: newest, newest }]);
  });

  test('without a source says how it is used', async () => {
    const { code, stderr } = await run([]);
    expect(stderr).toContain('Usage: npm run import -- <file | URL | registry URL | ->');
    expect(code).toBe(2);
  });

  test('of a file that is not there ends in one line', async () => {
    const { code, stderr } = await run([join(folder, 'nowhere.json')]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });
});
