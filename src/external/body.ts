import { type Duplex, pipeline, type Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { ExternalError, toExternalError } from './external-error.ts';

/** What is needed to read the body of one answer within its bounds. */
export interface BodyOptions {
  host: string;
  /** The content-encoding header as it came. */
  encoding: string;
  /** The content-length header as a number; NaN without one. */
  length: number;
  maxBytes: number;
  /** The caller's own signal, whose reason is passed on as it is. */
  signal: AbortSignal | undefined;
}

/** More layers than an honest server uses; each costs memory (undici had CVE-2026-22036). */
const MAX_ENCODINGS = 2;
/** What compression may add to incompressible data before the bytes on the wire count as too many. */
const WIRE_SLACK_BYTES = 64 * 1024;

const decoders: Record<string, () => Duplex> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The body's decompressed bytes as they come in; an ExternalError after `maxBytes` of them, or of those on the wire. */
export async function* readBody(raw: Readable, options: BodyOptions): AsyncGenerator<Uint8Array> {
  const { host, maxBytes, signal, length } = options;
  const wire: Wire = { bytes: 0, limit: maxBytes + WIRE_SLACK_BYTES };
  let read = 0;
  let decoded: Readable = raw;
  try {
    if (length > maxBytes) throw tooLarge(options);
    decoded = decode(raw, wire, options);
    for await (const chunk of decoded as AsyncIterable<Uint8Array>) {
      read += chunk.byteLength;
      if (read > maxBytes) throw tooLarge(options);
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // Nothing at all, as after HEAD, is no broken gzip.
    if (decoded === raw || wire.bytes > 0 || raw.errored) throw toExternalError(host, error);
  } finally {
    decoded.destroy();
    discard(raw);
  }
}

/** Gives a body up: its connection is closed rather than read to the end. */
export function discard(raw: Readable): void {
  raw.destroy();
}

interface Wire {
  bytes: number;
  limit: number;
}

function tooLarge({ host, maxBytes }: BodyOptions): ExternalError {
  return new ExternalError('too-large', `${host} answered with more than ${maxBytes} bytes.`);
}

function decode(raw: Readable, wire: Wire, options: BodyOptions): Readable {
  const names = options.encoding.toLowerCase().split(',');
  const layers = names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  if (layers.length === 0) return raw;
  if (layers.length > MAX_ENCODINGS) {
    throw new ExternalError('protocol', `${options.host} compressed its answer ${layers.length} times over.`);
  }
  const stages = layers.reverse().map((name) => decoderFor(name, options.host));
  pipeline([raw, wireLimit(wire, options), ...stages], () => {});
  return stages.at(-1) ?? raw;
}

function decoderFor(name: string, host: string): Duplex {
  const create = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (create) return create();
  throw new ExternalError('protocol', `${host} compressed its answer in a way that is not understood.`);
}

/** Stops an endless compressed stream that decompresses to nothing. */
function wireLimit(wire: Wire, options: BodyOptions): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done): void {
      wire.bytes += chunk.byteLength;
      done(wire.bytes > wire.limit ? tooLarge(options) : null, chunk);
    },
  });
}
