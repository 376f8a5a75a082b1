import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enqueueJob } from '../../src/jobs/jobs.db.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { checkInvariants } from '../invariants.ts';
import { emptyDatabase, run, sql } from './command.ts';

/** The drill of the README's figures is `TEST_RESTORE_VERSIONS=100000 npm test -- test/backup/drill`. */
const VERSIONS = Number(process.env.TEST_RESTORE_VERSIONS ?? 1_000);

let folder: string;
let registry: TestApp;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-registry-backup-'));
  registry = await createTestApp({ MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true' });
  const records = Array.from({ length: VERSIONS }, (_, i) => ({
    server: aServer(`io.github.alice/server-${i % Math.ceil(VERSIONS / 2)}`, `1.${i}.0`, {
      description: `Tells the weather of town ${i}, with "quotes", a \\ and ünïcode`,
      remotes: [{ type: 'streamable-http', url: `https://server-${i}.example.com/mcp` }],
    }),
  }));
  for (let i = 0; i < VERSIONS; i += 500) {
    await registry.seed(records.slice(i, i + 500));
    // As an import does: PostgreSQL plans by what it knows of the tables.
    if (i % 10_000 === 0) await registry.app.db.sql('ANALYZE');
  }
  const login = await registry.rest('/v0.1/auth/none', { method: 'POST' });
  token = ((await login.json()) as { registry_token: string }).registry_token;
  await publish(registry, 'before');
}, 1_200_000);

afterAll(async () => {
  await registry?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function publish(at: TestApp, slug: string): Promise<void> {
  const answer = await at.rest('/v0.1/publish', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(aServer(`io.modelcontextprotocol.anonymous/${slug}`)),
  });
  expect(await answer.text()).toContain(slug);
  expect(answer.status).toBe(200);
}

interface Changes {
  changes: { revision: number; server: { name: string } }[];
  metadata: { revision: number; hasMore: boolean };
}

/** Everything that the feed tells behind a cursor, page by page. */
async function follow(at: TestApp, cursor: number): Promise<Changes['changes']> {
  const all: Changes['changes'] = [];
  for (let after = cursor; ;) {
    const { changes, metadata } = (await (await at.rest(`/v0.1/changes?after=${after}`)).json()) as Changes;
    all.push(...changes);
    if (!metadata.hasMore) return all;
    after = metadata.revision;
  }
}

const exportOf = async (at: TestApp) => (await at.rest('/v0.1/export')).text();

/** What the doors answer, without what differs between any two answers. */
async function answersOf(at: TestApp): Promise<unknown[]> {
  const query = `{ servers(filter: { search: "weather" }, first: 20) { totalCount edges { cursor node { name latestVersion { version digest document } } } }
    registry { serverCount versionCount } }`;
  const paths = [
    '/v0.1/servers?limit=50',
    '/v0.1/servers?search=town',
    '/v0.1/servers?updated_since=2020-01-01T00:00:00Z',
  ];
  const rest = await Promise.all(paths.map(async (path) => (await at.rest(path)).text()));
  return [...rest, (await at.graphql(query)).data, await follow(at, Math.max(VERSIONS - 50, 0))];
}

test('a backup restored to another cluster is the same registry, and goes on where it was', async () => {
  await enqueueJob(registry.app.db.sql, 'purge', { tags: ['t'] }, { runAt: new Date(Date.now() + 3_600_000) });
  const before = await exportOf(registry);
  const revision = Number((await registry.rest('/v0.1/export')).headers.get('registry-revision'));
  const answers = await answersOf(registry);
  const file = join(folder, 'quiet.zip');
  const backup = await run('backup', registry.databaseUrl, file);
  expect(backup).toMatchObject({ code: 0, stdout: expect.stringContaining(`at revision ${revision} to ${file}`) });
  expect(statSync(file).mode & 0o777).toBe(0o600);

  // The embedded database in a folder of its own: another cluster, with another password and nothing in it.
  const cluster = { MCP_REGISTRY_DATA_DIR: join(folder, 'data') };
  const restored = await run('restore', cluster, file);
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining(`revision ${revision}, in`) });
  console.log(`${VERSIONS} versions: ${backup.stdout}${restored.stdout}`);

  const second = await createTestApp({
    MCP_REGISTRY_DATABASE_URL: '',
    MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
    ...cluster,
  });
  try {
    expect(await exportOf(second)).toBe(before);
    expect(await answersOf(second)).toEqual(answers);
    expect(await follow(second, revision)).toEqual([]);
    // The login of before the backup goes on, and so do revisions and numbers of rows.
    await publish(second, 'after');
    expect((await follow(second, revision)).map((change) => [change.revision, change.server.name])).toEqual([
      [revision + 1, 'io.modelcontextprotocol.anonymous/after'],
    ]);
    const jobs = 'SELECT task_identifier AS task, attempts, locked_at FROM graphile_worker.jobs';
    expect(await second.app.db.sql(jobs)).toEqual([{ task: 'purge', attempts: 0, locked_at: null }]);
    if (VERSIONS <= 10_000) await checkInvariants(second, { acknowledged: [], tried: new Set(await keysOf(second)) });
  } finally {
    await second.close();
  }
}, 1_800_000);

const keysOf = async ({ app }: TestApp) =>
  (
    await app.db.sql<{ key: string }>(
      `SELECT s.name || ' ' || v.version AS key FROM versions v JOIN servers s ON s.id = v.server_id`,
    )
  ).map(({ key }) => key);

test('one that is made while publishes go on is of one moment: what came later is all in the feed behind it', async () => {
  let going = true;
  const publishing = (async () => {
    for (let n = 0; going; n += 1) await publish(registry, `during-${n}`);
  })();
  const backup = await run('backup', registry.databaseUrl, `${folder}/many/`, '--keep', '2');
  going = false;
  await publishing;
  expect(backup).toMatchObject({ code: 0, stderr: '' });
  const revision = Number(/at revision (\d+)/.exec(backup.stdout)![1]);

  const url = await emptyDatabase();
  const file = join(folder, 'many', readdirSync(join(folder, 'many'))[0]!);
  expect(await run('restore', url, file)).toMatchObject({ code: 0 });
  const second = await createTestApp({ MCP_REGISTRY_DATABASE_URL: url });
  try {
    const there = (await exportOf(second)).split('\n');
    const since = (await follow(registry, revision)).map((change) => change.server.name);
    expect(since.length).toBeGreaterThan(0);
    const isSince = (line: string) => since.some((name) => line.includes(`"${name}"`));
    expect((await exportOf(registry)).split('\n').filter((line) => !isSince(line))).toEqual(there);
    expect(there.filter(isSince)).toEqual([]);
  } finally {
    await second.close();
  }
  const [{ rows } = { rows: 0 }] = await sql<{ rows: number }>(url, 'SELECT count(*)::int AS rows FROM audit');
  expect(rows).toBeGreaterThan(0);
}, 600_000);
