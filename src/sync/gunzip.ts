import { createGunzip, type Gunzip } from 'node:zlib';

const MAGIC = [0x1f, 0x8b];
/** What is decompressed at a time can't become more than a thousand times as much. */
const SLICE_BYTES = 16 * 1024;

/**
 * The bytes as they are, or decompressed when they begin as gzip does, whatever the file is called. Where gzip data
 * breaks off or is damaged the output ends after what could be read, and `onBroken` is told why.
 */
export async function* gunzipped(
  chunks: AsyncIterable<Uint8Array>,
  onBroken: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const head = await takeHead(iterator);
    const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator };
    if (MAGIC.every((byte, i) => head[i] === byte)) {
      yield* decompress(slices(head, rest), onBroken);
    } else {
      yield head;
      yield* rest;
    }
  } finally {
    await iterator.return?.();
  }
}

async function* decompress(
  input: AsyncIterable<Uint8Array>,
  onBroken: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const state = watch(gunzip);
  try {
    for await (const slice of input) {
      await state.until((done) => gunzip.write(slice, done));
      yield* state.output.splice(0);
      if (state.broken) break;
    }
    if (!state.broken) await state.until((done) => gunzip.once('end', done).end());
    yield* state.output.splice(0);
    if (state.broken) onBroken(state.broken);
  } finally {
    gunzip.destroy();
  }
}

/** A decompressor's output, and the sentence that says why it stopped before the end. */
interface Watched {
  output: Uint8Array[];
  broken: string | null;
  /** Waits for what `start` begins to be done, or for the failure. */
  until(start: (done: () => void) => void): Promise<void>;
}

function watch(gunzip: Gunzip): Watched {
  let wake = (): void => {};
  const state: Watched = {
    output: [],
    broken: null,
    until: (start) =>
      new Promise((resolve) => {
        wake = resolve;
        start(resolve);
      }),
  };
  gunzip.on('data', (chunk: Uint8Array) => state.output.push(chunk));
  gunzip.on('error', (error: NodeJS.ErrnoException) => {
    state.broken = `The gzip data ${error.code === 'Z_BUF_ERROR' ? 'breaks off' : 'is damaged'} here.`;
    wake();
  });
  return state;
}

/** At least the first two bytes, where there are as many. */
async function takeHead(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < MAGIC.length) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* slices(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* sliced(head);
  for await (const chunk of rest) yield* sliced(chunk);
}

function* sliced(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += SLICE_BYTES) yield chunk.subarray(at, at + SLICE_BYTES);
}
