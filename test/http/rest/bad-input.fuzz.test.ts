import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import { raw } from './raw.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([{ server: aServer('com.example/a') }]);
});
afterAll(() => registry.close());

const escapes = '%00 % %zz %ff %ED%A0%80 %25 %2F %5C %0d%0aSet-Cookie:x=1 %F0%9F%98%80 %EF%BF%BF %E2%80%AE';
const signs = '.. . // ; : \\ \' " $1 {} [] * ( ~ ^ |';
const words = '__proto__ constructor null undefined NaN -1 1e400 com.example%2Fa latest 1.0.0 true';
const times = '2025-08-07T13:15:04Z 9999-12-31T23:59:59.9Z 0001-01-01T00:00:00%2B15:00';
const long = ['9'.repeat(40), 'x'.repeat(3_000)];

const nasty = fc.constantFrom(...[escapes, signs, words, times].flatMap((list) => list.split(' ')), ...long);
const text = fc.array(nasty, { minLength: 0, maxLength: 3 }).map((parts) => parts.join(''));
const path = fc.oneof(
  fc.constantFrom(
    '/v0/servers',
    '/v0.1/servers',
    '/v0/changes',
    '/v0.1/export',
    '/',
    '/openapi.json',
    '/docs',
    '/v0/health',
  ),
  text.map((name) => `/v0.1/servers/${name}/versions`),
  fc.tuple(text, text).map(([name, version]) => `/v0/servers/${name}/versions/${version}`),
  text.map((name) => `/servers/${name}`),
  text.map((any) => `/${any}`),
);
const parameter = fc.constantFrom(
  ...'cursor limit updated_since search version include_deleted q after x __proto__'.split(' '),
);
const query = fc
  .array(fc.tuple(parameter, text), { maxLength: 3 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

test('no target is answered with a 5xx, and each refusal is a problem document or a page', async () => {
  const target = fc.tuple(path, query).map(([at, search]) => (search ? `${at}?${search}` : at));
  await fc.assert(
    fc.asyncProperty(target, async (one) => {
      const { status, headers, body } = await raw(registry.url, one);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      expect(headers.has('set-cookie')).toBe(false);
      if (status < 400 || headers.get('content-type')?.startsWith('text/html')) return;
      expect(headers.get('content-type')?.trim()).toBe('application/problem+json');
      expect(JSON.parse(body)).toMatchObject({ status, code: expect.any(String) as string, retryable: false });
    }),
    { numRuns: 600, seed: 20_261_122 },
  );
}, 60_000);
