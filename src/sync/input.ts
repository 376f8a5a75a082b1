import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import type { SourceOptions } from './batch.ts';
import { SourceError } from './source-error.ts';
import { askUpstream, refusal } from './upstream.ts';

/** The bytes of a file, of standard input or of an answer, as they come in. */
export interface Input {
  chunks: AsyncIterable<Uint8Array>;
  /** How many there are, where that is known. */
  total: number | null;
}

const CHUNK_BYTES = 256 * 1024;
/** A dump of a gigabyte over a slow line takes hours; a server that falls silent does not get them. */
const DOWNLOAD = { timeoutMs: 24 * 3_600_000, idleTimeoutMs: 60_000, maxBytes: Number.MAX_SAFE_INTEGER };

/** Opens a path, an http(s) URL, or `-` for standard input; throws a SourceError where it can't. */
export async function openInput(spec: string, options: SourceOptions): Promise<Input> {
  if (spec === '-') return { chunks: abortable(process.stdin, options.signal), total: null };
  const url = /^https?:/i.test(spec) ? URL.parse(spec) : null;
  return url ? openUrl(url, options) : openFile(spec, options);
}

async function openFile(path: string, { signal }: SourceOptions): Promise<Input> {
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(path)) {
    throw new SourceError('A source is a file, an http:// or https:// address, or - for standard input.');
  }
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new SourceError(`${path} is a directory; name a file in it.`);
    const total = found.isFile() ? found.size : null;
    return { chunks: readable(path, abortable(createReadStream(path, { highWaterMark: CHUNK_BYTES }), signal)), total };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function openUrl(url: URL, options: SourceOptions): Promise<Input> {
  const answer = await askUpstream(
    url,
    DOWNLOAD,
    async (response) => {
      if (response.status !== 200) throw refusal(response);
      return response;
    },
    options,
  );
  const { headers } = answer;
  const total = headers.has('content-encoding') ? null : Number(headers.get('content-length') ?? Number.NaN);
  return { chunks: answer.stream(), total: total !== null && total >= 0 ? total : null };
}

function abortable(stream: Readable, signal: AbortSignal | undefined): Readable {
  return signal ? addAbortSignal(signal, stream) : stream;
}

/** The chunks of a file, with the errors of reading it in words. */
async function* readable(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Record<string, string> = {
    ENOENT: `There is no file ${path}.`,
    EACCES: `${path} may not be read by this user.`,
    EPERM: `${path} may not be read by this user.`,
    EISDIR: `${path} is a directory; name a file in it.`,
  };
  if (!code.startsWith('E') || code.startsWith('ERR_')) return error;
  return new SourceError(reasons[code] ?? `${path} can't be read (${code}).`, { cause: error });
}
