import { describe, expect, test } from 'vitest';
import { guardedFetch } from '../../src/external/fetch.ts';
import { serve } from './servers.ts';

const inside = { allowHttp: true, allowPrivate: true };

describe('guardedFetch', () => {
  test('brings status, headers and body of any answer', async () => {
    const base = await serve((_request, response) => response.writeHead(418, { 'x-pot': 'tea' }).end('{"short":true}'));
    const answer = await guardedFetch(`${base}/pot?size=1`, inside);
    expect(answer.status).toBe(418);
    expect(answer.url).toBe(`${base}/pot?size=1`);
    expect(answer.headers.get('X-Pot')).toBe('tea');
    expect(await answer.json()).toEqual({ short: true });
  });

  test('sends method, headers and body', async () => {
    const base = await serve(async (request, response) => {
      const body = (await request.toArray()).join('');
      response.end(JSON.stringify({ method: request.method, type: request.headers['content-type'], body }));
    });
    const post = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'hello' };
    const answer = await guardedFetch(base, { ...inside, ...post });
    expect(await answer.json()).toEqual({ method: 'POST', type: 'text/plain', body: 'hello' });
  });

  test('says who it is, and sends credentials of the URL as HTTP wants them', async () => {
    const base = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const answer = await guardedFetch(base.replace('http://', 'http://me:p%40ss%zz@'), inside);
    expect(await answer.json()).toMatchObject({
      'user-agent': 'mcp-registry',
      authorization: `Basic ${Buffer.from('me:p@ss%zz').toString('base64')}`,
    });
    expect(answer.url).toBe(`${base}/`);
  });

  test('fetches over https only, unless told otherwise', async () => {
    await expect(guardedFetch('http://example.com/')).rejects.toMatchObject({
      kind: 'blocked',
      message: 'Only https:// addresses are fetched, not http://.',
    });
    await expect(guardedFetch('file:///etc/passwd', inside)).rejects.toMatchObject({
      kind: 'blocked',
      message: 'Only http:// or https:// addresses are fetched, not file://.',
    });
  });

  test('refuses what is no URL without repeating it', async () => {
    await expect(guardedFetch('https://user:secret@')).rejects.toMatchObject({
      kind: 'protocol',
      retryable: false,
      message: 'The address to fetch from is no URL.',
    });
  });
});

describe('what goes wrong on the way', () => {
  test('nobody listens', async () => {
    const failure = await guardedFetch('http://me:secret@127.0.0.1:1/', inside).catch((error) => error);
    expect(failure).toMatchObject({ kind: 'network', retryable: true });
    expect(failure.message).toBe('The connection to 127.0.0.1:1 failed (ECONNREFUSED).');
  });

  test('the name does not exist', async () => {
    const lookup = async (): Promise<never> => {
      throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    };
    await expect(guardedFetch('https://nowhere.example/', { lookup })).rejects.toMatchObject({
      kind: 'network',
      retryable: true,
      message: 'The name nowhere.example could not be resolved (ENOTFOUND).',
    });
  });

  test('the other side does not speak TLS', async () => {
    const base = await serve((_request, response) => response.end());
    const failure = await guardedFetch(base.replace('http:', 'https:'), inside).catch((error) => error);
    expect(failure).toMatchObject({ kind: 'protocol', retryable: false });
    expect(failure.message).toMatch(/^The TLS certificate or handshake of 127\.0\.0\.1:\d+ is not valid \(\w+\)\.$/);
  });

  test('the other side does not speak HTTP', async () => {
    const base = await serve((request) => void request.socket.write('220 mail.example.com ESMTP\r\n'));
    const failure = await guardedFetch(base, inside).catch((error) => error);
    expect(failure).toMatchObject({ kind: 'protocol', retryable: false });
    expect(failure.message).toMatch(/^The exchange with 127\.0\.0\.1:\d+ is not valid HTTP \(HPE_\w+\)\.$/);
  });

  test('no answer in time', async () => {
    const base = await serve(() => {});
    const started = performance.now();
    await expect(guardedFetch(base, { ...inside, timeoutMs: 200 })).rejects.toMatchObject({
      kind: 'timeout',
      retryable: true,
      message: `${new URL(base).host} did not answer in time.`,
    });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('a name server that never answers is no way round the time limit', async () => {
    const lookup = (): Promise<string[]> => new Promise(() => {});
    await expect(guardedFetch('https://example.com/', { lookup, timeoutMs: 200 })).rejects.toMatchObject({
      kind: 'timeout',
    });
  });

  test('a header that would smuggle another is not sent', async () => {
    const base = await serve((_request, response) => response.end());
    const headers = { 'x-name': 'one\r\nx-two: 2' };
    await expect(guardedFetch(base, { ...inside, headers })).rejects.toMatchObject({ kind: 'protocol' });
  });

  test("the caller's own abort comes through as it is", async () => {
    const base = await serve((_request, response) => void response.write('some'));
    const reason = new Error('shutting down');
    const before = new AbortController();
    before.abort(reason);
    await expect(guardedFetch(base, { ...inside, signal: before.signal })).rejects.toBe(reason);
    const during = new AbortController();
    const answer = await guardedFetch(base, { ...inside, signal: during.signal });
    setTimeout(() => during.abort(reason), 50);
    await expect(answer.text()).rejects.toBe(reason);
  });
});
