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

/** How an operation is described in the OpenAPI document. */
export interface Description {
  /** Unique; the prefix of the path is added to it. */
  id: string;
  tag: string;
  summary: string;
  description: string;
  answer: z.ZodType;
  /** The statuses of its problem documents. */
  problems: number[];
}

/** What one path does: the input it takes, its handler and, unless it is a page, its description. */
export interface Operation<Query extends z.ZodObject = z.ZodObject, Params extends z.ZodObject = z.ZodObject> {
  described?: Description;
  query?: Query;
  params?: Params;
  handle(context: Context, input: { query: z.output<Query>; params: z.output<Params> }): Answer | Promise<Answer>;
}

/** Gives a handler the types of its own query and path parameters. */
export const operation = <Query extends z.ZodObject, Params extends z.ZodObject>(one: Operation<Query, Params>) =>
  one as Operation;

/** One row of the route table. */
export interface Route {
  method: 'GET';
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
