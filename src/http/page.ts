import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { askedOf, type Asked } from './asked.ts';
import { chooseEncoding, type Encoding } from './encoding.ts';
import { createReadyAnswer, sendReadyAnswer, type ReadyAnswer } from './ready-answer.ts';
import { nextRequestId } from './request.ts';

/** An answer that anyone may share, at one revision, ready in each encoding once that was asked for. */
export interface Page {
  revision: number;
  /** Of the body as it is. */
  bytes: number;
  /** The bytes that it takes with all its encodings and the bookkeeping, about. */
  memory: number;
  variant(encoding: Encoding | null): Variant | Promise<Variant>;
}

/** A page in one encoding, and what who has it already is told. */
interface Variant {
  /** Its ETag. */
  tag: string;
  whole: ReadyAnswer;
  notModified: ReadyAnswer;
}

/** What a page is answered with. */
type Status = 200 | 304;

/** Of a page: two of each encoding, and of none. */
const HEADS = 6;

/** Below this, the bytes fit one packet as they are. */
const WORTH_COMPRESSING = 1_000;

/** The qualities at which a page that is sent again and again is compressed, once. */
const compressors: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  gzip: promisify<Buffer, Buffer>(gzip),
  br: (body) =>
    promisify<Buffer, object, Buffer>(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
};

/** The headers that a door has set on an answer so far. */
export const headersOf = (response: {
  getHeaders(): Record<string, unknown> | NodeJS.Dict<unknown>;
}): Record<string, string> =>
  Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));

/** Makes a page; the headers are all that it has but those of its encoding. */
export function createPage(body: Buffer, revision: number, headers: Record<string, string>): Page {
  const digest = hash('sha256', body, 'base64url');
  // A request's own id is not for those who come after it.
  const { 'content-type': type = '', 'x-request-id': _own, ...shared } = headers;
  const make = (encoding: Encoding | null, encoded: Buffer): Variant => {
    const tag = encoding ? `"${digest}-${encoding}"` : `"${digest}"`;
    const always = { ...shared, etag: tag };
    const ofBody = {
      'content-type': type,
      'content-length': String(encoded.length),
      ...(encoding && { 'content-encoding': encoding }),
    };
    return {
      tag,
      whole: createReadyAnswer(200, { ...ofBody, ...always }, encoded),
      notModified: createReadyAnswer(304, always),
    };
  };
  const plain = make(null, body);
  const variants = new Map<Encoding, Variant | Promise<Variant>>();
  const compressed = (encoding: Encoding) => {
    const made = compressors[encoding](plain.whole.body).then((encoded) => {
      const variant = make(encoding, encoded);
      variants.set(encoding, variant);
      return variant;
    });
    variants.set(encoding, made);
    return made;
  };
  return {
    revision,
    bytes: body.length,
    memory: 3_000 + 2 * body.length + HEADS * plain.notModified.rest.length,
    variant: (encoding) => (encoding ? (variants.get(encoding) ?? compressed(encoding)) : plain),
  };
}

/** Sends a page as the request wants it, or 304 to who has it already; gives the status. */
export function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  page: Page,
  asked: Asked = askedOf(request),
): Status | Promise<Status> {
  const encoding = page.bytes < WORTH_COMPRESSING ? null : wanted(asked.acceptEncoding);
  const variant = page.variant(encoding);
  if (variant instanceof Promise) return variant.then((made) => write(request, response, made, asked));
  return write(request, response, variant, asked);
}

function write(request: IncomingMessage, response: ServerResponse, variant: Variant, asked: Asked): Status {
  const answer = hasTag(asked.ifNoneMatch, variant.tag) ? variant.notModified : variant.whole;
  // One that was counted and logged has its id already.
  const given = response.getHeader('x-request-id');
  sendReadyAnswer(request, response, answer, typeof given === 'string' ? given : nextRequestId(asked.requestId));
  return answer.status;
}

/** If-None-Match: a list of tags, compared weakly (RFC 9110, section 13.1.2). */
export function hasTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag) return true;
  const tags: string[] = header.match(/"[^"]*"/g) ?? [];
  return header.trim() === '*' || tags.includes(etag);
}

/** What clients accept is mostly one of a few texts. */
const choices = new Map<string, Encoding | null>();
const MAX_CHOICES = 200;
const LONG = 100;

function wanted(text = ''): Encoding | null {
  const known = choices.get(text);
  if (known !== undefined) return known;
  const choice = chooseEncoding(text);
  if (choices.size < MAX_CHOICES && text.length < LONG) choices.set(text, choice);
  return choice;
}
