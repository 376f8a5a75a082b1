import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDoors, type Doors } from '../../src/http/server.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';

const STALL_MS = 500;

let app: TestApp;
let doors: Doors;
beforeAll(async () => {
  app = await createTestApp({ MCP_REGISTRY_RATE_LIMITS: 'false' });
  const note = 'x'.repeat(100_000);
  const servers = Array.from({ length: 30 }, (_, i) =>
    aServer(`com.example/s${i}`, '1.0.0', { _meta: { 'com.example/note': note } }),
  );
  await app.seed(servers.map((server) => ({ server })));
  doors = await openDoors(app.app, { stallMs: STALL_MS });
});
afterAll(async () => {
  await doors.close(1_000);
  await app.close();
});

const open = (url: string) => connect(Number(new URL(url).port), '127.0.0.1');

describe('a request without a body', () => {
  test.each([
    ['POST', '/graphql', '', 415],
    ['POST', '/graphql', 'Content-Type: application/json\r\n', 400],
    ['POST', '/v0.1/publish', '', 422],
    ['POST', '/v0.1/validate', '', 422],
    ['POST', '/v0.1/validate', 'Content-Type: application/json\r\n', 422],
    ['PUT', '/graphql', 'Content-Type: application/json\r\n', 405],
    ['POST', '/v0.1/auth/none', '', 404],
    ['PUT', '/v0.1/servers/com.example%2Fs1/versions/1.0.0', 'Content-Type: application/json\r\n', 401],
    ['DELETE', '/v0.1/servers', '', 405],
    ['OPTIONS', '/graphql', '', 204],
    ['HEAD', '/v0.1/servers', '', 200],
    ['GET', '/graphql?query={__typename}', '', 200],
    ['GET', '/', 'Accept: text/html\r\n', 200],
  ])('is answered like any other: %s %s %s', async (method, path, more, status) => {
    const socket = open(doors.publicUrl);
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: here\r\n${more}Connection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});

describe('a connection', () => {
  const page = 'GET /v0.1/servers HTTP/1.1\r\nHost: here\r\n\r\n';

  test('of one who asks for kept pages and reads none is given up', async () => {
    const { bytes } = await keptPage();
    const asked = 40;
    const socket = open(doors.publicUrl).pause();
    socket.on('error', () => {}).write(page.repeat(asked));
    await sleep(4 * STALL_MS);
    socket.resume();
    await once(socket, 'close');
    expect(socket.bytesRead).toBeLessThan((asked * bytes) / 2);
  });

  test('of one who reads slowly lasts as long as it takes', async () => {
    const { bytes } = await keptPage();
    const asked = 10;
    const socket = open(doors.publicUrl);
    socket.write(page.repeat(asked - 1) + page.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    const chunks = socket[Symbol.asyncIterator]();
    while (!(await chunks.next()).done) await sleep(2);
    expect(socket.bytesRead).toBeGreaterThan(asked * bytes);
  });

  test('waits for its next request longer than an answer may stall', async () => {
    const socket = open(doors.publicUrl);
    const answered = async (path: string) => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);
      return String((await once(socket, 'data'))[0]);
    };
    for (const path of ['/v0.1/servers?limit=1&search=nothing', '/v0.1/servers?limit=1&search=nothing', '/v0.1/ping']) {
      expect(await answered(path)).toMatch(/^HTTP\/1.1 200 /);
      await sleep(3 * STALL_MS);
    }
    socket.destroy();
  });

  /** Has the page kept. */
  async function keptPage() {
    const answer = await fetch(`${doors.publicUrl}/v0.1/servers`, { headers: { 'accept-encoding': 'identity' } });
    return { bytes: (await answer.arrayBuffer()).byteLength };
  }
});
