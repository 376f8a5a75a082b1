import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { GraphQLError, OperationTypeNode, type GraphQLFormattedError } from 'graphql';
import type { App } from '../app.ts';
import { createContext, type Caller, type Context } from '../context.ts';
import { operationRan } from '../events.ts';
import { catalogue, RegistryError, toGraphQLError } from '../errors.ts';
import { stringify } from '../raw-json.ts';
import { subgraphSchema, subgraphSdl } from '../schema.ts';
import { currentSpan, traced } from '../tracing.ts';
import { checkCost, type Operation } from './limits.ts';
import { operationLabel } from './operation-label.ts';
import { logUnexpected } from './log.ts';
import { createAges } from './router-ages.ts';
import { readRouterBody } from './router-body.ts';
import { isRouter } from './router-secret.ts';
import { createSubgraphEvents, wantsEvents } from './subgraph-events.ts';
import { noteErrors, noteOperation } from './trace.ts';

/** Routers send larger documents than people. */
const MAX_ROUTER_TOKENS = 10_000;

const STRANGER = new RegistryError('UNAUTHENTICATED', 'Send the secret of this door in `router-authorization`.');

/** The door for supergraph routers: `/graphql` on the internal port. */
export interface SubgraphDoor {
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Apollo Server over the subgraph schema, mounted on node:http by hand. */
export async function createSubgraphDoor(app: App): Promise<SubgraphDoor> {
  const requestIds = new WeakMap<object, string>();
  const server = new ApolloServer<Context>({
    schema: subgraphSchema,
    plugins: [
      limitAndLog(app, requestIds),
      // It would count hints field by field, for thousands of them.
      ApolloServerPluginCacheControlDisabled(),
      tellAge,
      ApolloServerPluginInlineTrace({ includeErrors: { masked: true } }),
    ],
    introspection: app.config.subgraphIntrospection,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: MAX_ROUTER_TOKENS },
    stringifyResult: (result) => stringify(result),
    stopOnTerminationSignals: false,
    logger: app.log,
    formatError: (formatted, thrown) => translate(formatted, thrown, requestIds.get(thrown as object) ?? ''),
  });
  const events = createSubgraphEvents(app);
  await server.start();
  return {
    handle: async (request, response, caller) => {
      response.setHeader('cache-control', 'no-store');
      if (!isRouter(app.config.routerSecret, request)) return refuse(response, STRANGER);
      if (!wantsEvents(request)) return answer(server, app, { request, response, caller });
      await events(request, response, { caller });
    },
    stop: async () => {
      await server.stop();
      await events.dispose();
    },
  };
}

/** Says of an error what a caller may know. */
function translate(formatted: GraphQLFormattedError, thrown: unknown, requestId: string): GraphQLFormattedError {
  // Routers that send hashes of documents read by this code that they must send the whole one.
  if (String(formatted.extensions?.code).startsWith('PERSISTED_QUERY_')) return formatted;
  const { message, extensions } = toGraphQLError(thrown, requestId);
  const { http, ...shown } = extensions;
  return { ...formatted, message, extensions: { retryable: false, ...shown } };
}

function limitAndLog(app: App, requestIds: WeakMap<object, string>): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, operationName, request }) => {
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw subscriptionsStream();
        noteOperation(currentSpan(), document, operationName);
        operationRan(app.metrics, 'internal', operationLabel(document, operationName));
        limitCost(schema, { document, operationName, variables: request.variables ?? {} });
      },
      didEncounterErrors: async ({ errors, contextValue }) => {
        const { requestId } = contextValue;
        noteErrors(currentSpan(), errors);
        for (const error of errors) requestIds.set(error, requestId);
        // One statement that fails is the same error for a thousand representations.
        const causes = new Set(errors.map((error) => error.originalError ?? error));
        for (const cause of causes) logUnexpected(app.log, cause, requestId);
      },
    }),
  };
}

const ages = createAges(subgraphSchema);

/** Answers that are the same for everyone say how long a router may keep them. */
const tellAge: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response: { body, http }, document }) => {
      const personal = request.http?.headers.has('authorization') || request.http?.headers.has('cookie');
      const whole = body.kind === 'single' && body.singleResult.data && !body.singleResult.errors;
      const age = document && whole && !personal ? ages(document) : 0;
      http.headers.set('cache-control', age > 0 ? `max-age=${age}, public` : 'no-store');
    },
  }),
};

/** Apollo Server can't: they are answered beside it. */
const subscriptionsStream = () =>
  new GraphQLError('Subscriptions are answered as text/event-stream: accept that.', {
    extensions: { code: 'NOT_ACCEPTABLE', retryable: false, http: { status: catalogue.NOT_ACCEPTABLE.status } },
  });

function limitCost(schema: Parameters<typeof checkCost>[0], operation: Operation): void {
  try {
    checkCost(schema, operation);
  } catch (error) {
    // Variables that do not fit are told by the execution itself.
    if (!(error instanceof GraphQLError) || error.extensions.code) throw error;
  }
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  caller: Caller;
}

async function answer(server: ApolloServer<Context>, app: App, { request, response, caller }: Exchange): Promise<void> {
  const { searchParams, search } = new URL(request.url ?? '/', 'http://localhost');
  const body = await readRouterBody(request).catch((error: unknown) => orRefusal(request, error));
  if (body === GONE) return;
  if (body instanceof RegistryError) return refuse(response, body);
  if (request.method === 'GET' && searchParams.has('sdl')) return answerSdl(response, searchParams.get('sdl'));
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const httpGraphQLRequest = { method: request.method ?? 'GET', headers, search, body };
  const context = async () => createContext(app, caller);
  const result = await traced('GraphQL operation', () =>
    server.executeHTTPGraphQLRequest({ httpGraphQLRequest, context }),
  );
  for (const [name, value] of result.headers) response.setHeader(name, value);
  response.statusCode = result.status ?? 200;
  if (result.body.kind === 'complete') {
    response.end(result.body.string);
    return;
  }
  for await (const chunk of result.body.asyncIterator) response.write(chunk);
  response.end();
}

/** The SDL to compose: `?sdl`, and with what wants a login: `?sdl=authenticated`. */
function answerSdl(response: ServerResponse, kind: string | null): void {
  if (kind !== '' && kind !== 'authenticated') {
    return refuse(response, new RegistryError('BAD_USER_INPUT', 'There is `?sdl` and `?sdl=authenticated`.'));
  }
  response.writeHead(200, { 'content-type': 'application/graphql; charset=utf-8' });
  response.end(subgraphSdl({ rights: kind === 'authenticated' }));
}

/** Stands for the body of a caller who hung up: nobody waits for an answer. */
const GONE = Symbol('gone');

function orRefusal(request: IncomingMessage, error: unknown): RegistryError | typeof GONE {
  if (error instanceof RegistryError) return error;
  if (!request.complete) return GONE;
  throw error;
}

/** Answers what is no GraphQL request in the form of a GraphQL error. */
function refuse(response: ServerResponse, error: RegistryError): void {
  const { status, retryable } = catalogue[error.code];
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ errors: [{ message: error.message, extensions: { code: error.code, retryable } }] }));
}
