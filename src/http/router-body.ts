import type { IncomingMessage } from 'node:http';
import { RegistryError } from '../errors.ts';
import { parseGraphqlBody } from '../json-source.ts';
import { MAX_BODY_BYTES } from './request.ts';

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-?8"?\s*)?$/i;

/** Reads what a router posts, JSON of at most MAX_BODY_BYTES; undefined for other methods, a RegistryError for all else. */
export async function readRouterBody(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST') return undefined;
  const text = await readText(request);
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new RegistryError('UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json in UTF-8.');
  }
  if (text === null) {
    throw new RegistryError('PAYLOAD_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  }
  try {
    return parseGraphqlBody(text);
  } catch {
    throw new RegistryError('BAD_USER_INPUT', 'The body is not valid JSON.');
  }
}

/** Null for a body that is too large; it is read to its end and dropped, or its sender would not hear the answer. */
async function readText(request: IncomingMessage): Promise<string | null> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks = [];
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : null;
}
