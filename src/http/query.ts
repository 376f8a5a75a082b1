import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { App } from '../app.ts';
import type { Caller, Context } from '../context.ts';
import { toGraphQLError } from '../errors.ts';
import { stringify } from '../raw-json.ts';
import { publicSchema } from '../schema.ts';
import { cachePolicies } from './cache.ts';
import type { Prepared } from './documents.ts';
import type { Form } from './form.ts';
import { logUnexpected } from './log.ts';
import { inOperation } from './trace.ts';

/** A request for a query, and what it is answered with. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  caller: Caller;
}

/** A query that can run. */
export interface Run {
  prepared: Prepared;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

/** Runs a query; throws what it is refused for. What went wrong in it is logged, and translated. */
export async function runQuery(
  { prepared, variables, operationName }: Run,
  context: Context,
): Promise<ExecutionResult> {
  const cost = prepared.cost(variables, operationName);
  const { document } = prepared;
  const args = { schema: publicSchema, document, operationName, variableValues: variables, contextValue: context };
  const result = await inOperation(document, operationName, () => prepared.execute(args));
  for (const error of result.errors ?? []) logUnexpected(context.app.log, error, context.requestId);
  const errors = result.errors?.map((error) => toGraphQLError(error, context.requestId));
  return { ...result, ...(errors && { errors }), extensions: { cost } };
}

/** Answers with what a query was refused for. */
export function sendRefusal(app: App, exchange: Exchange, form: Form | null, thrown: unknown): void {
  const { requestId } = exchange.caller;
  logUnexpected(app.log, thrown, requestId);
  sendResult(exchange, form ?? 'application/json', { errors: [toGraphQLError(thrown, requestId)] });
}

/** Sends what nobody else is to have; with errors the status is that of the worst, which plain JSON keeps for what never ran. */
export function sendResult({ response }: Exchange, form: Form, result: ExecutionResult): void {
  const status = Math.max(200, ...(result.errors ?? []).map(({ extensions }) => statusOf(extensions, form)));
  const body = stringify(result.errors ? { ...result, errors: result.errors.map(shown) } : result);
  response.writeHead(status, {
    'content-type': `${form}; charset=utf-8`,
    'cache-control': cachePolicies.none,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function shown(error: GraphQLError): object {
  const { extensions, ...told } = error.toJSON();
  const { http, ...facts } = { ...extensions } as Record<string, unknown>;
  return { ...told, extensions: facts };
}

function statusOf(extensions: Record<string, unknown>, form: Form): number {
  const { status = 200, spec } = (extensions.http ?? {}) as { status?: number; spec?: boolean };
  return spec && form === 'application/json' ? 200 : status;
}
