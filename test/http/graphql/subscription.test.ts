import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDoors } from '../../../src/http/server.ts';
import { readRevision } from '../../../src/servers/registry.db.ts';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import { everyVersionField } from '../../servers/rich.ts';
import { post, refusal, send } from './ask.ts';
import { listen, take, type Listening } from './events.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
  await app.seed([{ server: aServer('com.example/a') }, { server: aServer('com.example/b') }]);
});
afterAll(() => app.close());
afterEach(async () => {
  for (const one of followed.splice(0)) one.cut();
  await noneSeated();
});

const changes =
  'subscription ($after: Revision) { changes(after: $after) { revision kind version { name isLatest } } }';
const followed: Listening[] = [];

/** Subscribes, until the test is over. */
async function follow(...args: Parameters<typeof listen>): Promise<Listening> {
  const listening = await listen(...args);
  followed.push(listening);
  return listening;
}

const seated = () => app.app.seats.follow.taken();
const newest = () => readRevision(app.app.db.sql);
const noneSeated = () => vi.waitFor(() => expect(seated()).toBe(0), 5_000);

describe('a subscription to changes', () => {
  test('tells what is there behind `after`, and then what comes', async () => {
    await app.app.revision.refresh();
    const { status, headers, events } = await follow(app, changes, { after: 1 });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'registry-revision': String(await newest()),
    });
    expect(headers.has('content-encoding')).toBe(false);
    const stream = events();
    await app.seed([{ server: aServer('com.example/a', '2.0.0') }]);
    const told = await take(stream, 3);
    expect(told.map(({ data }) => data.changes)).toEqual([
      { revision: 2, kind: 'PUBLISHED', version: { name: 'com.example/b', isLatest: true } },
      { revision: 3, kind: 'PUBLISHED', version: { name: 'com.example/a', isLatest: true } },
      { revision: 4, kind: 'LATEST_CHANGED', version: { name: 'com.example/a', isLatest: false } },
    ]);
  });

  test('begins with what comes when nothing is said', async () => {
    const before = await newest();
    const { events } = await follow(app, changes);
    await app.seed([{ server: aServer('com.example/c') }]);
    const [first] = await take(events(), 1);
    expect(first.data.changes.revision).toBe(before + 1);
  });

  test('waits for a revision of the future', async () => {
    const before = await newest();
    const { events } = await follow(app, changes, { after: before + 1 });
    await app.seed([{ server: aServer('com.example/d') }]);
    await app.seed([{ server: aServer('com.example/e') }]);
    const [first] = await take(events(), 1);
    expect(first.data.changes.revision).toBe(before + 2);
  });

  test('is kept alive by comments while nothing happens', async () => {
    const listening = await follow(app, changes);
    const stream = listening.events();
    void stream.next().catch(() => {});
    await vi.waitFor(() => expect(listening.text()).toMatch(/^(:\n\n){3,}$/), 3_000);
    listening.cut();
  });

  test('works by GET too, as browsers subscribe', async () => {
    const response = await fetch(
      `${app.url}/graphql?${new URLSearchParams({ query: 'subscription { changes(after: 1) { revision } }' })}`,
      { headers: { accept: 'text/event-stream' } },
    );
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('event: next')) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toContain('data: {"data":{"changes":{"revision":2}}');
    await reader.cancel();
  });

  test('has documents byte for byte, and the cost of one change in each event', async () => {
    const document = '{ "version":"1.0.0",\t"name":"com.example/odd", "description":"\\u0041 1e2", "x":1.0,  "x":2 }';
    const before = await newest();
    await app.seed([{ server: document }]);
    const listening = await follow(
      app,
      `subscription { changes(after: ${before}) { version { document ${everyVersionField} } } }`,
    );
    const [event] = await take(listening.events(), 1);
    expect(listening.text()).toContain(`"document":${document}`);
    const page = await app.graphql(
      `{ changes(after: ${before}, first: 1) { changes { version { document ${everyVersionField} } } } }`,
    );
    expect(event.extensions.cost.requested).toBeLessThan((page.extensions!.cost as { requested: number }).requested);
    expect(event.extensions.cost.requested).toBeGreaterThan(10);
  });

  test('looks each event up anew, however long it lasts', async () => {
    const { events } = await follow(
      app,
      'subscription { changes { version { server { latestVersion { version } } } } }',
    );
    const stream = events();
    const seen: string[] = [];
    for (const version of ['1.1.0', '1.2.0', '1.3.0']) {
      await app.seed([{ server: aServer('com.example/b', version) }]);
      seen.push(...(await take(stream, 2)).map(({ data }) => data.changes.version.server.latestVersion.version));
    }
    expect(seen).toEqual(['1.1.0', '1.1.0', '1.2.0', '1.2.0', '1.3.0', '1.3.0']);
  });
});

describe('what is refused', () => {
  test('a form of answer that can not hold it, and nothing is left of it', async () => {
    expect(refusal(await post(app, { query: 'subscription { changes { revision } }' }))).toMatch(/^406 NOT_ACCEPTABLE/);
    await noneSeated();
  });

  test.each([
    [
      '{ changes(after: -1) { revision } }',
      'GRAPHQL_VALIDATION_FAILED',
      'A Revision is a whole number from 0 upwards.',
    ],
    ['{ changes { nothing } }', 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "nothing" on type "Change".'],
    [
      '{ changes { revision } other: changes { revision } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Anonymous Subscription must select only one top level field.',
    ],
  ])('%s', async (selection, code, message) => {
    const { events } = await follow(app, `subscription ${selection}`);
    const [{ errors }] = await take(events(), 1);
    expect(errors[0]).toMatchObject({ extensions: { code } });
    expect(errors[0].message).toContain(message);
  });

  test('what costs too much, before it takes a seat', async () => {
    const versions = 'versions(first: 100) { edges { node { name } } }';
    const more = `versions(first: 100) { edges { node { server { ${versions} } } } }`;
    const deep = `server { versions(first: 100) { edges { node { server { ${more} } } } } }`;
    const { status, events } = await follow(app, `subscription { changes { version { ${deep} } } }`);
    expect([status, seated()]).toEqual([400, 0]);
    const [{ errors }] = await take(events(), 1);
    expect(errors[0].extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  });

  test('more than there may be from one address; each that ends makes room', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => follow(app, changes)));
    const { status, events } = await follow(app, changes);
    const [{ errors }] = await take(events(), 1);
    expect([status, errors[0].extensions]).toMatchObject([
      429,
      { code: 'RATE_LIMITED', retryable: true, retryAfter: 15 },
    ]);
    all.pop()!.cut();
    await vi.waitFor(() => expect(seated()).toBe(99), 5_000);
    expect((await follow(app, changes)).status).toBe(200);
  });

  test('routers that do not accept a stream, who are told so', async () => {
    const { status, errors } = await app.subgraph('subscription { changes { revision } }');
    expect([status, errors![0]!.extensions.code]).toEqual([406, 'NOT_ACCEPTABLE']);
  });
});

describe('a subscription ends', () => {
  test('when its client hangs up, at whatever moment, and leaves nothing behind', async () => {
    for (let i = 0; i < 30; i++) {
      const hangUp = AbortSignal.timeout(i);
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: changes }),
        signal: hangUp,
      };
      await send(app, init).catch(() => {});
    }
    await noneSeated();
    // Nobody waits for the next revision either: it is told to no one.
    const before = await newest();
    app.takeStatements();
    await app.seed([{ server: aServer('com.example/late') }]);
    await vi.waitFor(() => expect(app.app.revision.current()).toBe(before + 1), 5_000);
    await sleep(50);
    expect(app.takeStatements().filter((text) => text.includes('FROM changes'))).toEqual([]);
  });

  test('properly when the door closes, at once', async () => {
    const doors = await openDoors(app.app);
    const { events } = await follow({ url: doors.publicUrl }, changes, { after: (await newest()) - 1 });
    const stream = events();
    expect(await take(stream, 1)).toHaveLength(1);
    const start = performance.now();
    const [rest] = await Promise.all([take(stream, 1), doors.close(10_000)]);
    expect(rest).toEqual([]);
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(seated()).toBe(0);
  });

  test('with an error that tells nothing of its cause when the log can not be read', async () => {
    const { sql } = app.app.db;
    const { events } = await follow(app, changes);
    const stream = events();
    Object.assign(app.app.db, {
      sql: (text: string, values?: unknown[]) =>
        text.includes('FROM changes') ? Promise.reject(new Error('password hunter2')) : sql(text, values),
    });
    await app.seed([{ server: aServer('com.example/f') }]);
    const told = await take(stream, 2);
    expect(told).toHaveLength(1);
    expect(told[0].errors[0]).toMatchObject({
      message: 'Unexpected error.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) as string },
    });
    expect(app.logged().some((line) => line.msg === 'a request failed unexpectedly')).toBe(true);
    Object.assign(app.app.db, { sql });
  });

  test('when its reader reads no more: what waits is bounded, and then the connection is given up', async () => {
    const doors = await openDoors(app.app, { stallMs: 500 });
    const note = 'x'.repeat(100_000);
    const big = Array.from({ length: 300 }, (_, i) =>
      aServer(`com.big/s${i}`, '1.0.0', { _meta: { 'com.big/note': note } }),
    );
    await app.seed(big.map((server) => ({ server })));
    const idle = await follow({ url: doors.publicUrl }, changes);
    const socket = connect(Number(new URL(doors.publicUrl).port), '127.0.0.1');
    const query = encodeURIComponent('subscription { changes(after: 0) { version { document } } }');
    socket.pause().write(`GET /graphql?query=${query} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
    await vi.waitFor(() => expect(seated()).toBe(2), { timeout: 3_000, interval: 5 });
    await vi.waitFor(() => expect(seated()).toBe(1), 5_000);
    // What it was sent is what the kernel holds for it.
    socket.on('error', () => {}).resume();
    await once(socket, 'close');
    expect(socket.bytesRead).toBeLessThan(20_000_000);
    console.log(
      `a reader who stalls was sent ${(socket.bytesRead / 1e6).toFixed(1)} MB of 30 MB before it was given up`,
    );
    // Whoever listens while nothing happens is no such reader.
    await app.seed([{ server: aServer('com.example/g') }]);
    expect(await take(idle.events(), 1)).toHaveLength(1);
    idle.cut();
    await doors.close(1_000);
  });
});

test('many who follow are told of a commit by one read of the log', async () => {
  const many = await createTestApp({ MCP_REGISTRY_RATE_LIMITS: 'false' });
  const listeners = await Promise.all(Array.from({ length: 200 }, () => follow(many, changes)));
  const streams = listeners.map(({ events }) => events());
  many.takeStatements();
  const start = performance.now();
  await many.seed([{ server: aServer('com.example/c') }]);
  const told = await Promise.all(streams.map((stream) => take(stream, 1)));
  const ms = performance.now() - start;
  expect(new Set(told.map(([event]) => event.data.changes.revision))).toEqual(new Set([1]));
  const reads = many.takeStatements().filter((text) => text.includes('FROM changes')).length;
  expect(reads).toBeLessThanOrEqual(3);
  console.log(`200 subscribers were told of a commit within ${Math.round(ms)} ms, by ${reads} reads of the log`);
  await many.close();
}, 30_000);
