import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
});
afterAll(() => registry.close());

async function problem(query: string) {
  const response = await registry.rest(`/v0.1/servers?${query}`);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body.status).toBe(response.status);
  return body;
}

describe('parameters that are not of their type are refused in the official words', () => {
  test.each([
    ['limit=0', { message: 'expected number >= 1', location: 'query.limit', value: 0 }],
    ['limit=-5', { message: 'expected number >= 1', location: 'query.limit', value: -5 }],
    ['limit=101', { message: 'expected number <= 100', location: 'query.limit', value: 101 }],
    ['limit=ten', { message: 'invalid integer', location: 'query.limit', value: 'ten' }],
    ['limit=1.5', { message: 'invalid integer', location: 'query.limit', value: '1.5' }],
    ['limit=1e1', { message: 'invalid integer', location: 'query.limit', value: '1e1' }],
    ['limit=%2030', { message: 'invalid integer', location: 'query.limit', value: ' 30' }],
    [
      'limit=99999999999999999999',
      { message: 'invalid integer', location: 'query.limit', value: '99999999999999999999' },
    ],
    ['include_deleted=maybe', { message: 'invalid boolean', location: 'query.include_deleted', value: 'maybe' }],
    [
      'search=' + 'x'.repeat(257),
      { message: 'expected length <= 256', location: 'query.search', value: 'x'.repeat(257) },
    ],
  ])('%s', async (query, error) => {
    expect(await problem(query)).toEqual({
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'validation failed',
      errors: [error],
      code: 'UNPROCESSABLE',
      retryable: false,
    });
  });

  test('all at once', async () => {
    const { errors } = await problem('limit=x&include_deleted=y');
    expect((errors as { location: string }[]).map((error) => error.location)).toEqual([
      'query.limit',
      'query.include_deleted',
    ]);
  });

  test('a leading plus sign or zeros are no trouble', async () => {
    expect((await registry.rest('/v0.1/servers?limit=%2B030')).status).toBe(200);
  });
});

const badTime = 'Invalid updated_since format: expected RFC3339 timestamp (e.g., 2025-08-07T13:15:04.280Z)';
const malformed = 'The cursor is malformed: pass one as it was answered.';
const foreign = 'The cursor belongs to another list or order: start again without it.';
const cursorOf = (keys: unknown) => Buffer.from(JSON.stringify(keys)).toString('base64url');

describe('what can not be understood is refused', () => {
  test.each([
    ['updated_since=yesterday', 'BAD_USER_INPUT', badTime],
    ['updated_since=2025-08-07', 'BAD_USER_INPUT', badTime],
    ['updated_since=2025-02-30T00:00:00Z', 'BAD_USER_INPUT', badTime],
    ['updated_since=2025-08-07T13:15:04+02:00', 'BAD_USER_INPUT', badTime],
    ['updated_since=2025-08-07T13:15:04%2B23:00', 'BAD_USER_INPUT', badTime],
    [
      'updated_since=2025-08-07T13:15:04Z&include_deleted=false',
      'BAD_USER_INPUT',
      'Cannot set include_deleted=false when using updated_since (incremental sync requires deleted servers)',
    ],
    ['limit=1&limit=2', 'BAD_USER_INPUT', 'The query parameter limit is given more than once: give it once.'],
    ['search=a&search=', 'BAD_USER_INPUT', 'The query parameter search is given more than once: give it once.'],
    ['search=%ff', 'BAD_USER_INPUT', 'Invalid request: query parameters are not valid URL-encoded UTF-8'],
    ['search=100%', 'BAD_USER_INPUT', 'Invalid request: query parameters are not valid URL-encoded UTF-8'],
    ['search=%ED%A0%80', 'BAD_USER_INPUT', 'Invalid request: query parameters are not valid URL-encoded UTF-8'],
    ['search=a%00b', 'BAD_USER_INPUT', 'Invalid request: query parameters contain null bytes'],
    ['nothing=%00', 'BAD_USER_INPUT', 'Invalid request: query parameters contain null bytes'],
    ['cursor=nonsense', 'INVALID_CURSOR', malformed],
    ['cursor=550e8400-e29b-41d4-a716-446655440000', 'INVALID_CURSOR', malformed],
    [`cursor=${cursorOf({})}`, 'INVALID_CURSOR', malformed],
    [`cursor=${cursorOf(['NAME', 'com.example/a'])}`, 'INVALID_CURSOR', foreign],
    [`cursor=${cursorOf(['versions', 'com.example/a', 1])}`, 'INVALID_CURSOR', foreign],
    [`cursor=${cursorOf(['versions', 'a\0', '1'])}`, 'INVALID_CURSOR', foreign],
    [
      `cursor=com.example/${'x'.repeat(600)}`,
      'BAD_USER_INPUT',
      'A cursor is too long: at most 600 characters, not 612.',
    ],
  ])('%s', async (query, code, detail) => {
    expect(await problem(query)).toEqual({ title: 'Bad Request', status: 400, detail, code, retryable: false });
  });
});
