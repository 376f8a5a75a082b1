import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

const at = (day: number) => `2025-11-${String(day).padStart(2, '0')}T12:00:00Z`;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([
    { server: aServer('com.example/Weather', '1.0.0'), publishedAt: at(1) },
    { server: aServer('com.example/Weather', '2.0.0'), publishedAt: at(2) },
    { server: aServer('com.example/Weather', '1.0.1'), publishedAt: at(3) },
    { server: aServer('com.example/Weather', '3.0.0'), publishedAt: at(4), status: 'deleted' },
    { server: aServer('com.example/Weather', '1/2 %2F ü?'), publishedAt: at(5) },
    { server: aServer('com.example/gone', '1.0.0'), publishedAt: at(1), status: 'deleted' },
    { server: aServer('com.example/gone', '1.0.1'), publishedAt: at(2), status: 'deleted' },
  ]);
});
afterAll(() => registry.close());

const rest = (path: string) => registry.rest(`/v0.1/servers/${path}`);

async function versionOf(path: string): Promise<string> {
  const { server } = (await (await rest(path)).json()) as { server: { version: string } };
  return server.version;
}

async function versionsOf(path: string): Promise<string[]> {
  const body = (await (await rest(path)).json()) as { servers: { server: { version: string } }[]; metadata: unknown };
  expect(body.metadata).toEqual({ count: body.servers.length });
  return body.servers.map(({ server }) => server.version);
}

const notFound = { title: 'Not Found', status: 404, detail: 'Server not found', code: 'NOT_FOUND', retryable: false };

describe('the versions of a server', () => {
  test('come newest first', async () => {
    expect(await versionsOf('com.example%2FWeather/versions')).toEqual(['1/2 %2F ü?', '1.0.1', '2.0.0', '1.0.0']);
  });

  test('come with deleted ones when asked for', async () => {
    expect(await versionsOf('com.example%2FWeather/versions?include_deleted=true')).toEqual([
      '1/2 %2F ü?',
      '3.0.0',
      '1.0.1',
      '2.0.0',
      '1.0.0',
    ]);
    expect(await versionsOf('com.example%2Fgone/versions?include_deleted=true')).toEqual(['1.0.1', '1.0.0']);
  });

  test('come all at once, however many they are', async () => {
    await registry.seed(Array.from({ length: 230 }, (_, i) => ({ server: aServer('com.many/versions', `1.0.${i}`) })));
    expect(await versionsOf('com.many%2Fversions/versions')).toHaveLength(230);
  });
});

describe('one version', () => {
  test.each([
    ['com.example%2FWeather/versions/latest', '2.0.0'],
    ['com.example%2FWeather/versions/l%61test', '2.0.0'],
    ['com.example%2FWeather/versions/1.0.1', '1.0.1'],
    ['COM.EXAMPLE%2fweather/versions/1.0.1', '1.0.1'],
    ['com.example%2FWeather/versions/1%2F2%20%252F%20%C3%BC%3F', '1/2 %2F ü?'],
    ['com.example%2FWeather/versions/3.0.0?include_deleted=true', '3.0.0'],
    ['com.example%2Fgone/versions/latest?include_deleted=true', '1.0.1'],
  ])('%s is %s', async (path, version) => {
    expect(await versionOf(path)).toBe(version);
  });
});

describe('what is not there', () => {
  test.each([
    'com.example%2Fnothing/versions',
    'com.example%2Fnothing/versions/latest',
    'com.example%2Fnothing/versions/1.0.0',
    'com.example%2Fgone/versions',
    'com.example%2Fgone/versions/latest',
    'com.example%2Fgone/versions/1.0.0',
    'com.example%2FWeather/versions/3.0.0',
    'com.example%2FWeather/versions/9.9.9',
    'com.example%2FWeather/versions/LATEST',
    'com.example%252FWeather/versions',
    'weather/versions',
    '%20/versions/latest',
    '%F0%9F%98%80/versions',
    '__proto__/versions/constructor',
  ])('is answered with 404: %s', async (path) => {
    const response = await rest(path);
    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBe('public, max-age=5');
    expect(await response.json()).toEqual(notFound);
  });

  test('may have a name or a version of any length', async () => {
    for (const length of [255, 256, 10_000, 15_000]) {
      const long = 'x'.repeat(length);
      for (const path of [`${long}/versions`, `${long}/versions/latest`, `com.example%2FWeather/versions/${long}`]) {
        const response = await rest(path);
        expect([length, response.status, await response.json()]).toEqual([length, 404, notFound]);
      }
    }
  });
});

describe('what can not be a name', () => {
  test.each([
    ['%zz/versions', 'Invalid server name encoding'],
    ['com.example%2/versions/latest', 'Invalid server name encoding'],
    ['%ff/versions', 'Invalid server name encoding'],
    ['%ED%A0%80/versions', 'Invalid server name encoding'],
    ['com.example%2FWeather/versions/%zz', 'Invalid version encoding'],
    ['com.example%2FWeather%00/versions', 'Invalid request: URL path contains null bytes'],
    ['com.example%2FWeather/versions/1%00', 'Invalid request: URL path contains null bytes'],
  ])('is answered with 400: %s', async (path, detail) => {
    const response = await rest(path);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.json()).toEqual({
      title: 'Bad Request',
      status: 400,
      detail,
      code: 'BAD_USER_INPUT',
      retryable: false,
    });
  });

  test('a name with its slash as it is belongs to no endpoint', async () => {
    const response = await rest('com.example/Weather/versions/latest');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      detail: 'Endpoint not found. See /docs for the API documentation.',
    });
  });
});
