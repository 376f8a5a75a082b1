import { GraphQLError, type ExecutionResult } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { App } from '../app.ts';
import { createContext, type Caller, type Context } from '../context.ts';
import { catalogue, RegistryError, toGraphQLError } from '../errors.ts';
import { operationRan } from '../events.ts';
import { parseGraphqlBody } from '../json-source.ts';
import { stringify } from '../raw-json.ts';
import type { Budget } from '../rate-limits.ts';
import { publicSchema } from '../schema.ts';
import { budgetHeaders } from './caller.ts';
import type { Documents } from './documents.ts';
import type { Cost } from './limits.ts';
import { logUnexpected } from './log.ts';
import { persistedOperations } from './persisted-plugin.ts';
import { MAX_BODY_BYTES } from './request.ts';
import { operationLabel } from './operation-label.ts';
import { inOperation } from './trace.ts';

interface ServerContext {
  caller: Caller;
  /** Once it is made: not for what is refused before. */
  context?: Context;
  /** What is left of the budget of registrations, if the request spent of that. */
  registering?: { budget: Budget | null };
}

/** The public GraphQL door: a handler for node:http that answers `/graphql`. */
export function createPublicGraphql(app: App, documents: Documents) {
  return createYoga<ServerContext, Context>({
    schema: publicSchema,
    context: (server) => (server.context = createContext(app, server.caller)),
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    multipart: false,
    extraParamNames: ['documentId'],
    // Ours are kept by `documents`, bounded.
    parserAndValidationCache: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    logging: false,
    graphiql: { title: 'MCP Registry', defaultQuery: EXAMPLE },
    // Megabytes of page that a start without browsers need not load.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    // Errors are masked by translateErrors, which still sees their causes and logs them.
    maskedErrors: { maskError: (error) => error as Error },
    plugins: [
      onlyJson,
      keepSources,
      persistedOperations(app, documents),
      prepareOnce(documents),
      limitCost(documents),
      translateErrors(app),
      tellBudget,
    ],
  });
}

const EXAMPLE = `# Everything that can be asked stands in the documentation on the left.
query Search {
  servers(filter: { search: "postgres" }, first: 10) {
    edges { node { name title description latestVersion { version packages { registryType identifier } } } }
    pageInfo { endCursor hasNextPage }
  }
}
`;

type FetchApi = Parameters<NonNullable<Plugin['onRequest']>>[0]['fetchAPI'];

/** Other content types are what forms of foreign pages can send; malformed `variables` of a GET would be a 500. */
export const onlyJson: Plugin = {
  onRequest({ request, url, fetchAPI, endResponse }) {
    const refused = request.method === 'POST' ? refusedBody(request.headers) : refusedParameter(url.searchParams);
    if (refused) endResponse(refusal(fetchAPI, refused));
  },
  onResponse({ response, fetchAPI, setResponse }) {
    // Nothing that a caller's own text asked for is worth keeping.
    response.headers.set('cache-control', 'no-store');
    if (response.headers.get('content-type') === 'text/event-stream') {
      // nginx would hold events back until there are many; and there is no encoding of the name that Yoga gives.
      response.headers.set('x-accel-buffering', 'no');
      response.headers.delete('content-encoding');
    }
    // What was not read of the body would be waited for before the next request.
    if (response.status === catalogue.PAYLOAD_TOO_LARGE.status) response.headers.set('connection', 'close');
    if (response.status !== catalogue.NOT_ACCEPTABLE.status) return;
    const sentence = 'Answers come as application/graphql-response+json, application/json or text/event-stream.';
    setResponse(refusal(fetchAPI, new RegistryError('NOT_ACCEPTABLE', sentence)));
  },
};

/** A document is kept as it was sent: what yoga parses must still know its text. */
const keepSources: Plugin = {
  onRequestParse({ request: { method }, requestParser, setRequestParser }) {
    if (method !== 'POST' || !requestParser) return;
    setRequestParser((request) => {
      Object.defineProperty(request, 'json', { value: async () => parseGraphqlBody(await request.text()) });
      return requestParser(request);
    });
  },
};

function refusedBody(headers: Headers): RegistryError | null {
  const type = headers.get('content-type') ?? '';
  if (!/^application\/(graphql\+)?json\s*(;\s*charset="?utf-?8"?\s*)?$/i.test(type)) {
    return new RegistryError('UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json in UTF-8.');
  }
  if (/^(identity)?$/i.test(headers.get('content-encoding') ?? '')) return null;
  return new RegistryError('UNSUPPORTED_MEDIA_TYPE', 'Send the request without a content-encoding.');
}

function refusedParameter(parameters: URLSearchParams): RegistryError | null {
  const wrong = ['variables', 'extensions'].find((name) => !isJsonObject(parameters.get(name) || 'null'));
  return wrong ? new RegistryError('BAD_USER_INPUT', `\`${wrong}\` must be a JSON object.`) : null;
}

/** A refusal outside of GraphQL's own course, in the shape of a GraphQL answer. */
function refusal({ Response }: FetchApi, { code, message }: RegistryError): Response {
  const { status, retryable } = catalogue[code];
  return new Response(JSON.stringify({ errors: [{ message, extensions: { code, retryable } }] }), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || (typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
}

/** A document is parsed, checked and compiled once, however often it comes. */
const prepareOnce = (documents: Documents): Plugin => ({
  onParse: ({ setParseFn }) => setParseFn((source) => documents.prepare(String(source)).document),
  onValidate({ params: { documentAST }, setResult }) {
    const prepared = documents.of(documentAST);
    if (prepared) setResult(prepared.errors);
  },
  onExecute({ args, setExecuteFn }) {
    const prepared = documents.of(args.document);
    if (!prepared) return;
    setExecuteFn((one) => inOperation(one.document, one.operationName, () => prepared.execute(one)));
  },
});

/** Refuses what costs too much before it runs, and tells the cost of what does run: of a subscription, of each event. */
const limitCost = (documents: Documents): Plugin<Context> => ({
  onSubscribe({ args, setResultAndStopExecution }) {
    const cost = costOrError(documents, args);
    if (cost instanceof GraphQLError) {
      setResultAndStopExecution({ errors: [cost] });
      return undefined;
    }
    const { metrics } = args.contextValue.app;
    operationRan(metrics, 'public', operationLabel(args.document, args.operationName));
    return { onSubscribeResult: () => ({ onNext: ({ result, setResult }) => setResult(finish(result, cost)) }) };
  },
  onExecute({ args, setResultAndStopExecution }) {
    const cost = costOrError(documents, args);
    if (cost instanceof GraphQLError) {
      setResultAndStopExecution({ errors: [cost] });
      return undefined;
    }
    return {
      onExecuteDone({ result, setResult }) {
        if (Symbol.asyncIterator in result) return;
        setResult(finish(result, cost));
      },
    };
  },
});

/** The serialiser is ours since documents go into answers byte for byte. */
const finish = (result: ExecutionResult, cost: Cost): ExecutionResult =>
  ({ ...result, extensions: { ...result.extensions, cost }, stringify }) as ExecutionResult;

/** What can't be counted, such as variables that do not fit, is refused like what costs too much. */
function costOrError(
  documents: Documents,
  { document, operationName, variableValues }: Parameters<NonNullable<Plugin['onExecute']>>[0]['args'],
): Cost | GraphQLError {
  try {
    return documents.of(document)!.cost(variableValues ?? {}, operationName);
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
  }
}

const tellBudget: Plugin<Context, ServerContext> = {
  onResponse({ response, serverContext }) {
    const spent = serverContext?.context?.budget ? serverContext.context : serverContext?.registering;
    const headers = spent ? budgetHeaders(spent) : {};
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  },
};

/** Says of each error, wherever it comes from, what a caller may know, and logs what nobody expected. */
export function translateErrors(app: App): Plugin<Context, ServerContext> {
  const translate = (result: ExecutionResult, requestId: string): ExecutionResult => {
    if (!result.errors) return result;
    for (const error of result.errors) logUnexpected(app.log, error, requestId);
    return { ...result, errors: result.errors.map((error) => toGraphQLError(error, requestId)) };
  };
  return {
    onResultProcess({ result, setResult, serverContext: { caller } }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      setResult(translate(result, caller.requestId));
    },
    onSubscribe: ({ args: { contextValue } }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) return;
        const { requestId } = contextValue as Context;
        setResult(untilFailure(result, (event) => translate(event, requestId)));
      },
    }),
  };
}

/** What breaks a subscription is its last event. */
async function* untilFailure(
  events: AsyncIterable<ExecutionResult>,
  translate: (event: ExecutionResult) => ExecutionResult,
): AsyncGenerator<ExecutionResult> {
  try {
    for await (const event of events) yield translate(event);
  } catch (error) {
    const errors = [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })];
    yield translate({ errors });
  }
}
