import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { raw } from './rest/raw.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
});

afterAll(() => registry.close());

const noHttp = { status: 400, code: 'BAD_USER_INPUT', detail: 'The request is no HTTP/1.1 that can be read.' };
const tooLong = { status: 431, code: 'HEADERS_TOO_LARGE', detail: 'The head of the request is too long.' };

test.each([
  { what: 'a method that HTTP does not know', request: { method: 'BREW' }, problem: noHttp },
  { what: 'bytes that no address may hold', target: '/v0.1/servers?search=\xff\xfe', problem: noHttp },
  { what: '20 kB of headers', request: { headers: `x-long: ${'x'.repeat(20_000)}\r\n` }, problem: tooLong },
  { what: 'two lengths', request: { headers: 'Content-Length: 1\r\nContent-Length: 2\r\n' }, problem: noHttp },
])('$what: refused with a problem document', async ({ target = '/v0.1/ping', request, problem }) => {
  const answer = await raw(registry.url, target, request);
  expect(answer.status).toBe(problem.status);
  expect(answer.headers.get('content-type')?.trim()).toBe('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject(problem);
  expect((await registry.rest('/v0.1/ping')).status).toBe(200);
});
