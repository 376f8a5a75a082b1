import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { cachePolicies, tagHeaders, type CachePolicy } from '../cache.ts';
import { chooseEncoding, compress } from '../encoding.ts';
import type { PageCache } from '../page-cache.ts';
import { createPage, hasTag, headersOf, sendPage } from '../page.ts';
import { splitTarget } from './guard.ts';
import type { Answer, StreamAnswer } from './operation.ts';

/** Sends an answer with what caches want of it; 304 to who has it already. What anyone may share, others get from memory. */
export async function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer, door: Door) {
  const { policy, pages, revision } = door;
  const body = Buffer.from(answer.body);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return reply.header('cache-control', cachePolicies.none).type('application/json').send(body);
  }
  if (policy !== 'none' && (answer.status ?? 200) === 200 && mayBeShared(request)) {
    const page = createPage(body, revision, {
      ...headersOf(reply.raw),
      ...headersOf(reply),
      'content-type': answer.type ?? 'application/json',
      'cache-control': cachePolicies[policy],
      vary: 'Accept-Encoding',
      ...tagHeaders(answer.tags ?? []),
      ...answer.headers,
    });
    pages.keep(request.raw, page);
    reply.hijack();
    await sendPage(request.raw, reply.raw, page);
    return reply;
  }
  const etag = `"${hash('sha256', body, 'base64url')}"`;
  const found = answer.status === undefined || answer.status === 200;
  const cache = mayBeShared(request) ? (found ? policy : 'absent') : 'none';
  reply.headers({
    'cache-control': cachePolicies[cache],
    vary: 'Accept-Encoding',
    etag,
    ...tagHeaders(answer.tags ?? []),
    ...answer.headers,
  });
  if (found && hasTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply
    .code(answer.status ?? 200)
    .type(answer.type ?? 'application/json')
    .send(body);
}

/** How a door answers a route, and the revision at which it began to. */
export interface Door {
  policy: CachePolicy;
  pages: PageCache;
  revision: number;
}

/**
 * Sends an answer while it is made. Its tag is weak: of one revision it says the same, in whatever bytes. When it fails
 * half-way Fastify destroys the connection, so that nobody takes what came for the whole.
 */
export async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: StreamAnswer,
  policy: CachePolicy,
) {
  const describe = (revision: number) =>
    reply.headers({
      'cache-control': cachePolicies[mayBeShared(request) ? policy : 'none'],
      vary: 'Accept-Encoding',
      etag: `W/"${revision}"`,
      'registry-revision': revision,
      ...tagHeaders(answer.tags),
    });
  if (hasTag(request.headers['if-none-match'], `"${answer.revision}"`)) {
    return describe(answer.revision).code(304).send();
  }
  const reading = request.method === 'HEAD' ? null : await answer.stream();
  const encoding = chooseEncoding(request.headers['accept-encoding']?.toString());
  if (encoding) reply.header('content-encoding', encoding);
  describe(reading?.revision ?? answer.revision).type(answer.type);
  return reply.send(reading ? compress(reading.body, encoding) : Readable.from([]));
}

/** False for answers that may be one caller's own, or that a cache would keep under endlessly many names. */
export function mayBeShared(request: FastifyRequest): boolean {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined || cookie !== undefined) return false;
  const known = (request.routeOptions.schema?.querystring as z.ZodObject | undefined)?.shape ?? {};
  const { search } = splitTarget(request.raw.url ?? '/');
  return new URLSearchParams(search).keys().every((name) => Object.hasOwn(known, name));
}
