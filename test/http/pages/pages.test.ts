import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

const hostile = `</title><script>alert("1")</script><img src=x onerror='alert(2)'>`;

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([
    { server: aServer('com.example/weather', '1.0.0'), publishedAt: '2025-11-01T00:00:00Z' },
    {
      server: aServer('com.example/weather', '1.1.0', {
        title: 'Weather & more',
        websiteUrl: 'javascript:alert(1)',
        repository: { url: 'https://github.com/example/weather', source: 'github' },
        packages: [
          {
            registryType: 'npm',
            identifier: '@example/weather',
            version: '1.1.0',
            runtimeHint: 'npx',
            transport: { type: 'stdio' },
            packageArguments: [{ type: 'named', name: '--units', value: 'metric' }],
            environmentVariables: [{ name: 'API_KEY', isRequired: true, isSecret: true, description: 'From the site' }],
          },
        ],
        remotes: [
          { type: 'sse', url: 'https://weather.example.com/sse', headers: [{ name: 'X-Key', value: '{key}' }] },
        ],
      }),
      publishedAt: '2025-11-02T00:00:00Z',
    },
    {
      server: aServer('com.example/hostile', hostile, {
        title: hostile,
        description: hostile,
        websiteUrl: `https://example.com/"onmouseover="alert(3)`,
        packages: [{ registryType: hostile, identifier: hostile, runtimeHint: hostile, transport: { type: hostile } }],
        remotes: [{ type: 'sse', url: hostile, headers: [{ name: hostile, description: hostile }] }],
      }),
      status: 'deprecated',
      statusMessage: hostile,
    },
    { server: aServer('com.example/gone', '1.0.0'), status: 'deleted' },
  ]);
});
afterAll(() => registry.close());

async function page(path: string): Promise<string> {
  const response = await registry.rest(path);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return response.text();
}

/** What a reader sees: without tags, white space as one blank. */
const read = (markup: string) =>
  markup
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the first page', () => {
  test('tells what this is, how much there is, and where to go on', async () => {
    const markup = await page('/');
    expect(read(markup)).toContain('2 servers 3 versions 1 namespaces revision 4');
    for (const address of ['/docs', '/graphql', '/openapi.yaml', '/servers/com.example/weather']) {
      expect(markup).toContain(`href="${address}"`);
    }
    expect(markup).toContain('<form action="/" method="get"');
    expect(read(markup)).not.toContain('com.example/gone');
  });

  test('shows what a search finds, and keeps what was asked', async () => {
    const markup = await page('/?q=weather');
    expect(markup).toContain('value="weather"');
    expect(read(markup)).toContain('Weather &amp; more com.example/weather 1.1.0 What com.example/weather does');
    expect(read(markup)).not.toContain('com.example/hostile');
    expect(read(await page('/?q=nowhere'))).toContain('Results for nowhere No server was found.');
  });

  test('leads to the next page and ends there', async () => {
    const long = '2020-01-01T00:00:00Z';
    await registry.seed(
      Array.from({ length: 31 }, (_, i) => ({
        server: aServer(`com.many/tool-${i}`),
        publishedAt: long,
        updatedAt: long,
      })),
    );
    const next = /href="(\/\?q=tool&amp;after=[^"]+)">Next page/.exec(await page('/?q=tool'))?.[1];
    const second = await page(next!.replaceAll('&amp;', '&'));
    expect(second.match(/class="card"/g)).toHaveLength(1);
    expect(second).not.toContain('Next page');
  });

  test('says of a server that is not there how to find it, however long its name', async () => {
    expect(read(await page(`/servers/${'x'.repeat(9_000)}`))).toContain(`no server named ${'x'.repeat(255)} .`);
  });

  test('refuses what no search can be', async () => {
    expect((await registry.rest(`/?q=${'x'.repeat(257)}`)).status).toBe(422);
    expect((await registry.rest('/?after=x')).status).toBe(400);
  });
});

describe('the page of a server', () => {
  test.each(['/servers/com.example/weather', '/servers/com.example%2Fweather', '/servers/COM.example/Weather'])(
    '%s shows how to use it and its versions',
    async (path) => {
      const markup = await page(path);
      const text = read(markup);
      expect(text).toContain('Weather &amp; more com.example/weather 1.1.0 What com.example/weather does');
      expect(text).toContain('Remote endpoints https://weather.example.com/sse sse Headers X-Key: {key}');
      expect(text).toContain('Packages @example/weather 1.1.0 npm · stdio Runs with npx Arguments --units metric');
      expect(text).toContain('Environment API_KEY required, secret From the site');
      expect(text).toContain('1.1.0 2025-11-02 active latest 1.0.0 2025-11-01 active');
      expect(markup).toContain('href="https://github.com/example/weather"');
      expect(markup).toContain('href="/v0.1/servers/com.example%2Fweather/versions/1.0.0"');
    },
  );

  test('leads nowhere but to http(s)', async () => {
    const markup = await page('/servers/com.example/weather');
    expect(markup).toContain('<bdi>javascript:alert(1)</bdi>');
    const links = [...markup.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!);
    expect(links.filter((href) => !/^(\/|https:|data:image\/svg)/.test(href))).toEqual([]);
  });

  test('says what its status is and why', async () => {
    expect(read(await page('/servers/com.example/hostile'))).toContain('deprecated');
  });

  test.each(['/servers/com.example/gone', '/servers/com.example/nothing', '/servers/%3Cscript%3E'])(
    '%s is not found',
    async (path) => {
      expect((await registry.rest(path)).status).toBe(404);
      const markup = await page(path);
      expect(read(markup)).toContain('There is no server named');
      expect(markup).not.toContain('<script');
    },
  );
});

describe('what publishers and readers write', () => {
  test.each([
    '/',
    '/?q=hostile',
    '/servers/com.example/hostile',
    `/?q=${encodeURIComponent(hostile)}`,
    `/servers/${encodeURIComponent(hostile)}`,
  ])('is text on %s', async (path) => {
    const markup = await page(path);
    expect(markup).not.toMatch(/<script|<img|\sonerror=(?!&)|\sonmouseover/i);
    expect(markup).toMatch(/&lt;script&gt;|com\.example\/weather/);
  });

  test('could do nothing if it were more: the policy allows this one style and no script', async () => {
    for (const path of ['/', '/servers/com.example/weather', '/servers/nothing']) {
      const { headers } = await registry.rest(path);
      const style = /<style>(.*?)<\/style>/s.exec(await page(path))![1]!;
      const hash = createHash('sha256').update(style).digest('base64');
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });
});
