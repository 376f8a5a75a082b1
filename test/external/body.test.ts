import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { guardedFetch } from '../../src/external/fetch.ts';
import { serve } from './servers.ts';

const inside = { allowHttp: true, allowPrivate: true };
const text = 'täglich grüßt das Murmeltier '.repeat(1_000);

async function serveBody(body: Uint8Array, encoding: string): Promise<string> {
  return serve((_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body));
}

describe('a compressed answer', () => {
  test.each([
    ['identity', Buffer.from(text)],
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('%s is read', async (encoding, body) => {
    expect(await (await guardedFetch(await serveBody(body, encoding), inside)).text()).toBe(text);
  });

  test('an empty one is empty', async () => {
    const base = await serveBody(Buffer.alloc(0), 'gzip');
    expect(await (await guardedFetch(base, inside)).text()).toBe('');
    expect(await (await guardedFetch(base, { ...inside, method: 'HEAD' })).text()).toBe('');
  });

  test('more layers than anyone needs are refused', async () => {
    const base = await serveBody(gzipSync(text), Array(500).fill('gzip').join(', '));
    await expect((await guardedFetch(base, inside)).text()).rejects.toMatchObject({
      kind: 'protocol',
      message: `${new URL(base).host} compressed its answer 500 times over.`,
    });
  });

  test.each(['compress', 'constructor', 'gzip, snappy'])('%s is not understood', async (encoding) => {
    const base = await serveBody(gzipSync(text), encoding);
    await expect((await guardedFetch(base, inside)).text()).rejects.toMatchObject({
      kind: 'protocol',
      message: `${new URL(base).host} compressed its answer in a way that is not understood.`,
    });
  });

  test('one that is not what it says is a broken answer, one that breaks off may come whole next time', async () => {
    const lie = await serveBody(Buffer.from(text), 'gzip');
    await expect((await guardedFetch(lie, inside)).text()).rejects.toMatchObject({
      kind: 'protocol',
      retryable: false,
      message: `The answer of ${new URL(lie).host} is not compressed as it says (Z_DATA_ERROR).`,
    });
    for (const [encoding, whole] of Object.entries({ gzip: gzipSync(text), br: brotliCompressSync(text) })) {
      const cut = await serveBody(whole.subarray(0, whole.length / 2), encoding);
      await expect((await guardedFetch(cut, inside)).text()).rejects.toMatchObject({
        kind: 'network',
        retryable: true,
        message: `The answer of ${new URL(cut).host} breaks off.`,
      });
    }
  });
});

describe('the size of an answer', () => {
  test('a bomb is stopped after the limit of decompressed bytes', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
    const base = await serveBody(bomb, 'gzip, gzip');
    const before = process.memoryUsage().rss;
    await expect((await guardedFetch(base, inside)).bytes()).rejects.toMatchObject({
      kind: 'too-large',
      retryable: false,
      message: `${new URL(base).host} answered with more than 2097152 bytes.`,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  });

  test('a stream that decompresses to nothing for ever is stopped too', async () => {
    const empty = gzipSync('');
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const feed = (): void => {
        while (!response.destroyed && response.write(empty));
        if (!response.destroyed) response.once('drain', feed);
      };
      feed();
    });
    const answer = await guardedFetch(base, { ...inside, maxBytes: 1_000 });
    await expect(answer.bytes()).rejects.toMatchObject({ kind: 'too-large' });
  });

  test('exactly the limit passes, one byte more does not, announced or not', async () => {
    const announced = await serve((_request, response) => response.end('12345'));
    const streamed = await serve((_request, response) => {
      response.write('123');
      response.end('45');
    });
    for (const base of [announced, streamed]) {
      expect(await (await guardedFetch(base, { ...inside, maxBytes: 5 })).text()).toBe('12345');
      const answer = await guardedFetch(base, { ...inside, maxBytes: 4 });
      await expect(answer.text()).rejects.toMatchObject({ kind: 'too-large' });
    }
  });

  test('a body that drips is stopped by the time limit, read or not', async () => {
    const base = await serve((_request, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const answer = await guardedFetch(base, { ...inside, timeoutMs: 300 });
    await expect(answer.text()).rejects.toMatchObject({ kind: 'timeout', retryable: true });
    await guardedFetch(base, { ...inside, timeoutMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 200));
  });

  test('a connection that is cut is a network failure', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('abc');
      setTimeout(() => response.destroy(), 50);
    });
    const failure = await (await guardedFetch(base, inside)).text().catch((error) => error);
    expect(failure).toMatchObject({ kind: 'network', retryable: true });
    expect(failure.message).toMatch(/^The connection to 127\.0\.0\.1:\d+ failed \(UND_ERR_SOCKET\)\.$/);
  });
});

describe('reading', () => {
  test('a stream can be left early, which closes the connection', async () => {
    let closed = false;
    const base = await serve((request, response) => {
      request.socket.on('close', () => (closed = true));
      response.write('first');
    });
    for await (const chunk of (await guardedFetch(base, inside)).stream()) {
      expect(Buffer.from(chunk).toString()).toBe('first');
      break;
    }
    await expect.poll(() => closed).toBe(true);
  });

  test('a body that is not wanted can be given up', async () => {
    let closed = false;
    const base = await serve((request, response) => {
      request.socket.on('close', () => (closed = true));
      response.write('first');
    });
    (await guardedFetch(base, inside)).discard();
    await expect.poll(() => closed).toBe(true);
  });

  test('what is no JSON is said so; a second reading is a mistake of the caller', async () => {
    const base = await serve((_request, response) => response.end('<html>'));
    const answer = await guardedFetch(base, inside);
    await expect(answer.json()).rejects.toMatchObject({
      kind: 'protocol',
      message: `${new URL(base).host} answered with something that is no JSON.`,
    });
    await expect(answer.text()).rejects.toThrow('The body of an answer can be read once.');
  });
});
