import { randomUUID } from 'node:crypto';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { whole } from '../../src/tracing.ts';
import { startWork } from '../../src/work.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import { aServer } from '../app.ts';
import { domainLogin, publishKey } from '../auth/outside.ts';
import { pathOf, publish, send, startPublishWorld, type PublishWorld } from '../publish/world.ts';
import { outline, startCollector, type Collector, type TakenSpan } from './collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

let collector: Collector;
let world: PublishWorld;
let jobs: Jobs;

beforeAll(async () => {
  collector = await startCollector();
  world = await startPublishWorld({ ...collector.settings, CDN_PURGE_URL: `${collector.url}/purge` });
  jobs = await startWork(world.registry.app);
  world.upstreams.npm.publish('@alice/one', '1.0.0', { mcpName: 'io.github.alice/traced' });
});

afterAll(async () => {
  await jobs.stop();
  await world.close();
  await collector.close();
});

beforeEach(() => void collector.spans.splice(0));

const traced = (version: string) =>
  aServer('io.github.alice/traced', version, {
    packages: [{ registryType: 'npm', identifier: '@alice/one', version: '1.0.0', transport: { type: 'stdio' } }],
  });

const named = (name: string) => (span: TakenSpan) => span.name === name;

/** What a publish does below its door; the statements of the transaction are many, and change with the rules. */
const STEPS = [
  'publish: read',
  'SELECT sessions',
  'publish: authorize',
  '  SELECT sessions',
  'publish: look up',
  '  SELECT versions',
  'publish: prove packages',
  '  ask npm',
  '    GET',
  'publish: store',
  '  BEGIN',
  '  INSERT versions',
  '  INSERT packages',
  '  UPDATE revision',
  '  COMMIT',
];

const below = (lines: string[], depth: number) => lines.map((line) => `${'  '.repeat(depth)}${line}`);

test('a publish by GraphQL is one trace from the door to SQL and npm', async () => {
  expect(await publish(world, world.alice, traced('1.0.0'))).toMatchObject({ outcome: 'CREATED' });
  const spans = await collector.trace(named('POST /graphql'));
  const lines = outline(spans);
  expect(lines.slice(0, 2)).toEqual(['POST /graphql', '  mutation']);
  expect(lines.filter((line) => below(STEPS, 2).includes(line))).toEqual(expect.arrayContaining(below(STEPS, 2)));
  // None is lost on the way: each is part of another one.
  expect(lines).toHaveLength(spans.length);
  const get = spans.find(named('GET'))!;
  expect(get).toMatchObject({
    kind: 3,
    attributes: {
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(world.upstreams.npm.url).port),
      'http.request.method': 'GET',
      'http.response.status_code': 200,
    },
  });
  expect(spans.find(named('mutation'))!.attributes).toMatchObject({ 'graphql.operation.type': 'mutation' });
  expect(spans.find(named('INSERT versions'))!.attributes).toMatchObject({
    'db.system.name': 'postgresql',
    'db.operation.name': 'INSERT',
    'db.query.text': expect.stringContaining('$1'),
  });
});

test('so is one by REST, whose body comes before its handler runs', async () => {
  const answer = await send(world, { path: '/v0.1/publish', token: world.alice, body: traced('1.0.1') });
  expect(answer.status).toBe(200);
  const spans = await collector.trace(named('POST /v0.1/publish'));
  const lines = outline(spans);
  expect(lines.filter((line) => below(STEPS, 1).includes(line))).toEqual(expect.arrayContaining(below(STEPS, 1)));
  expect(lines).toHaveLength(spans.length);
  expect(spans.find(named('POST /v0.1/publish'))).toMatchObject({
    kind: 2,
    failed: false,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/v0.1/publish',
      'url.path': '/v0.1/publish',
      'http.response.status_code': 200,
      'mcp_registry.request_id': answer.headers.get('x-request-id'),
    },
  });
});

test('a refusal is no failure of ours, and of the step that refuses only its code is said', async () => {
  const answer = await publish(world, world.bob, traced('2.0.0'));
  expect(answer).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
  const spans = await collector.trace(named('POST /graphql'));
  expect(spans.find(named('publish: authorize'))).toMatchObject({
    failed: true,
    attributes: { 'error.type': 'NAMESPACE_FORBIDDEN' },
  });
  expect(spans.find(named('POST /graphql'))!.failed).toBe(false);
});

test('a list, a version and entities of a router are traced', async () => {
  await world.registry.graphql('query List { servers(first: 3) { edges { node { name } } } }');
  const list = await collector.trace(named('POST /graphql'));
  expect(outline(list)[1]).toBe('  query');
  expect(outline(list)[2]).toMatch(/^ {4}SELECT/);
  expect(list.find(named('query'))!.attributes).toMatchObject({
    'graphql.operation.name': 'List',
    'mcp_registry.graphql.document_hash': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  await world.registry.rest(pathOf('io.github.alice/traced', '1.0.0'));
  const version = await collector.trace(({ name }) => name.startsWith('GET /v0.1/servers/'));
  expect(version.at(-1)!.attributes['http.route']).toBe('/v0.1/servers/:serverName/versions/:version');

  collector.spans.splice(0);
  const query = 'query Of($of: [_Any!]!) { _entities(representations: $of) { ... on Server { name description } } }';
  await world.registry.subgraph(query, { of: [{ __typename: 'Server', name: 'io.github.alice/traced' }] });
  const entities = await collector.trace(named('POST /graphql'));
  expect(outline(entities)).toEqual(expect.arrayContaining(['POST /graphql', '  query']));
  expect(entities.find(named('query'))!.attributes).toMatchObject({ 'graphql.operation.name': 'Of' });
  expect(entities.at(-1)!.attributes).toMatchObject({ 'mcp_registry.door': 'internal' });
});

test('an answer from memory, a probe and a scrape make no trace', async () => {
  const path = '/v0.1/servers?limit=7';
  await world.registry.rest(path);
  await collector.trace(named('GET /v0.1/servers'));
  collector.spans.splice(0);
  await world.registry.rest(path);
  for (const one of ['/health/ready', '/health/live', '/metrics']) await fetch(`${world.registry.internalUrl}${one}`);
  await world.registry.graphql('{ registry { revision } }');
  await collector.trace(named('POST /graphql'));
  expect(collector.spans.filter(({ parentSpanId }) => parentSpanId === null).map(({ name }) => name)).toEqual([
    'POST /graphql',
  ]);
});

test.each([
  ['the public door', () => `${world.registry.url}/v0.1/servers?limit=11`],
  ['the internal door', () => `${world.registry.internalUrl}/graphql?query=%7B__typename%7D`],
])('a caller’s trace goes on at %s, and its name is in the log', async (_, url) => {
  const requestId = `traced-${Math.random()}`;
  const headers = {
    traceparent: `00-${TRACE}-${PARENT}-01`,
    'x-request-id': requestId,
    'apollo-require-preflight': 'y',
  };
  await fetch(url(), { headers });
  for (let tries = 0; collector.spans.every(({ parentSpanId }) => parentSpanId !== PARENT); tries += 1) {
    if (tries > 200) throw new Error('no span came');
    await new Promise((done) => setTimeout(done, 25));
  }
  expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  expect(world.registry.logged().find((line) => line.requestId === requestId && line.path)).toMatchObject({
    traceId: TRACE,
    status: 200,
  });
});

test.each([
  ['no hexadecimal', `00-${'x'.repeat(32)}-${PARENT}-01`],
  ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ['no parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a version that can’t be', `ff-${TRACE}-${PARENT}-01`],
  ['more than its version has', `00-${TRACE}-${PARENT}-01-more`],
  ['two of them', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
  ['a kilobyte', `00-${TRACE}-${PARENT}-01${'-'.repeat(1_000)}`],
])('a traceparent that is %s is as good as none', async (_, traceparent) => {
  // Nobody has asked that before, so it is not in memory.
  const path = `/v0.1/servers?search=${randomUUID()}`;
  const answer = await world.registry.rest(path, { headers: { traceparent } });
  expect(answer.status).toBe(200);
  const spans = await collector.trace(named('GET /v0.1/servers'));
  expect(spans[0]!.traceId).not.toBe(TRACE);
});

test('a caller who is not in his own sample is in none of ours', async () => {
  await world.registry.rest('/v0.1/servers?limit=99', { headers: { traceparent: `00-${TRACE}-${PARENT}-00` } });
  await world.registry.graphql('{ registry { revision } }');
  await collector.trace(named('POST /graphql'));
  expect(collector.spans.some(({ traceId }) => traceId === TRACE)).toBe(false);
});

test('a login asks DNS within its trace', async () => {
  await domainLogin(world, 'example.com', publishKey(world, 'example.com'));
  const spans = await collector.trace(named('POST /v0.1/auth/dns'));
  expect(spans.find(named('DNS TXT'))!.attributes).toEqual({ 'dns.question.name': 'example.com' });
});

test('a job is a trace of its own that leads back to the publish, and nobody outside is told of traces', async () => {
  const before = collector.posts.length;
  await send(world, { path: '/v0.1/publish', token: world.alice, body: traced('1.0.2') });
  const [door] = (await collector.trace(named('POST /v0.1/publish'))).slice(-1);
  const job = await collector.trace(named('process purge'));
  expect(job.at(-1)).toMatchObject({
    kind: 5,
    links: [{ traceId: door!.traceId }],
    attributes: { 'messaging.system': 'graphile_worker', 'messaging.destination.name': 'purge' },
  });
  expect(outline(job)).toContain('  PURGE');
  const purges = collector.posts.slice(before).filter(({ path }) => path.startsWith('/purge'));
  expect(purges.length).toBeGreaterThan(0);
  for (const { headers } of purges) expect(Object.keys(headers).join()).not.toMatch(/trace|b3|baggage/);
});

test('waiting for a connection is a span, and part of the trace of who waits', async () => {
  const { db } = world.registry.app;
  const all = Array.from({ length: 10 }, () => db.sql('SELECT pg_sleep(0.3)'));
  await new Promise((done) => setTimeout(done, 50));
  await world.registry.graphql('{ servers(first: 2, filter: { search: "waiting" }) { edges { node { name } } } }');
  await Promise.all(all);
  const spans = await collector.trace(named('POST /graphql'));
  const lines = outline(spans);
  expect(lines.slice(0, 4)).toEqual([
    'POST /graphql',
    '  query',
    '    wait for a connection',
    expect.stringMatching(/SELECT/),
  ]);
  expect(collector.spans.some(({ attributes }) => String(attributes['db.query.text']).includes('pg_sleep'))).toBe(
    false,
  );
});

test('a statement that is slow is logged with its trace', async () => {
  const { tracing, db } = world.registry.app;
  const span = tracing!.request('slow', {}, { trust: 'internal' })!;
  await whole(span, () => db.sql('SELECT pg_sleep(0.55)'));
  const [line] = world.registry
    .logged()
    .filter(({ event }) => event === 'slow statement')
    .slice(-1);
  expect(line).toMatchObject({ traceId: span.traceId, statement: 'SELECT pg_sleep(0.55)' });
});

test('Prisma’s statements are among them', async () => {
  await world.registry.graphql('{ namespace(name: "io.github.alice") { name } }');
  const spans = await collector.trace(named('POST /graphql'));
  expect(outline(spans)).toEqual(['POST /graphql', '  query', '    SELECT namespaces']);
  expect(spans[0]!.attributes['db.query.text']).toContain('"public"."namespaces"');
});

test('every attribute has a name of the conventions, or one of ours', async () => {
  await publish(world, world.alice, traced('1.0.3'));
  await collector.trace(named('POST /graphql'));
  const known = new Set(Object.values(conventions).map(String));
  const used = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
  expect(used.size).toBeGreaterThan(10);
  expect([...used].filter((name) => !known.has(name) && !name.startsWith('mcp_registry.'))).toEqual([]);
  expect(collector.resources[0]).toMatchObject({ 'service.name': 'mcp-registry', 'telemetry.sdk.language': 'nodejs' });
});
