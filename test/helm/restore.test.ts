import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { chartFile } from './kubernetes.ts';
import { programs, startServer, type Server } from './whole-postgres.ts';

if (!programs) console.log('!!! LEFT OUT: there is no pg_dump, so the chart’s backup was not tried. !!!');

const SERVERS = Number(process.env.TEST_RESTORE_VERSIONS ?? 1_000);

describe.skipIf(!programs)('a dump by the chart’s job', () => {
  let server: Server;
  let registry: TestApp;
  let folder: string;

  beforeAll(async () => {
    server = await startServer();
    folder = join(server.folder, 'dumps');
    mkdirSync(folder);
    registry = await start('first');
    const names = Array.from({ length: SERVERS }, (_, i) => ({ server: aServer(`io.github.alice/server-${i}`) }));
    for (let i = 0; i < SERVERS; i += 200) {
      await registry.seed(names.slice(i, i + 200));
      // As an import does: PostgreSQL plans by what it knows of the tables.
      if (i % 10_000 === 0) await sql('first', 'ANALYZE');
    }
    await publish(registry, '1.0.0');
  }, 1_200_000);

  afterAll(async () => {
    await registry?.close();
    await server?.stop();
  });

  /** A registry on a database of its own there. */
  async function start(database: string): Promise<TestApp> {
    await sql('postgres', `CREATE DATABASE ${database}`).catch(() => {});
    return createTestApp({
      MCP_REGISTRY_DATABASE_URL: server.url(database),
      MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
    });
  }

  async function sql(database: string, text: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.url(database) });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  /** Runs the job's script. */
  function dump(database: string, keep = 14) {
    const env = {
      PATH: `${programs}:${process.env.PATH}`,
      FOLDER: folder,
      KEEP: String(keep),
      MCP_REGISTRY_DATABASE_URL: server.url(database),
    };
    return spawnSync('sh', ['-euc', readFileSync(chartFile('files/dump.sh'), 'utf8')], { env, encoding: 'utf8' });
  }

  const dumps = () => readdirSync(folder).sort();

  test('restored elsewhere is the same registry: its copy, its feed, its audit, and it goes on', async () => {
    const before = await (await registry.rest('/v0.1/export')).text();
    const cursor = Number((await registry.rest('/v0.1/export')).headers.get('registry-revision'));
    const began = performance.now();
    expect(dump('first')).toMatchObject({ status: 0, stderr: '' });
    const dumped = performance.now();
    await sql('postgres', 'CREATE DATABASE second');
    const flags = ['--no-owner', '--no-privileges', '--exit-on-error', `--dbname=${server.url('second')}`];
    const restored = spawnSync(join(programs!, 'pg_restore'), [...flags, join(folder, dumps()[0]!)], {
      encoding: 'utf8',
    });
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    const seconds = (from: number, to: number) => ((to - from) / 1_000).toFixed(1);
    console.log(
      `${SERVERS} versions: dumped in ${seconds(began, dumped)} s, restored in ${seconds(dumped, performance.now())} s`,
    );

    const second = await start('second');
    try {
      expect(await (await second.rest('/v0.1/export')).text()).toBe(before);
      const nothing = await (await second.rest(`/v0.1/changes?after=${cursor}`)).json();
      expect(nothing).toEqual({ changes: [], metadata: { revision: cursor, hasMore: false } });
      await publish(second, '1.1.0');
      const { changes } = (await (await second.rest(`/v0.1/changes?after=${cursor}`)).json()) as {
        changes: { revision: number }[];
      };
      expect(changes[0]?.revision).toBe(cursor + 1);
      const report = await verifyAudit(second.app.db.sql);
      expect(report).toMatchObject({ broken: null });
      expect(report.rows).toBeGreaterThan(0);
    } finally {
      await second.close();
    }
  });

  test('is whole or not there, and the oldest go', () => {
    expect(dump('nowhere').status).not.toBe(0);
    expect(dumps().filter((name) => name.endsWith('.dump'))).toHaveLength(1);
    for (const day of ['01', '02', '03']) writeFileSync(join(folder, `registry-202001${day}T000000Z.dump`), '');
    // One, since two dumps of one second have one name.
    expect(dump('first', 1)).toMatchObject({ status: 0 });
    expect(dumps()).toHaveLength(1);
    expect(dumps().filter((name) => name.startsWith('registry-2020'))).toEqual([]);
  });
});

async function publish(registry: TestApp, version: string): Promise<void> {
  const login = await registry.rest('/v0.1/auth/none', { method: 'POST' });
  const { registry_token: token } = (await login.json()) as { registry_token: string };
  const answer = await registry.rest('/v0.1/publish', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(aServer('io.modelcontextprotocol.anonymous/restored', version)),
  });
  expect(answer.status).toBe(200);
}
