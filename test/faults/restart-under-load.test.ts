import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterPaths } from '../../src/database/cluster.ts';
import { findPostmaster } from '../../src/database/postmaster.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';

const READS_A_SECOND = 200;
const PUBLISHES_A_SECOND = 10;
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 1);
/** The bar, which the long run holds; beside other tests a machine has less to recover with. */
const RECOVERED_WITHIN_MS = process.env.TEST_ROUNDS ? 5_000 : 10_000;

let dataDir: string;
let registry: TestApp;
let token: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-registry-restart-'));
  registry = await createTestApp({
    MCP_REGISTRY_DATABASE_URL: '',
    MCP_REGISTRY_DATA_DIR: dataDir,
    MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
    MCP_REGISTRY_RATE_LIMITS: 'false',
  });
  await registry.seed(Array.from({ length: 500 }, (_, i) => ({ server: aServer(`io.github.alice/server-${i}`) })));
  const login = await registry.rest('/v0.1/auth/none', { method: 'POST' });
  token = ((await login.json()) as { registry_token: string }).registry_token;
});

afterAll(async () => {
  await registry?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Sent {
  /** When the answer had come: what was cut off in the middle was sent before PostgreSQL ended. */
  at: number;
  status: number;
  retryAfter: string | null;
  version?: string;
}

/** Sends so many a second, however long answers take, until told to stop; gives what was answered. */
function load(perSecond: number, send: (i: number) => Promise<Omit<Sent, 'at'>>) {
  const answers: Promise<Sent>[] = [];
  const timer = setInterval(() => {
    answers.push(send(answers.length).then((answer) => ({ at: performance.now(), ...answer })));
  }, 1_000 / perSecond);
  return () => {
    clearInterval(timer);
    return Promise.all(answers);
  };
}

/** A search that no read before it made, so that it asks the database. */
async function read(i: number): Promise<Omit<Sent, 'at'>> {
  const answer = await registry.rest(`/v0.1/servers?limit=5&search=server-${i % 500}+${i}`);
  await answer.text();
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
}

async function publish(version: string): Promise<Omit<Sent, 'at'>> {
  const answer = await registry.rest('/v0.1/publish', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(aServer('io.modelcontextprotocol.anonymous/loaded', version)),
  });
  await answer.text();
  return { version, status: answer.status, retryAfter: answer.headers.get('retry-after') };
}

test('PostgreSQL that ends under load is soon back: 503 until then, no lost publish, no poisoned connection', async () => {
  const began = performance.now();
  const stopReads = load(READS_A_SECOND, read);
  const stopPublishes = load(PUBLISHES_A_SECOND, (i) => publish(`1.${i}.0`));
  const killed: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await sleep(2_000);
    // What pg_ctl restart -m immediate sends; whoever started it brings it back.
    process.kill(findPostmaster(clusterPaths(dataDir).lock)!.pid, 'SIGQUIT');
    killed.push(performance.now());
    await sleep(RECOVERED_WITHIN_MS + 1_000);
  }
  const seconds = (performance.now() - began) / 1_000;
  const [reads, publishes] = [await stopReads(), await stopPublishes()];
  const failed = [...reads, ...publishes].filter(({ status }) => status !== 200);
  expect(failed.filter(({ status, retryAfter }) => status !== 503 || !/^\d+$/.test(retryAfter ?? ''))).toEqual([]);
  const away = failed.map(({ at }) => at - killed.findLast((one) => one <= at)!);
  console.log(
    `${ROUNDS} restarts under ${Math.round(reads.length / seconds)} reads and ${Math.round(publishes.length / seconds)} publishes a second: of ${reads.length} reads and ` +
      `${publishes.length} publishes ${failed.length} answered 503, the last of them ${Math.round(Math.max(...away))} ms after the end`,
  );
  expect(failed.length).toBeGreaterThan(0);
  expect(Math.max(...away)).toBeLessThan(RECOVERED_WITHIN_MS);

  // No connection of the pool is left in a state that fails a read.
  for (let i = 0; i < 1_000; i += 50) {
    const poisoned = await Promise.all(Array.from({ length: 50 }, (_, n) => read(1_000_000 + i + n)));
    expect(poisoned.filter(({ status }) => status !== 200)).toEqual([]);
  }
  for (const { version } of publishes.filter(({ status }) => status !== 200)) {
    expect((await publish(version!)).status).toBe(200);
  }
  const copy = await (await registry.rest('/v0.1/export')).text();
  const there = new Set([...copy.matchAll(/"version":"(1\.\d+\.0)"/g)].map(([, version]) => version!));
  expect(publishes.filter(({ version }) => !there.has(version!))).toEqual([]);
}, 900_000);
