import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import { createContext, type Caller } from '../../context.ts';
import { RegistryError } from '../../errors.ts';
import { budgetHeaders } from '../caller.ts';
import type { PageCache } from '../page-cache.ts';
import { MAX_BODY_BYTES } from '../request.ts';
import { inRoute } from '../trace.ts';
import { sendAnswer, sendStream } from './answer.ts';
import { badPath, checkRequest, withoutTrailingSlash } from './guard.ts';
import { openapiOperations, registerDocs, schemaOf } from './openapi.ts';
import type { Operation, Route } from './operation.ts';
import { sendProblem, unknownEndpoint } from './refusal.ts';
import { RawBody, textOf } from './raw-body.ts';
import { routes } from './routes.ts';
import { validatorCompiler } from './validate.ts';

/** The door for plain HTTP: the REST API, its documentation, the pages for people. */
export interface RestDoor {
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): void;
  close(): Promise<void>;
}

/** node:http refuses longer request heads, so every name gets an answer of ours. */
const MAX_PARAMETER = 64 * 1024;

/** Makes the door; it listens nowhere itself. */
export async function createRest(app: App, pages: PageCache): Promise<RestDoor> {
  const callers: Callers = new WeakMap();
  const fastify = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    genReqId: (raw) => callers.get(raw as IncomingMessage)?.requestId ?? '',
    frameworkErrors: (error, request, reply) => {
      const bad = error.code === 'FST_ERR_BAD_URL';
      void sendProblem(app, request, reply, bad ? badPath(request.raw.url ?? '/') : error);
    },
  });
  fastify.setValidatorCompiler(validatorCompiler);
  fastify.setSerializerCompiler(() => (data) => JSON.stringify(data));
  fastify.setErrorHandler((error, request, reply) => sendProblem(app, request, reply, error));
  const table = routes(openapiOperations(fastify));
  addGuard(fastify, table);
  await registerDocs(fastify);
  readJson(fastify);
  for (const route of table) addRoute({ app, pages, fastify, callers }, route);
  await fastify.ready();
  return {
    handle: (request, response, caller) => {
      callers.set(request, caller);
      response.setHeader('x-content-type-options', 'nosniff');
      fastify.routing(request, response);
    },
    close: () => fastify.close(),
  };
}

function addGuard(fastify: FastifyInstance, table: Route[]): void {
  fastify.addHook('onRequest', async (request, reply) => {
    checkRequest(request);
    const target = withoutTrailingSlash(request.raw.url ?? '/');
    if (target !== null) return reply.header('cache-control', 'no-store').redirect(target, 308);
    if (request.is404) throw unknownEndpoint(table, request);
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body stays text. */
    raw?: true;
  }
}

/** Bodies are JSON; one that is empty is none, as some clients send it with the type of one that is not. */
function readJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  // Without a body a request has ended already, and Fastify would wait for the end.
  fastify.addHook('preParsing', ({ raw }, _reply, payload, done) => {
    done(null, raw.readableEnded ? Readable.from([]) : payload);
  });
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const text = textOf(body);
      if (request.routeOptions.config.raw) return new RawBody(text);
      try {
        return text === '' ? undefined : JSON.parse(text);
      } catch {
        throw new RegistryError('BAD_USER_INPUT', 'The body is not valid JSON.');
      }
    },
  );
}

type Callers = WeakMap<IncomingMessage, Caller>;
type Input = Parameters<Operation['handle']>[1];

interface Parts {
  app: App;
  pages: PageCache;
  fastify: FastifyInstance;
  callers: Callers;
}

function addRoute({ app, pages, fastify, callers }: Parts, route: Route): void {
  fastify.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    config: { raw: route.operation.raw },
    handler: async (request, reply) => {
      // Read before the data, so that no answer claims to know more than it does.
      const revision = app.revision.current();
      reply.header('registry-revision', revision);
      const { query, params, body } = request;
      const text = body instanceof RawBody ? body.text : '';
      const context = createContext(app, callers.get(request.raw)!);
      const input = { query, params, body, text } as Input;
      const handled = inRoute(request.raw, route, () => Promise.try(() => route.operation.handle(context, input)));
      const answer = await handled.finally(() => {
        // Who has written sees at which revision it is to be read.
        if (route.method !== 'GET') reply.header('registry-revision', app.revision.current());
        // Without a value: a reply is a promise too, of its own end.
        reply.headers(budgetHeaders(context));
      });
      const send =
        'stream' in answer
          ? sendStream(request, reply, answer, route.cache)
          : sendAnswer(request, reply, answer, { policy: route.cache, pages, revision });
      return send;
    },
  });
}
