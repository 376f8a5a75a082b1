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

test('one that does not say that it did is to be told again', async () => {
  fake.answer(503);
  const cdn = createCdn({ kind: 'varnish', purgeUrl: fake.url, token: null });
  await expect(cdn.purge(['list'])).rejects.toMatchObject({ kind: 'network', retryable: true });
});
