import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import type { CachePolicy } from '../cache.ts';

/** What a handler answers. */
export interface Answer {
  body: string;
  /** 200 when left out. */
  status?: number;
  /** application/json when left out. */
  type?: string;
  /** What a CDN finds the answer by: serverTag() and LIST_TAG. */
  tags?: string[];
  headers?: Record<string, string>;
}

/** An answer that is made while it is sent, all of one revision; it is made anew only when that is another. */
export interface StreamAnswer {
  /** The newest revision, as far as is known before. */
  revision: number;
  stream(): Promise<{ revision: number; body: Readable }>;
  type: string;
  tags: string[];
}

/** How an operation is described in the OpenAPI document. */
export interface Description {
  /** Unique; the prefix of the path is added to it. */
  id: string;
  tag: string;
  summary: string;
  description: string;
  answer: z.ZodType;
  /** application/json when left out. */
  type?: string;
  /** The statuses of its problem documents. */
  problems: number[];
  /** True where a token is needed. */
  secured?: boolean;
}

/** What one path does: the input it takes, its handler and, unless it is a page, its description. */
export interface Operation<
  Query extends z.ZodObject = z.ZodObject,
  Params extends z.ZodObject = z.ZodObject,
  Body extends z.ZodObject = z.ZodObject,
> {
  described?: Description;
  query?: Query;
  params?: Params;
  body?: Body;
  /** The handler gets the body as `text`, byte for byte as it was sent and unchecked; `body` only describes it. */
  raw?: true;
  handle(
    context: Context,
    input: { query: z.output<Query>; params: z.output<Params>; body: z.output<Body>; text: string },
  ): Answer | Promise<Answer | StreamAnswer>;
}

/** Gives a handler the types of its own query, path parameters and body. */
export const operation = <Query extends z.ZodObject, Params extends z.ZodObject, Body extends z.ZodObject>(
  one: Operation<Query, Params, Body>,
) => one as Operation;

/** One row of the route table. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  path: string;
  cache: CachePolicy;
  operation: Operation;
}

/** A row for reading; HEAD comes with it. */
export const get = (path: string, cache: CachePolicy, one: Operation): Route => ({
  method: 'GET',
  path,
  cache,
  operation: one,
});

const writing =
  (method: Route['method']) =>
  (path: string, one: Operation): Route => ({ method, path, cache: 'none', operation: one });

/** Rows for writing, of which nothing is ever kept. */
export const post = writing('POST');
export const put = writing('PUT');
export const patch = writing('PATCH');
