import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceBatch, SourceOptions } from '../../src/sync/batch.ts';
import { openSource } from '../../src/sync/source.ts';
import { serve } from '../external/servers.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'source-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

/** Reads a source to its end; what it threw, if it did, beside what came before. */
async function read(spec: string, options?: SourceOptions) {
  const batches: SourceBatch[] = [];
  let error: unknown = null;
  try {
    for await (const batch of openSource(spec, { retryDelayMs: 1, ...options })) batches.push(batch);
  } catch (thrown) {
    error = thrown;
  }
  const records = batches.flatMap((batch) => batch.records);
  return { batches, error, texts: records.map((one) => one.text), skipped: batches.flatMap((batch) => batch.skipped) };
}

/** JSON lines of records that do not compress well, so that a cut in the gzip data leaves many whole. */
const lines = Array.from({ length: 2_000 }, (_, i) => `{"name":"a/${i}","noise":"${Math.sin(i + 1)}${Math.cos(i)}"}`);
const text = lines.join('\n');

describe('a file', () => {
  test('is read in batches, with the position in bytes and no checkpoint', async () => {
    const { batches, texts, skipped } = await read(await file('plain.jsonl', text), { batchSize: 700 });
    expect(texts).toEqual(lines);
    expect(skipped).toEqual([]);
    expect(batches.map((batch) => batch.records.length)).toEqual([700, 700, 600]);
    expect(batches.map((batch) => batch.checkpoint)).toEqual([null, null, null]);
    expect(batches.at(-1)?.position).toEqual({ done: text.length, total: text.length, unit: 'bytes' });
    expect(batches.at(-1)?.records.at(-1)?.at).toBe('line 2000');
  });

  test('is gzip when its content says so, not its name', async () => {
    expect((await read(await file('named.json', gzipSync(text)))).texts).toEqual(lines);
    expect((await read(await file('named.gz', text))).texts).toEqual(lines);
    const parts = Buffer.concat([gzipSync(`${lines[0]}\n`), gzipSync(lines[1] ?? '')]);
    expect((await read(await file('parts.gz', parts))).texts).toEqual(lines.slice(0, 2));
  });

  test('of gzip data that breaks off or is damaged keeps what came before and says where', async () => {
    const whole = gzipSync(text);
    const middle = Math.floor(whole.length / 2);
    const cut = await read(await file('cut.gz', whole.subarray(0, middle)));
    expect(cut.error).toBeNull();
    expect(cut.texts.length).toBeGreaterThan(900);
    expect(cut.texts).toEqual(lines.slice(0, cut.texts.length));
    expect(cut.skipped[0]).toEqual({ at: `line ${cut.texts.length + 1}`, reason: 'The gzip data breaks off here.' });

    const damaged = Buffer.from(whole);
    damaged.fill(0xff, middle, middle + 64);
    const found = await read(await file('damaged.gz', damaged));
    expect(found.texts.length).toBeGreaterThan(300);
    expect(found.skipped.map((one) => one.reason)).toContain('The gzip data is damaged here.');
  });

  test('that is empty or tiny holds nothing', async () => {
    for (const content of ['', ' ', '\x1f', '\x1f\x8b'] as const) {
      const { texts, error, batches } = await read(await file('tiny', Buffer.from(content, 'latin1')));
      expect([texts, error]).toEqual([[], null]);
      expect(batches.at(-1)?.position.done).toBe(content.length);
    }
  });

  test('that can’t be read says why', async () => {
    expect((await read(join(directory, 'none.json'))).error).toMatchObject({
      name: 'SourceError',
      message: `There is no file ${join(directory, 'none.json')}.`,
    });
    expect((await read(directory)).error).toMatchObject({
      name: 'SourceError',
      message: `${directory} is a directory; name a file in it.`,
    });
    expect((await read('ftp://me:secret@example.com/x')).error).toMatchObject({
      message: 'A source is a file, an http:// or https:// address, or - for standard input.',
    });
  });

  test('stops at once when asked to, or when its reader goes away', async () => {
    const path = await file('long.jsonl', text);
    const stop = new AbortController();
    const reason = new Error('stop');
    const seen: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const { records } of openSource(path, { batchSize: 100, signal: stop.signal })) {
        seen.push(records.length);
        stop.abort(reason);
      }
    };
    await expect(reading()).rejects.toBe(reason);
    expect(seen.length).toBeLessThan(21);
    for await (const { records } of openSource(path, { batchSize: 100 })) {
      expect(records).toHaveLength(100);
      break;
    }
  });
});

describe('a URL', () => {
  test('is read as a file is, with the sender’s compression undone', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/plain') return response.end(text);
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(gzipSync(text)));
    });
    const plain = await read(`${base}/plain`);
    expect(plain.texts).toEqual(lines);
    expect(plain.batches.at(-1)?.position).toEqual({ done: text.length, total: text.length, unit: 'bytes' });
    expect((await read(`${base}/twice.gz`)).texts).toEqual(lines);
  });

  test('whose length nobody says has none', async () => {
    const base = await serve((_request, response) => {
      response.write(text.slice(0, 9));
      response.end(text.slice(9));
    });
    expect((await read(`${base}/dump.jsonl`)).batches.at(-1)?.position).toEqual({
      ...{ done: text.length, total: null, unit: 'bytes' },
    });
  });

  test('is asked again when the server is busy', async () => {
    let asked = 0;
    const base = await serve((_request, response) => {
      asked += 1;
      if (asked < 3) response.writeHead(503).end();
      else response.end(text);
    });
    expect((await read(`${base}/dump.jsonl`)).texts).toEqual(lines);
    expect(asked).toBe(3);
  });

  test('that is not there says so, without its credentials and query', async () => {
    const base = await serve((_request, response) => response.writeHead(404).end());
    const url = `${base.replace('http://', 'http://me:secret@')}/dump.jsonl?key=secret`;
    expect((await read(url)).error).toMatchObject({
      name: 'SourceError',
      message: `${new URL(base).host} answered 404 to /dump.jsonl.`,
    });
  });

  test('that breaks off keeps what came before and says where', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': text.length }).write(text.slice(0, 50_000));
      setTimeout(() => response.destroy(), 50);
    });
    const { texts, error } = await read(`${base}/dump.jsonl`);
    expect(texts.length).toBeGreaterThan(500);
    expect(texts).toEqual(lines.slice(0, texts.length));
    expect(error).toMatchObject({
      name: 'SourceError',
      retryable: true,
      message: `The connection to ${new URL(base).host} failed (UND_ERR_SOCKET). Reading stopped at line ${texts.length + 1}.`,
    });
  });
});

describe('standard input', () => {
  test('is read as a file is', async () => {
    const script = `
      import { openSource } from ${JSON.stringify(new URL('../../src/sync/source.ts', import.meta.url).href)};
      let n = 0;
      for await (const { records } of openSource('-')) n += records.length;
      console.log(n);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(gzipSync(text));
    expect((await child.stdout.toArray()).join('')).toBe('2000\n');
  });
});
