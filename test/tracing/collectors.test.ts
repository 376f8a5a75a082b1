import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cloneTemplate, createTestApp, TEST_SEED, type TestApp } from '../app.ts';
import { freePort } from '../free-port.ts';
import { startCollector, type Collector } from './collector.ts';
import { spanNames } from './wire.ts';

let collector: Collector;
let registry: TestApp | null;

beforeEach(async () => {
  collector = await startCollector();
  registry = null;
});

afterEach(async () => {
  await registry?.close();
  await collector.close();
});

const start = async (more: Record<string, string> = {}) =>
  (registry = await createTestApp({ ...collector.settings, ...more }));

const ask = (app: TestApp) => app.graphql('{ registry { revision } servers { totalCount } }');

/** Waits until so many posts have come. */
async function posts(count: number): Promise<void> {
  for (let tries = 0; collector.posts.length < count; tries += 1) {
    if (tries > 400) throw new Error(`only ${collector.posts.length} posts came`);
    await sleep(25);
  }
}

test('spans are sent as protobuf unless something else is said, to the place that OpenTelemetry says', async () => {
  const app = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: '', OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/otel/` });
  await ask(app);
  const names = () => collector.posts.flatMap(({ body }) => spanNames(body));
  for (let tries = 0; !names().includes('POST /graphql') && tries < 200; tries += 1) await sleep(25);
  expect(names()).toEqual(expect.arrayContaining(['POST /graphql', 'query']));
  const [{ path, headers } = {}] = collector.posts;
  expect([path, headers!['content-type']]).toEqual(['/otel/v1/traces', 'application/x-protobuf']);
});

test('what is busy is tried again, what is refused is not, and either is said once', async () => {
  const app = await start();
  let refusals = 1;
  collector.behave = (response) => void response.writeHead(refusals-- > 0 ? 503 : 200).end();
  await ask(app);
  await posts(2);
  expect(collector.posts[1]!.body.equals(collector.posts[0]!.body)).toBe(true);
  collector.behave = (response) => void response.writeHead(401).end('secret reasons');
  for (let sent = 2; sent < 5; sent += 1) {
    await ask(app);
    await posts(sent + 1);
  }
  collector.behave = (response) => void response.end();
  await ask(app);
  await posts(6);
  await sleep(50);
  const lines = app.logged().filter(({ event }) => event === 'traces');
  expect(lines).toEqual([
    expect.objectContaining({ level: 40, failure: '401' }),
    expect.objectContaining({ level: 30, msg: 'the collector takes traces again' }),
  ]);
});

test.each<[string, (collector: Collector) => Record<string, string> | Promise<Record<string, string>>]>([
  ['is not there', async () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` })],
  [
    'never answers',
    (one) => {
      one.behave = () => {};
      return {};
    },
  ],
  [
    'answers without end',
    (one) => {
      one.behave = (response) => {
        const more = setInterval(() => response.write('x'.repeat(64 * 1024)), 5);
        response.once('close', () => clearInterval(more));
      };
      return {};
    },
  ],
  [
    'hangs up',
    (one) => {
      one.behave = (response) => response.destroy();
      return {};
    },
  ],
  [
    'leads elsewhere',
    (one) => {
      one.behave = (response) => response.writeHead(307, { location: `${one.url}/elsewhere` }).end();
      return {};
    },
  ],
])('a collector that %s harms nobody, and does not hold up the end', async (_, prepare) => {
  const app = await start(await prepare(collector));
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask(app)));
  expect(answers.map(({ status }) => status)).toEqual(Array(200).fill(200));
  const started = performance.now();
  await app.close();
  registry = null;
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(collector.posts.some(({ path }) => path === '/elsewhere')).toBe(false);
});

test('what waits for a collector is bounded', async () => {
  const app = await start();
  collector.behave = () => {};
  const { tracing } = app.app;
  for (let made = 0; made < 10_000; made += 1) tracing!.request('one', {}, { trust: 'internal' })!.end();
  await posts(1);
  collector.behave = (response) => response.end();
  await tracing!.stop();
  // The queue, and the batch that was on its way when it filled.
  expect(collector.spans.length).toBeGreaterThan(2_000);
  expect(collector.spans.length).toBeLessThanOrEqual(2_048 + 2 * 512);
});

test('one trace has a bounded number of parts, so that an export of everything is not thousands of spans', async () => {
  const { tracing } = (await start()).app;
  const root = tracing!.request('export', {}, { trust: 'internal' })!;
  const parts = Array.from({ length: 1_500 }, () => root.start('part'));
  expect(parts.filter((part) => part !== null)).toHaveLength(1_000);
  root.end();
  expect(root.start('late')).toBeNull();
});

test('a stranger who wants to be traced is so no more often than others, a router always', async () => {
  const { tracing } = (await start({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }))
    .app;
  const made = (trust: 'public' | 'internal', traceparent?: string) =>
    Array.from({ length: 2_000 }, () => tracing!.request('x', {}, { trust, traceparent })).filter((one) => one !== null)
      .length;
  const sampled = `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`;
  for (const count of [made('public'), made('internal'), made('public', sampled)]) {
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(320);
  }
  expect(made('internal', sampled)).toBe(2_000);
});

test.each<[string, Record<string, string>, number]>([
  ['always_off', {}, 0],
  ['parentbased_always_off', {}, 0],
  ['traceidratio', { OTEL_TRACES_SAMPLER_ARG: '0' }, 0],
  ['traceidratio', { OTEL_TRACES_SAMPLER_ARG: '1' }, 50],
  ['always_on', {}, 50],
])('the sampler %s %j takes %i of 50', async (sampler, more, count) => {
  const { tracing } = (await start({ OTEL_TRACES_SAMPLER: sampler, ...more })).app;
  const made = Array.from({ length: 50 }, () => tracing!.request('x', {}, { trust: 'public' }));
  expect(made.filter((one) => one !== null)).toHaveLength(count);
});

/** Runs src/main.ts, and says which modules of OpenTelemetry it has loaded by the time that it is up. */
async function run(env: Record<string, string>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-traces-'));
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'loaded.script.ts'), 'src/main.ts'], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      MCP_REGISTRY_PORT: '0',
      MCP_REGISTRY_INTERNAL_PORT: '0',
      MCP_REGISTRY_DATA_DIR: dataDir,
      MCP_REGISTRY_DATABASE_URL: await cloneTemplate(),
      MCP_REGISTRY_JWT_PRIVATE_KEY: TEST_SEED,
      ...env,
    },
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = once(child, 'close').finally(() => rmSync(dataDir, { recursive: true, force: true }));
  for (; !stdout.includes('Health '); await sleep(20)) {
    if (child.exitCode !== null) throw new Error(stdout);
  }
  const [, url] = /GraphQL +(http:\S+)\/graphql/.exec(stdout)!;
  await fetch(`${url}/v0.1/servers`);
  const told = performance.now();
  child.kill('SIGTERM');
  const [code] = (await ended) as [number];
  return { code, seconds: (performance.now() - told) / 1_000, loaded: /LOADED (\d+)/.exec(stdout)?.[1] };
}

test('without a collector nothing of OpenTelemetry is loaded', async () => {
  expect(await run({})).toMatchObject({ code: 0, loaded: '0' });
});

test('the process ends well, and within its time, with a collector that never answers', async () => {
  collector.behave = () => {};
  const { code, seconds, loaded } = await run(collector.settings);
  expect(code).toBe(0);
  expect(Number(loaded)).toBeGreaterThan(0);
  // Three seconds are for load balancers.
  expect(seconds).toBeLessThan(3 + 3);
});
