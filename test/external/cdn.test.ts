import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCdn } from '../../src/external/cdn.ts';
import { startFakeCdn, type FakeCdn } from './fake-cdn.ts';

let fake: FakeCdn;

beforeAll(async () => {
  fake = await startFakeCdn();
});

afterAll(() => fake.close());

test.each([
  ['varnish', { method: 'PURGE', url: '/', headers: { 'xkey-purge': 'list s:a' }, body: '' }],
  [
    'fastly',
    { method: 'POST', url: '/purge', headers: { 'surrogate-key': 'list s:a', 'fastly-key': 'secret' }, body: '' },
  ],
  [
    'cloudflare',
    { method: 'POST', url: '/', headers: { authorization: 'Bearer secret' }, body: '{"tags":["list","s:a"]}' },
  ],
] as const)('%s is told in its own way', async (kind, request) => {
  await createCdn({ kind, purgeUrl: fake.url, token: 'secret' }).purge(['list', 's:a']);
  expect(fake.requests.at(-1)).toMatchObject(request);
});

test('purges of the same moment go as few requests, each tag once, and at most 30 in one', async () => {
  const cdn = createCdn({ kind: 'varnish', purgeUrl: fake.url, token: null });
  const before = fake.requests.length;
  await Promise.all(Array.from({ length: 100 }, (_, i) => cdn.purge(['list', `s:${i % 50}`])));
  const told = fake.requests.slice(before).map(({ headers }) => String(headers['xkey-purge']).split(' '));
  expect(told.map((tags) => tags.length).toSorted((a, b) => b - a)).toEqual([30, 21]);
  expect(new Set(told.flat())).toEqual(new Set(['list', ...Array.from({ length: 50 }, (_, i) => `s:${i}`)]));
});

test('a purge that is asked while one of its tags is on the way is told on its own: it is of a later commit', async () => {
  const cdn = createCdn({ kind: 'varnish', purgeUrl: fake.url, token: null });
  const before = fake.requests.length;
  fake.delay(200);
  const first = cdn.purge(['list']);
  await expect.poll(() => fake.requests.length).toBe(before + 1);
  const second = cdn.purge(['list']);
  await Promise.all([first, second]);
  fake.delay(0);
  expect(fake.requests.length).toBe(before + 2);
});

test('one that does not say that it did is to be told again', async () => {
  fake.answer(503);
  const cdn = createCdn({ kind: 'varnish', purgeUrl: fake.url, token: null });
  await expect(cdn.purge(['list'])).rejects.toMatchObject({ kind: 'network', retryable: true });
});
