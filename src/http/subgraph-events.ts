import { GraphQLError, parse, type ExecutionResult } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { IncomingMessage } from 'node:http';
import type { App } from '../app.ts';
import { createContext, type Caller, type Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { stringify } from '../raw-json.ts';
import { subgraphSchema } from '../schema.ts';
import { checkCost, MAX_TOKENS } from './limits.ts';
import { MAX_BODY_BYTES } from './request.ts';
import { onlyJson, translateErrors } from './yoga.ts';

/** Whether a router wants to be told as it comes: Apollo Server, which answers all else, can't. */
export const wantsEvents = ({ headers }: IncomingMessage): boolean => /text\/event-stream/i.test(headers.accept ?? '');

/** The subscriptions of the door for routers, as server-sent events; a handler for node:http. */
export function createSubgraphEvents(app: App) {
  return createYoga<{ caller: Caller }, Context>({
    schema: subgraphSchema,
    // A router speaks for many: it has no address of its own to count by.
    context: ({ caller }) => createContext(app, { ...caller, address: `router ${caller.requestId}` }),
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    logging: false,
    maskedErrors: { maskError: (error) => error as Error },
    plugins: [onlyJson, limitEvents, translateErrors(app)],
  });
}

const limitEvents: Plugin = {
  onParse({ setParseFn }) {
    setParseFn((source, options) => parse(source as string, { ...options, maxTokens: MAX_TOKENS }));
  },
  onSubscribe({ args: { schema, document, operationName, variableValues }, setResultAndStopExecution }) {
    try {
      checkCost(schema, { document, operationName, variables: variableValues ?? {} });
    } catch (error) {
      const refused = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
      setResultAndStopExecution({ errors: [refused] });
      return undefined;
    }
    // Documents go into answers byte for byte.
    const keepBytes = (result: ExecutionResult) => ({ ...result, stringify }) as ExecutionResult;
    return { onSubscribeResult: () => ({ onNext: ({ result, setResult }) => setResult(keepBytes(result)) }) };
  },
  onExecute({ setResultAndStopExecution }) {
    const originalError = new RegistryError('BAD_USER_INPUT', 'Only subscriptions are answered as text/event-stream.');
    setResultAndStopExecution({ errors: [new GraphQLError('', { originalError })] });
  },
};
