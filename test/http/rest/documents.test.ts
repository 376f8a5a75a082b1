import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';

let registry: TestApp;

/** Documents that a parser and a serialiser would not give back as they were. */
const odd: Record<string, string> = {
  'keys in an order of their own': '{"version":"1.0.0","name":"com.example/a","description":"d"}',
  'keys that look like numbers':
    '{"10":"ten","2":"two","name":"com.example/b","version":"1.0.0","description":"d","1":{}}',
  'numbers as they were written':
    '{"name":"com.example/c","version":"1.0.0","description":"d","n":[1.0,1E2,0.10,-0,12345678901234567890]}',
  'escapes as they were written':
    '{"name":"com.example\\/d","version":"1.0.0","description":"caf\\u00e9 \\ud83d\\ude00 \\u003cb\\u003e é😀<b>"}',
  'a key that stands twice': '{"name":"com.example/e","version":"1.0.0","description":"first","description":"last"}',
  'white space of its own': '{ "name" :\t"com.example/f",\n  "version": "1.0.0", "description": "d" }',
  'an escaped NUL': '{"name":"com.example/g","version":"1.0.0","description":"a\\u0000b"}',
  'keys with a meaning to JavaScript':
    '{"name":"com.example/h","version":"1.0.0","description":"d","__proto__":{"x":1},"constructor":1,"toJSON":"t"}',
};

const seeded = Object.entries(odd).map(([what, document]) => ({ what, document }));

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed(
    seeded.map(({ document }) => ({
      server: document,
      publishedAt: '2025-09-09T00:16:49.162620Z',
      updatedAt: '2025-10-01T00:00:00Z',
      statusChangedAt: '2025-09-10T00:00:00Z',
    })),
  );
});
afterAll(() => registry.close());

const meta =
  '{"io.modelcontextprotocol.registry/official":{"status":"active","statusChangedAt":"2025-09-10T00:00:00Z",' +
  '"publishedAt":"2025-09-09T00:16:49.16262Z","updatedAt":"2025-10-01T00:00:00Z","isLatest":true}}';

describe('a document is answered byte for byte', () => {
  test.each(seeded)('with $what', async ({ document }) => {
    const { name } = JSON.parse(document) as { name: string };
    const at = `/v0.1/servers/${encodeURIComponent(name)}/versions`;
    const entry = `{"server":${document},"_meta":${meta}}`;
    const [exact, latest, all] = await Promise.all(
      [`${at}/1.0.0`, `${at}/latest`, at].map(async (path) => (await registry.rest(path)).text()),
    );
    expect(exact).toBe(entry);
    expect(latest).toBe(entry);
    expect(all).toBe(`{"servers":[${entry}],"metadata":{"count":1}}`);
  });

  test('in lists', async () => {
    const body = await (await registry.rest('/v0/servers?limit=100')).text();
    const entries = seeded.map(({ document }) => `{"server":${document},"_meta":${meta}}`);
    expect(body).toBe(`{"servers":[${entries.join(',')}],"metadata":{"count":${entries.length}}}`);
  });

  test('with the message of its status between the others', async () => {
    await registry.seed([
      { server: '{"version":"1","name":"com.example/old"}', status: 'deprecated', statusMessage: 'Use "new"' },
    ]);
    const response = await registry.rest('/v0.1/servers/com.example%2Fold/versions/1');
    expect(await response.text()).toMatch(
      /^\{"server":\{"version":"1","name":"com\.example\/old"\},"_meta":\{"io\.modelcontextprotocol\.registry\/official":\{"status":"deprecated","statusChangedAt":"[^"]+Z","statusMessage":"Use \\"new\\"","publishedAt":"[^"]+Z","updatedAt":"[^"]+Z","isLatest":true\}\}\}$/,
    );
  });
});
