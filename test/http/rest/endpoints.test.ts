import { METHODS } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';
import { raw } from './raw.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp({ MCP_REGISTRY_GITHUB_CLIENT_ID: 'Iv1.abc' });
});
afterAll(() => registry.close());

describe('what tells of the registry itself', () => {
  test.each(['/v0', '/v0.1'])('stands under %s', async (prefix) => {
    const json = async (path: string) => (await registry.rest(prefix + path)).json();
    expect(await json('/health')).toEqual({ status: 'ok', github_client_id: 'Iv1.abc' });
    expect(await json('/ping')).toEqual({ pong: true });
    expect(await json('/version')).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      git_commit: 'unknown',
      build_time: 'unknown',
    });
  });

  test('leaves the GitHub client id out where there is none', async () => {
    const without = await createTestApp();
    expect(await (await without.rest('/v0/health')).json()).toEqual({ status: 'ok' });
    await without.close();
  });
});

describe('a path that is not there', () => {
  const hint = (path: string) => ` Did you mean '/v0.1${path}' or '/v0${path}'?`;

  test.each([
    ['/servers', hint('/servers')],
    ['/v1/servers', hint('/v1/servers')],
    ['/x?y=1', hint('/x')],
    ['/v0', hint('/v0')],
    ['/v0.1/x', ''],
    ['/v0/servers/com.example%2Fa', ''],
    ['/v0x1/servers', hint('/v0x1/servers')],
  ])('%s is answered with the official sentence', async (path, didYouMean) => {
    const response = await registry.rest(path);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      title: 'Not Found',
      status: 404,
      detail: `Endpoint not found.${didYouMean} See /docs for the API documentation.`,
      code: 'NOT_FOUND',
      retryable: false,
    });
  });

  test('is told back in part when it is long', async () => {
    const { detail } = (await (await registry.rest(`/${'x'.repeat(5_000)}`)).json()) as { detail: string };
    expect(detail).toContain(`'/v0/${'x'.repeat(199)}'?`);
  });

  test('is answered so whatever is sent to it', async () => {
    for (const type of ['application/json', 'text/xml', 'nonsense']) {
      const response = await registry.rest('/v0/nothing', {
        method: 'POST',
        body: '{',
        headers: { 'content-type': type },
      });
      expect([type, response.status]).toEqual([type, 404]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('a method that a path does not have', () => {
  test.each([
    ['/v0.1/servers', 'GET, POST, HEAD, OPTIONS'],
    ['/v0/ping', 'GET, HEAD, OPTIONS'],
    ['/v0/servers/a%2Fb/versions/latest', 'GET, PUT, HEAD, OPTIONS'],
    ['/v0/servers/a%2Fb/status', 'PATCH, OPTIONS'],
    ['/v0/publish', 'POST, OPTIONS'],
    ['/', 'GET, HEAD, OPTIONS'],
    ['/servers/a/b', 'GET, HEAD, OPTIONS'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('is refused at %s with the ones that it has', async (path, allow) => {
    const others = METHODS.filter((method) => ![...allow.split(', '), 'GET', 'HEAD', 'CONNECT'].includes(method));
    for (const method of others) {
      const response = await raw(registry.url, path, { method, headers: 'Content-Length: 2\r\n', body: '{}' });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, allow]);
      expect(JSON.parse(response.body)).toEqual({
        title: 'Method Not Allowed',
        status: 405,
        detail: `${method} is not possible here: use ${allow}.`,
        code: 'METHOD_NOT_ALLOWED',
        retryable: false,
      });
    }
  });
});

describe('a slash too many', () => {
  test.each([
    ['/v0/servers/', '/v0/servers'],
    ['/v0.1/servers/?limit=1&search=a%2Fb', '/v0.1/servers?limit=1&search=a%2Fb'],
    ['/v0.1/ping///', '/v0.1/ping'],
    ['/v0/servers/a%2Fb/versions/', '/v0/servers/a%2Fb/versions'],
    ['/docs/', '/docs'],
    ['/nothing/', '/nothing'],
    ['http://elsewhere.example/v0/ping/', '/v0/ping'],
    ['//elsewhere.example/', '/elsewhere.example'],
    ['///elsewhere.example/%2F/', '/elsewhere.example/%2F'],
    ['/\\elsewhere.example/', '/elsewhere.example'],
    ['//', '/'],
  ])('%s leads to %s, on this host', async (target, location) => {
    const response = await raw(registry.url, target);
    expect([response.status, response.headers.get('location')]).toEqual([308, location]);
  });
});

test('thousands of slashes too many are no trouble', async () => {
  const response = await raw(registry.url, `${'/'.repeat(7_000)}x${'/'.repeat(7_000)}`);
  expect([response.status, response.headers.get('location')]).toEqual([308, '/x']);
});

describe('odd requests', () => {
  test.each([
    ['Content-Length: 2\r\n', '{}'],
    ['Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'],
  ])('to read with a body are refused: %j', async (headers, body) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await raw(registry.url, '/v0/ping', { method, headers, body });
      expect(response.status).toBe(400);
      if (method === 'GET') {
        expect(JSON.parse(response.body)).toMatchObject({ detail: 'Invalid request: GET takes no body', status: 400 });
      }
    }
  });

  test('to read with an empty body are answered', async () => {
    expect((await raw(registry.url, '/v0/ping', { headers: 'Content-Length: 0\r\n' })).status).toBe(200);
  });

  test('may name the host in their target', async () => {
    expect((await raw(registry.url, 'http://elsewhere.example/v0/ping')).body).toBe('{"pong":true}');
  });

  test('do not reach files', async () => {
    for (const target of [
      '/docs/static/../../package.json',
      '/docs/static/%2e%2e/%2e%2e/package.json',
      '/docs/static/..%2f..%2fpackage.json',
    ]) {
      expect((await raw(registry.url, target)).status).toBeGreaterThanOrEqual(400);
    }
  });
});
