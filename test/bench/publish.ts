// npm run bench:publish [-- --seconds <n>]: publishes a second, and what reads notice while the registries of packages hang.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { failures } from '../external/failures.ts';
import { startUpstreams, type Upstreams } from '../packages/upstreams.ts';
import { stopAll } from './children.ts';
import { measure, startLoad, type Measured } from './load.ts';
import { startRegistry } from './registry.ts';

const PUBLISHERS = 20;
const UPSTREAM_MS = 20;
const HANGING = 40;
const READ_CONNECTIONS = 16;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } });
const ms = Number(values.seconds) * 1_000;
const nameOf = (publisher: number | string) => `io.modelcontextprotocol.anonymous/p${publisher}`;

/** Publishes that were told to come again. */
let turnedAway = 0;

/** A document with a package to ask about. */
const documentOf = (publisher: number | string, n: number) => ({
  $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
  name: nameOf(publisher),
  description: 'A server that is published to be measured',
  version: `1.${n}.0`,
  packages: [{ registryType: 'npm', identifier: `p${publisher}`, version: `1.${n}.0`, transport: { type: 'stdio' } }],
});

/** Has so many work at a time until the time is up; what they did a second. */
async function perSecond(workers: number, work: (worker: number, n: number) => Promise<void>): Promise<number> {
  const started = performance.now();
  let done = 0;
  const run = async (worker: number) => {
    for (let n = 0; performance.now() - started < ms; n += 1, done += 1) await work(worker, n);
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
  return done / ((performance.now() - started) / 1_000);
}

async function tokenOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/v0/auth/none`, { method: 'POST' });
  return ((await answer.json()) as { registry_token: string }).registry_token;
}

const post = (url: string, token: string, document: object) =>
  fetch(`${url}/v0/publish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(document),
  });

async function publishesPerSecond(url: string, upstreams: Upstreams): Promise<number> {
  const token = await tokenOf(url);
  upstreams.delay(UPSTREAM_MS);
  return perSecond(PUBLISHERS, async (publisher, n) => {
    upstreams.npm.publish(`p${publisher}`, `1.${n}.0`, { mcpName: nameOf(publisher) });
    const document = documentOf(publisher, n);
    for (let answer = await post(url, token, document); !answer.ok; answer = await post(url, token, document)) {
      const text = await answer.text();
      if (answer.status !== 503) throw new Error(`${answer.status} ${text}`);
      turnedAway += 1;
      await sleep(100);
    }
  });
}

/** The limit: transactions that take a counter and commit, as the last statement of each publish does. */
async function commitsPerSecond(databaseUrl: string): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      return client;
    }),
  );
  await clients[0]!.query('DROP TABLE IF EXISTS bench_counter; CREATE TABLE bench_counter AS SELECT 0 AS n');
  const rate = await perSecond(clients.length, async (worker) => {
    await clients[worker]!.query('UPDATE bench_counter SET n = n + 1');
  });
  await clients[0]!.query('DROP TABLE bench_counter');
  await Promise.all(clients.map((client) => client.end()));
  return rate;
}

async function reads(url: string): Promise<Measured> {
  const path = `${url}/v0/servers/${encodeURIComponent(nameOf(0))}/versions/latest`;
  const bytes = (await (await fetch(path)).arrayBuffer()).byteLength;
  const child = await startLoad();
  const targets = [{ url: path, method: 'GET' as const, headers: {}, body: null, status: 200, bytes }];
  const measured = await measure(child, { targets, connections: READ_CONNECTIONS, warmUpMs: 500, ms });
  await child.stop();
  return measured;
}

/** The same while every publish waits for a registry that never answers. */
async function readsWhileHanging(url: string, upstreams: Upstreams): Promise<Measured> {
  const token = await tokenOf(url);
  upstreams.npm.fail(failures['time-out']!(0));
  let going = true;
  const hang = async (i: number) => {
    for (let n = 0; going; n += 1) await post(url, token, documentOf(`h${i}`, n)).then((answer) => answer.text());
  };
  const hanging = Array.from({ length: HANGING }, (_, i) => hang(i));
  const measured = await reads(url);
  going = false;
  upstreams.npm.fail(null);
  await Promise.all(hanging);
  return measured;
}

const show = ({ perSecond: rate, p50, p99 }: Measured) =>
  `${Math.round(rate)} a second, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;

const scratch = mkdtempSync(join(tmpdir(), 'mcp-registry-bench-'));
const upstreams = await startUpstreams();
try {
  const dataDir = join(scratch, 'data');
  const more = { ...upstreams.env, MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true', MCP_REGISTRY_RATE_LIMITS: 'false' };
  const registry = await startRegistry(dataDir, scratch, more);
  const database = await startEmbeddedPostgres({ dataDir });
  const publishes = await publishesPerSecond(registry.publicUrl, upstreams);
  const commits = await commitsPerSecond(database.url);
  console.log(
    `publishes, ${PUBLISHERS} at a time, upstreams at ${UPSTREAM_MS} ms: ${Math.round(publishes)} a second, ${turnedAway} told to come again`,
  );
  console.log(
    `commits of one counter, the limit: ${Math.round(commits)} a second; ratio ${(publishes / commits).toFixed(2)}`,
  );
  console.log(`reads alone: ${show(await reads(registry.publicUrl))}`);
  console.log(`reads while ${HANGING} publishes hang: ${show(await readsWhileHanging(registry.publicUrl, upstreams))}`);
  console.log(`reads alone again: ${show(await reads(registry.publicUrl))}`);
} finally {
  await stopAll();
  await upstreams.close();
  rmSync(scratch, { recursive: true, force: true });
}
