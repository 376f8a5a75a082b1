import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getOperationAST, type DocumentNode, type ExecutionResult } from 'graphql';
import type { App } from '../app.ts';
import { currentSpan, traced, within, type Span, type Trust } from '../tracing.ts';

/** What a request is to be traced as. */
export interface TracedRequest {
  request: IncomingMessage;
  requestId: string;
  method: string;
  path: string;
}

/** Spans by request: what fires when a body has come no longer knows on whose behalf. */
const spans = new WeakMap<IncomingMessage, Span>();

/** Starts the span of a request; null where none is made. Probes and scrapes would be most of what there is, and say nothing. */
export function traceRequest({ tracing }: App, trust: Trust, about: TracedRequest): Span | null {
  const { request, requestId, method, path } = about;
  const graphql = path === '/graphql';
  if (!tracing || (trust === 'internal' && !graphql)) return null;
  const { traceparent } = request.headers;
  const attributes = {
    'http.request.method': method === 'other' ? '_OTHER' : method,
    'url.path': path,
    'url.scheme': 'http',
    'mcp_registry.door': trust,
    'mcp_registry.request_id': requestId,
    ...(graphql && { 'http.route': path }),
  };
  const name = method === 'other' ? 'HTTP' : method;
  const caller = { trust, traceparent: typeof traceparent === 'string' ? traceparent : undefined };
  const span = tracing.request(graphql ? `${name} ${path}` : name, attributes, caller);
  if (span) spans.set(request, span);
  return span;
}

/** Ends the span of a request with what it was answered; only what is our failure is one (semantic conventions, HTTP). */
export function endRequest(span: Span, { statusCode }: ServerResponse, status: number): void {
  span.set({ 'http.response.status_code': statusCode });
  if (status === 499) span.set({ 'error.type': 'hung_up' });
  if (status >= 500) span.fail({ code: String(status) });
  span.end();
}

/** Runs `work` as part of a request's span, which takes its name from the route. */
export function inRoute<T>(
  request: IncomingMessage,
  { method, path }: { method: string; path: string },
  work: () => T,
): T {
  const span = spans.get(request);
  if (!span) return work();
  span.rename(`${method} ${path}`);
  span.set({ 'http.route': path });
  return within(span, work);
}

/** Runs a GraphQL operation as a span: its kind, its name and what its text hashes to, never its variables. */
export function inOperation<R extends ExecutionResult | Promise<ExecutionResult>>(
  document: DocumentNode,
  operationName: string | null | undefined,
  run: () => R,
): R {
  if (!currentSpan()) return run();
  return traced('GraphQL operation', (span) => {
    noteOperation(span, document, operationName);
    const result = run();
    if (!(result instanceof Promise)) noteErrors(span, result.errors);
    else result.then(({ errors }) => noteErrors(span, errors)).catch(() => {});
    return result;
  });
}

/** Says of a span which operation it runs. */
export function noteOperation(span: Span | undefined, document: DocumentNode, operationName?: string | null): void {
  const operation = span && getOperationAST(document, operationName);
  if (!operation) return;
  const text = document.loc?.source.body;
  span.rename(operation.operation);
  span.set({
    'graphql.operation.type': operation.operation,
    'graphql.operation.name': operation.name?.value,
    'mcp_registry.graphql.document_hash': text && createHash('sha256').update(text).digest('hex'),
  });
}

/** Says of a span what kind of error its operation had first. */
export function noteErrors(span: Span | undefined, errors: ExecutionResult['errors']): void {
  const [first] = errors ?? [];
  if (first) span?.fail(first.originalError ?? first.extensions);
}
