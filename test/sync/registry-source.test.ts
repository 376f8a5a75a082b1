import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Checkpoint, SourceBatch, SourceOptions } from '../../src/sync/batch.ts';
import { openSource, registryBase, sourceName } from '../../src/sync/source.ts';
import { serve } from '../external/servers.ts';
import { fakeRegistry, someVersions, textOf } from './fake-registry.ts';

/** Reads a registry to its end; what it threw, if it did, beside what came before. */
async function read(spec: string, options?: SourceOptions) {
  const batches: SourceBatch[] = [];
  let error: unknown = null;
  try {
    for await (const batch of openSource(spec, { retryDelayMs: 1, ...options })) batches.push(batch);
  } catch (thrown) {
    error = thrown;
  }
  const records = batches.flatMap((batch) => batch.records);
  const checkpoint = batches.at(-1)?.checkpoint ?? null;
  return { batches, error, checkpoint, records, texts: records.map((one) => one.text) };
}

describe('a registry', () => {
  test('is read page by page, each record byte for byte', async () => {
    const registry = await fakeRegistry(someVersions(250));
    const { texts, records, batches, error } = await read(registry.base, { batchSize: 100 });
    expect(error).toBeNull();
    expect(texts).toEqual(registry.versions.map(textOf));
    expect(records.at(-1)?.at).toBe('page 3, record 50');
    expect(batches.map((batch) => batch.position)).toEqual([
      { done: 100, total: null, unit: 'records' },
      { done: 200, total: null, unit: 'records' },
      { done: 250, total: null, unit: 'records' },
    ]);
    expect(registry.asked).toEqual([
      '/v0.1/servers?limit=100&include_deleted=true',
      '/v0.1/servers?limit=100&include_deleted=true&cursor=com.example%2Fs0099%3A1.0.0%2Bb%3Ac+d',
      '/v0.1/servers?limit=100&include_deleted=true&cursor=com.example%2Fs0199%3A1.0.0%2Bb%3Ac+d',
    ]);
  });

  test('of before October 2025 is read at /v0, with its own name for the cursor and its total', async () => {
    const asked: string[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url ?? '');
      if (!request.url?.startsWith('/sub/v0/')) return response.writeHead(404).end();
      const last = request.url.includes('cursor=');
      const metadata = last ? {} : { next_cursor: '4e9cf4cf', count: 1, total: 2 };
      response.end(JSON.stringify({ servers: [{ name: 'a/b' }], metadata }));
    });
    const { texts, batches } = await read(`${base}/sub/v0/servers?version=latest`, { batchSize: 1 });
    expect(texts).toEqual(['{"name":"a/b"}', '{"name":"a/b"}']);
    expect(batches[0]?.position).toEqual({ done: 1, total: 2, unit: 'records' });
    expect(asked).toEqual([
      '/sub/v0.1/servers?version=latest&limit=100&include_deleted=true',
      '/sub/v0/servers?version=latest&limit=100&include_deleted=true',
      '/sub/v0/servers?version=latest&limit=100&include_deleted=true&cursor=4e9cf4cf',
    ]);
  });

  test('that is empty, or answers no list at all, brings no record', async () => {
    const registry = await fakeRegistry([]);
    expect(await read(registry.base)).toMatchObject({
      error: null,
      texts: [],
      checkpoint: { cursor: null, updatedSince: null, watermark: null },
    });
    const nil = await serve((_request, response) => response.end('{"servers":null,"metadata":{}}'));
    expect(await read(nil)).toMatchObject({ error: null, texts: [] });
  });

  test('passes over what is too long for a record, or not UTF-8', async () => {
    const long = `{"name":"a/b","x":"${'x'.repeat(1024 * 1024)}"}`;
    const body = Buffer.from(`\uFEFF{"servers":[${long},{"name":"ü/?"},{"name":"ü/d"}]}`);
    body[body.indexOf('?')] = 0xff;
    const base = await serve((_request, response) => response.end(body));
    const { batches, texts } = await read(base);
    expect(texts).toEqual(['{"name":"ü/d"}']);
    expect(batches[0]?.skipped).toEqual([
      { at: 'page 1, record 1', reason: 'The record is longer than 1 MiB.' },
      { at: 'page 1, record 2', reason: 'It is not UTF-8 text.' },
    ]);
  });
});

describe('the next run', () => {
  test('asks for what changed since the newest change seen, less five minutes', async () => {
    const registry = await fakeRegistry(someVersions(30));
    const first = await read(registry.base);
    expect(first.checkpoint).toEqual({ cursor: null, updatedSince: '2025-12-01T00:24:00.000001Z', watermark: null });
    const second = await read(registry.base, { resume: first.checkpoint });
    expect(registry.asked.at(-1)).toBe(
      '/v0.1/servers?limit=100&include_deleted=true&updated_since=2025-12-01T00%3A24%3A00.000001Z',
    );
    expect(second.texts).toEqual(registry.versions.slice(25).map(textOf));
    expect(second.checkpoint).toEqual(first.checkpoint);
  });

  test('does not lose what changed behind the reader’s back while it read', async () => {
    const registry = await fakeRegistry(someVersions(150));
    const [behind, ahead] = [registry.versions[0], registry.versions[149]];
    if (!behind || !ahead) throw new Error('There are 150 of them.');
    registry.misbehave = (request) => {
      if (request === 2) {
        behind.updatedAt = '2026-01-01T12:00:01Z';
        ahead.updatedAt = '2026-01-01T12:00:30Z';
      }
      return false;
    };
    const first = await read(registry.base);
    expect(first.texts.at(-1)).toContain('2026-01-01T12:00:30Z');
    expect(first.checkpoint?.updatedSince).toBe('2026-01-01T11:55:00Z');
    const second = await read(registry.base, { resume: first.checkpoint });
    expect(second.texts).toEqual([textOf(behind), textOf(ahead)]);
  });

  test('never goes back in time, and stands still where nothing changed', async () => {
    const registry = await fakeRegistry(someVersions(3));
    const resume: Checkpoint = { cursor: null, updatedSince: '2025-12-31T00:00:00Z', watermark: null };
    expect((await read(registry.base, { resume })).checkpoint).toEqual(resume);
  });
});

describe('an interrupted run', () => {
  test('goes on at its page, with what it asked for and when it began', async () => {
    const registry = await fakeRegistry(someVersions(350));
    registry.misbehave = (request, response) => {
      if (request < 3) return false;
      response.destroy();
      return true;
    };
    const first = await read(registry.base, { batchSize: 100 });
    expect(first.texts).toEqual(registry.versions.slice(0, 200).map(textOf));
    expect(first.error).toMatchObject({
      name: 'SourceError',
      message:
        `The connection to ${new URL(registry.base).host} failed (UND_ERR_SOCKET). ` +
        'Reading stopped at page 3; run it again to go on from there.',
    });
    expect(registry.asked).toHaveLength(2 + 6);
    expect(first.checkpoint).toEqual({
      ...{ cursor: 'com.example/s0199:1.0.0+b:c d', updatedSince: null, watermark: '2026-01-01T12:00:00Z' },
    });

    registry.misbehave = () => false;
    registry.now = '2026-01-02T00:00:00Z';
    const second = await read(registry.base, { resume: first.checkpoint });
    expect(second.texts).toEqual(registry.versions.slice(200).map(textOf));
    expect(second.checkpoint).toEqual({ cursor: null, updatedSince: '2025-12-01T05:44:00.000001Z', watermark: null });
  });

  test('hands over the pages that came before the failure, though they are no full batch', async () => {
    const registry = await fakeRegistry(someVersions(150));
    registry.misbehave = (request, response) => {
      if (request === 2) response.writeHead(403).end();
      return request === 2;
    };
    const { texts, error, checkpoint } = await read(registry.base, { batchSize: 500 });
    expect(texts).toHaveLength(100);
    expect(checkpoint?.cursor).toBe('com.example/s0099:1.0.0+b:c d');
    expect(error).toMatchObject({ retryable: false });
  });

  test('begins anew when its cursor is no longer understood', async () => {
    const registry = await fakeRegistry(someVersions(5));
    registry.misbehave = (_request, response, asked) => {
      if (!asked.searchParams.has('cursor')) return false;
      response.writeHead(422).end();
      return true;
    };
    const resume: Checkpoint = { cursor: 'from another time', updatedSince: null, watermark: '2025-01-01T00:00:00Z' };
    const { texts, error } = await read(registry.base, { resume });
    expect(error).toBeNull();
    expect(texts).toHaveLength(5);
  });
});

describe('a registry that misbehaves', () => {
  test.each([
    ['is busy', (_: number, response) => void response.writeHead(503).end()],
    ['limits the rate', (_: number, response) => void response.writeHead(429, { 'retry-after': '0' }).end()],
    ['cuts connections', (_: number, response) => void response.destroy()],
    ['cuts answers short', (_: number, response) => void response.end('{"servers":[{"name":"a/b"')],
    ['shows a page of its proxy', (_: number, response) => void response.end('<html>')],
  ] satisfies [string, (request: number, response: ServerResponse) => void][])(
    'and %s is asked again',
    async (_, act) => {
      const registry = await fakeRegistry(someVersions(150));
      registry.misbehave = (request, response) => {
        if (request % 3 === 0) return false;
        act(request, response);
        return true;
      };
      const { texts, error } = await read(registry.base);
      expect(error).toBeNull();
      expect(texts).toEqual(registry.versions.map(textOf));
      expect(registry.asked).toHaveLength(6);
    },
  );

  test('is waited for as long as it asks', async () => {
    const registry = await fakeRegistry(someVersions(1));
    registry.misbehave = (request, response) => {
      if (request === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      return request === 1;
    };
    const started = performance.now();
    expect((await read(registry.base)).error).toBeNull();
    expect(performance.now() - started).toBeGreaterThan(990);
  });

  test('is given up after six attempts', async () => {
    const registry = await fakeRegistry([]);
    registry.misbehave = (_request, response) => Boolean(response.writeHead(500).end());
    expect((await read(registry.base)).error).toMatchObject({
      ...{ name: 'SourceError', retryable: true },
      message: `${new URL(registry.base).host} answered 500 to /v0.1/servers.`,
    });
    expect(registry.asked).toHaveLength(6);
  });

  test('and leads in a circle is refused, and read from its beginning the next time', async () => {
    let page = 0;
    const base = await serve((_request, response) => {
      page += 1;
      const servers = [{ name: `a/${page}` }];
      response.end(JSON.stringify({ servers, metadata: { nextCursor: page % 2 ? 'one' : 'two' } }));
    });
    const { error, texts, checkpoint } = await read(base);
    expect(error).toMatchObject({
      ...{ name: 'SourceError', retryable: false },
      message: expect.stringContaining(`${new URL(base).host} answered with a cursor that it had given before.`),
    });
    expect(texts).toHaveLength(3);
    expect(checkpoint).toEqual({ cursor: null, updatedSince: null, watermark: null });
  });

  test('is none at all when it has neither list', async () => {
    const registry = await fakeRegistry([], []);
    expect((await read(registry.base.replace('http://', 'http://me:secret@'))).error).toMatchObject({
      message: `${new URL(registry.base).host} is no MCP registry: it answered 404 to /v0.1/servers and /v0/servers.`,
    });
  });

  test('is left at once when asked to', async () => {
    const registry = await fakeRegistry([]);
    registry.misbehave = (_request, response) => Boolean(response.writeHead(503).end());
    const reason = new Error('stop');
    const { error } = await read(registry.base, { retryDelayMs: 60_000, signal: AbortSignal.timeout(200) });
    expect(error).toMatchObject({ name: 'TimeoutError' });
    const before = await read(registry.base, { signal: AbortSignal.abort(reason) });
    expect(before.error).toBe(reason);
  });
});

describe('what counts as a registry', () => {
  test.each([
    ['https://registry.example.com', 'https://registry.example.com/'],
    ['https://registry.example.com/', 'https://registry.example.com/'],
    ['https://registry.example.com/v0', 'https://registry.example.com/'],
    ['http://registry.example.com:8080/v0.1/', 'http://registry.example.com:8080/'],
    ['https://a.example/v0/servers?version=latest&cursor=x', 'https://a.example/?version=latest'],
    ['https://a.example/workspaces/default/v0.1/servers', 'https://a.example/workspaces/default'],
    ['https://a.example/dump.jsonl', null],
    ['https://a.example/v0/servers.json', null],
    ['https://a.example/v2/servers', null],
    ['./v0/servers', null],
    ['-', null],
  ])('%s: %s', (spec, base) => expect(registryBase(spec)?.href ?? null).toBe(base));

  test.each([
    ['https://me:secret@a.example/dump.json?key=secret#x', 'https://a.example/dump.json'],
    ['./dump.json', './dump.json'],
    ['-', '-'],
  ])('%s is called %s', (spec, name) => expect(sourceName(spec)).toBe(name));
});
