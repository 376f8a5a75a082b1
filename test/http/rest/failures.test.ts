import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([{ server: aServer('com.example/a') }]);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => registry.close());

const secret = 'postgresql://registry:hunter2@10.0.0.7/registry';

function failWith(error: Error): void {
  vi.spyOn(registry.app.db, 'sql').mockRejectedValue(error);
}

const errorLines = () => registry.logged().filter((line) => Number(line.level) >= 50);

test('a failure that nobody expected is masked, and logged once with the request id', async () => {
  failWith(new Error(`no answer from ${secret}`));
  const before = errorLines().length;
  const response = await registry.rest('/v0.1/servers', { headers: { 'x-request-id': 'my-request' } });
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({
    title: 'Internal Server Error',
    status: 500,
    detail: 'Unexpected error.',
    code: 'INTERNAL_SERVER_ERROR',
    retryable: false,
    requestId: 'my-request',
  });
  expect(errorLines().slice(before)).toMatchObject([{ requestId: 'my-request', msg: 'a request failed unexpectedly' }]);
});

test('a failure that looks like one of Fastify’s tells no more', async () => {
  failWith(Object.assign(new Error(secret), { statusCode: 400, code: 'EWHATEVER' }));
  const response = await registry.rest('/v0.1/servers');
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('hunter2');
});

test('a database that is away is worth another try', async () => {
  failWith(Object.assign(new Error(`connect ECONNREFUSED ${secret}`), { code: 'ECONNREFUSED' }));
  const response = await registry.rest('/v0.1/servers');
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await response.json()).toMatchObject({
    title: 'Service Unavailable',
    status: 503,
    detail: 'The registry cannot answer at the moment; try again shortly.',
    code: 'UNAVAILABLE',
    retryable: true,
    requestId: response.headers.get('x-request-id'),
  });
});

test('the door answers as before once that is over', async () => {
  expect((await registry.rest('/v0.1/servers')).status).toBe(200);
});
