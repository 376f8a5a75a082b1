import { describe, expect, test } from 'vitest';
import { ExternalError } from '../../src/external/external-error.ts';
import { guardedFetch } from '../../src/external/fetch.ts';
import { addressOf, badStatus, createUpstream, UpstreamError } from '../../src/external/upstream.ts';
import { serve } from './servers.ts';

const quiet = new AbortController().signal;
const down = async (): Promise<never> => {
  throw new ExternalError('network', 'The connection to 10.0.0.1:443 failed (ECONNREFUSED).');
};
const broken = async (): Promise<never> => {
  throw new ExternalError('protocol', '10.0.0.1 answered with something that is no JSON.');
};

describe('an upstream', () => {
  test('is named in what goes wrong, its address is not', async () => {
    const npm = createUpstream('npm');
    const error = await npm.ask(quiet, down).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({
      kind: 'network',
      message: 'npm could not be reached, or its answer broke off.',
      retryAfter: 15,
    });
  });

  test('is left alone after five outages in a row, then tried by one', async () => {
    let time = 0;
    const npm = createUpstream('npm', { now: () => time });
    let asked = 0;
    const ask = (answer: () => Promise<string>) =>
      npm
        .ask(quiet, () => {
          asked += 1;
          return answer();
        })
        .catch((error: UpstreamError) => error.message);
    for (let i = 0; i < 5; i++) await ask(down);
    time = 29_999;
    expect(await ask(async () => 'fine')).toBe('npm failed 5 times in a row and is not asked for now.');
    expect(asked).toBe(5);

    time = 30_000;
    expect(await ask(down)).toBe('npm could not be reached, or its answer broke off.');
    expect(await ask(async () => 'fine')).toContain('not asked for now');
    expect(asked).toBe(6);

    time = 60_000;
    const both = [ask(async () => 'fine'), ask(async () => 'too early')];
    expect(await Promise.all(both)).toEqual(['fine', expect.stringContaining('not asked for now')]);
    expect(await ask(async () => 'fine again')).toBe('fine again');
  });

  test('is not shut by what a publisher can bring about, or a caller who goes away', async () => {
    const npm = createUpstream('npm', { outages: 2 });
    const cancelled = AbortSignal.abort(new Error('gone'));
    for (let i = 0; i < 10; i++) {
      await expect(npm.ask(quiet, broken)).rejects.toMatchObject({ kind: 'protocol' });
      await expect(npm.ask(cancelled, down)).rejects.toThrow('gone');
    }
    expect(await npm.ask(quiet, async () => 'fine')).toBe('fine');
  });

  test('goes on after the time of one is up', async () => {
    const npm = createUpstream('npm', { concurrency: 1 });
    const short = AbortSignal.timeout(50);
    const hanging = npm.ask(short, () => new Promise((_, reject) => (short.onabort = () => reject(short.reason))));
    const waiting = npm.ask(AbortSignal.timeout(2_000), async () => 'fine');
    await expect(hanging).rejects.toMatchObject({ kind: 'timeout', message: 'npm did not answer in time.' });
    expect(await waiting).toBe('fine');
  });
});

describe('how long to wait', () => {
  test.each([
    ['7', 7],
    ['0', 1],
    ['999999999', 3_600],
    ['soon', 15],
    ['-5', 15],
    [new Date(0).toUTCString(), 1],
  ])('Retry-After: %s', async (header, seconds) => {
    const base = await serve((_request, response) => response.writeHead(429, { 'retry-after': header }).end());
    const answer = await guardedFetch(base, { allowHttp: true, allowPrivate: true });
    const error = badStatus('npm', answer);
    expect(error.message).toBe('npm answered with status 429.');
    if (header === '-5') expect(error.retryAfter).toBeLessThanOrEqual(seconds);
    else expect(error.retryAfter).toBe(seconds);
  });

  test('a date', async () => {
    const header = new Date(Date.now() + 60_000).toUTCString();
    const base = await serve((_request, response) => response.writeHead(503, { 'retry-after': header }).end());
    const error = badStatus('npm', await guardedFetch(base, { allowHttp: true, allowPrivate: true }));
    expect(error.retryAfter).toBeGreaterThan(50);
    expect(error.retryAfter).toBeLessThanOrEqual(60);
  });
});

describe('addressOf', () => {
  test.each([
    [['a', 'b'], 'https://x.test/base/a/b'],
    [['@acme/weather', '1.0.0+b'], 'https://x.test/base/%40acme%2Fweather/1.0.0%2Bb'],
    [['../..', '?#%2e'], 'https://x.test/base/..%2F../%3F%23%252e'],
  ])('%j stays below its base', (segments, address) => {
    expect(addressOf('https://x.test/base/', ...segments)).toBe(address);
    expect(new URL(address).pathname.startsWith('/base/')).toBe(true);
  });

  test.each(['', '.', '..', '\ud800'])('%j is refused', (segment) => {
    expect(() => addressOf('https://x.test', segment)).toThrow(ExternalError);
  });
});
