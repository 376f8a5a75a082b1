import { ExternalError } from '../external/external-error.ts';
import type { Found, SourceBatch, SourceOptions } from './batch.ts';
import { gunzipped } from './gunzip.ts';
import { openInput } from './input.ts';
import { createRecordReader } from './json-records.ts';
import { SourceError } from './source-error.ts';

/** A batch is handed over at this size too, however few its records are. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Reads the records of a file, a URL or standard input as they come in; memory does not grow with their number. */
export async function* readFileSource(spec: string, options: SourceOptions): AsyncGenerator<SourceBatch> {
  const input = await openInput(spec, options);
  const position = { done: 0, total: input.total };
  const reader = createRecordReader();
  const pile = newPile(options.batchSize ?? 500);
  let failure: { error: unknown } | null = null;
  try {
    const onBroken = (reason: string): void => pile.add({ at: `line ${reader.line()}`, reason });
    for await (const chunk of gunzipped(counted(input.chunks, position), onBroken)) {
      options.signal?.throwIfAborted();
      for (const found of reader.push(chunk)) {
        pile.add(found);
        if (pile.isFull()) yield pile.take(position);
      }
    }
    for (const found of reader.end()) pile.add(found);
  } catch (error) {
    options.signal?.throwIfAborted();
    failure = { error: interrupted(error, reader.line()) };
  }
  yield pile.take(position);
  if (failure) throw failure.error;
}

function interrupted(error: unknown, line: number): unknown {
  if (!(error instanceof SourceError) && !(error instanceof ExternalError)) return error;
  return new SourceError(`${error.message} Reading stopped at line ${line}.`, {
    cause: error,
    retryable: error.retryable,
  });
}

/** What was found and not yet handed over. */
interface Pile {
  add(found: Found): void;
  isFull(): boolean;
  take(position: { done: number; total: number | null }): SourceBatch;
}

function newPile(batchSize: number): Pile {
  let records: SourceBatch['records'] = [];
  let skipped: SourceBatch['skipped'] = [];
  let size = 0;
  return {
    add(found) {
      if ('text' in found) {
        records.push(found);
        size += found.text.length;
      } else {
        skipped.push(found);
      }
    },
    isFull: () => records.length + skipped.length >= batchSize || size >= BATCH_BYTES,
    take(position) {
      const batch: SourceBatch = { records, skipped, position: { ...position, unit: 'bytes' }, checkpoint: null };
      records = [];
      skipped = [];
      size = 0;
      return batch;
    },
  };
}

async function* counted(chunks: AsyncIterable<Uint8Array>, position: { done: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    position.done += chunk.length;
    yield chunk;
  }
}
