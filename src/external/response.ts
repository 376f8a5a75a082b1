import type { Readable } from 'node:stream';
import { discard, readBody } from './body.ts';
import { ExternalError } from './external-error.ts';

/** An answer of the outside world; its body is read once, within the bounds of the fetch. */
export interface GuardedResponse {
  status: number;
  /** Where the answer came from, after redirects. */
  url: string;
  headers: Headers;
  bytes(): Promise<Uint8Array>;
  /** As UTF-8; what is none becomes U+FFFD. */
  text(): Promise<string>;
  /** An ExternalError of kind `protocol` when it is no JSON. */
  json(): Promise<unknown>;
  /** The decompressed body as it comes in. */
  stream(): AsyncGenerator<Uint8Array>;
  /** Says that the body is not wanted, which frees the connection. */
  discard(): void;
}

/** What undici answered, and the bounds it is read within. */
export interface RawAnswer {
  url: URL;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
  maxBytes: number;
  /** The caller's own signal, whose reason is passed on as it is. */
  signal: AbortSignal | undefined;
}

/** Wraps an answer; nothing of the body is read before it is asked for. */
export function toResponse(raw: RawAnswer): GuardedResponse {
  const headers = toHeaders(raw.headers);
  const { host } = raw.url;
  let taken = false;
  const stream = (): AsyncGenerator<Uint8Array> => {
    if (taken) throw new TypeError('The body of an answer can be read once.');
    taken = true;
    const encoding = headers.get('content-encoding') ?? '';
    const length = Number(headers.get('content-length') ?? Number.NaN);
    return readBody(raw.body, { host, encoding, length, maxBytes: raw.maxBytes, signal: raw.signal });
  };
  const bytes = async (): Promise<Uint8Array> => Buffer.concat(await Array.fromAsync(stream()));
  const text = async (): Promise<string> => new TextDecoder().decode(await bytes());
  return {
    status: raw.status,
    url: raw.url.href,
    headers,
    bytes,
    text,
    json: async () => parseJson(await text(), host),
    stream,
    discard: () => discard(raw.body),
  };
}

function parseJson(text: string, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExternalError('protocol', `${host} answered with something that is no JSON.`, error);
  }
}

function toHeaders(from: RawAnswer['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(from)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  return headers;
}
