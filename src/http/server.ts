import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app.ts';
import { buildPublicSchema, publicSchema } from '../schema.ts';
import { within, type Span, type Trust } from '../tracing.ts';
import { callerOf } from './caller.ts';
import { createDocuments } from './documents.ts';
import { createEndings } from './endings.ts';
import { createEntryTexts } from './entry-texts.ts';
import { answerHealth, type Readiness } from './health.ts';
import { answerFailure, answerUnreadable } from './failure.ts';
import { answerMetrics, fillMetrics, routeOf } from './metrics.ts';
import { createPageCache, type PageCache } from './page-cache.ts';
import { answerPersisted } from './persisted.ts';
import { answerPosted } from './posted.ts';
import { KEEP_ALIVE_MS } from './ready-answer.ts';
import { requestIdOf } from './request.ts';
import { createRest } from './rest/rest.ts';
import { createSubgraphDoor } from './subgraph.ts';
import { endRequest, traceRequest } from './trace.ts';
import { createPublicGraphql } from './yoga.ts';

/** The doors, open. */
export interface Doors {
  /** Where people and programs come in: http://host:port. */
  publicUrl: string;
  /** Where routers and the platform come in. */
  internalUrl: string;
  readiness: Readiness;
  /** Takes no new connection, waits for what runs, at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, requestId: string) => unknown;

/** How long nothing may move on a connection while an answer is sent: whoever reads no more holds it in vain. */
const STALL_MS = 60_000;

/** Opens the public and the internal listener. */
export async function openDoors(app: App, { stallMs = STALL_MS } = {}): Promise<Doors> {
  const readiness: Readiness = { draining: false };
  const documents = createDocuments(publicSchema, app.store.keeps ? createEntryTexts(buildPublicSchema) : undefined);
  const pages = createPageCache(app);
  fillMetrics(app, pages);
  const graphql = createPublicGraphql(app, documents);
  const rest = await createRest(app, pages);
  const subgraph = await createSubgraphDoor(app);
  const endings = createEndings();
  const open = { app, pages, stallMs };
  const publicServer = listener(open, 'public', async (request, response, requestId) => {
    openToAnyOrigin(response);
    if (request.method === 'OPTIONS') return answerPreflight(response);
    if (await pages.wait(request, response)) return;
    const caller = callerOf(request, requestId);
    if (pathOf(request) !== '/graphql') return rest.handle(request, response, caller);
    tellRevision(app, response);
    if (request.method === 'GET' || request.method === 'HEAD') {
      if (await answerPersisted({ app, documents, pages }, { request, response, caller })) return;
    } else if (request.method === 'POST') {
      if (await answerPosted({ app, documents }, { request, response, caller })) return;
    }
    await graphql(request, response, { caller: { ...caller, ended: endings.of(response) } });
    // Yoga turns it off for what it streams.
    if (!response.writableEnded) request.socket.setTimeout(stallMs);
  });
  const internalServer = listener(open, 'internal', async (request, response, requestId) => {
    if (pathOf(request) === '/metrics') return answerMetrics(app, response);
    if (pathOf(request) !== '/graphql') return answerHealth(app, readiness, request, response);
    tellRevision(app, response);
    await subgraph.handle(request, response, { ...callerOf(request, requestId), ended: endings.of(response) });
    if (!response.writableEnded) request.socket.setTimeout(stallMs);
  });
  return {
    publicUrl: await listen(publicServer, app.config.host, app.config.port, 'PORT'),
    internalUrl: await listen(internalServer, app.config.host, app.config.internalPort, 'INTERNAL_PORT'),
    readiness,
    close: async (graceMs) => {
      endings.endAll();
      await Promise.all([drain(publicServer, graceMs), drain(internalServer, graceMs)]);
      await rest.close();
      await subgraph.stop();
      await graphql.dispose();
    },
  };
}

const pathOf = (request: IncomingMessage) => (request.url ?? '/').split('?', 1)[0]!;

/** A caller may make up methods; labels are few. */
const methodOf = (method = '') => (/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ? method : 'other');

/** What both listeners have. */
interface Opening {
  app: App;
  pages: PageCache;
  stallMs: number;
}

/** A node:http server that answers from memory what it can; it gives each other request an id and a log line, and each failure an answer. */
function listener({ app, pages, stallMs }: Opening, door: Trust, handle: Handler): Server {
  const server = createServer({
    ...{ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: KEEP_ALIVE_MS },
    // A request without a body needs no stream that ends: a tenth of the time of a kept page (measured).
    optimizeEmptyRequests: door === 'public',
  });
  server.on('clientError', (error, socket) => answerUnreadable(socket, error));
  server.on('request', (request, response) => {
    const kept = door === 'public' && pages.answer(request, response);
    // What the kernel has taken needs no timer.
    if (!kept || !response.writableFinished) request.socket.setTimeout(stallMs);
    if (kept) return;
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    const about = { request, requestId, method: methodOf(request.method), path: pathOf(request) };
    const span = traceRequest(app, door, about);
    tellWhenDone(app, door, { ...about, response, span });
    const handled = async () => handle(request, response, requestId);
    within(span, handled).catch((error: unknown) => answerFailure(app, response, error, requestId));
  });
  return server;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  /** As metrics name it. */
  method: string;
  path: string;
  span: Span | null;
}

function tellWhenDone(app: App, door: Trust, { request, response, requestId, method, path, span }: Exchange): void {
  const start = performance.now();
  response.once('close', () => {
    const ms = Math.round((performance.now() - start) * 10) / 10;
    const status = response.writableFinished ? response.statusCode : 499;
    const route = routeOf(path);
    app.metrics.requests.inc({ door, method, route, status });
    app.metrics.requestSeconds.observe({ door, route }, ms / 1000);
    const line = { requestId, ...(span && { traceId: span.traceId }), door, method: request.method, path, status, ms };
    app.log.info(line, `${request.method} ${path} ${status}`);
    if (span) endRequest(span, response, status);
  });
}

/** Read before the data, so that no answer claims to know more than it does. */
function tellRevision(app: App, response: ServerResponse): void {
  response.setHeader('registry-revision', app.revision.current());
}

/** Every origin may read and, with a token of its own, write: there are no cookies to abuse. */
function openToAnyOrigin(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader(
    'access-control-expose-headers',
    'Content-Type, Content-Length, ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Registry-Revision, ' +
      'Retry-After, X-Request-Id',
  );
}

/** Answers what a browser asks before it sends a request of another origin's. */
function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': 'Authorization, Content-Type, If-None-Match, X-Request-Id, *',
    'access-control-max-age': '86400',
  });
  response.end();
}

function listen(server: Server, host: string, port: number, variable: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken by another program' : `can't be opened (${error.code})`;
      reject(new Error(`Port ${port} on ${host} ${why}: choose another with MCP_REGISTRY_${variable}.`));
    });
    server.listen(port, host, () => {
      const { port: opened } = server.address() as AddressInfo;
      const name = host === '0.0.0.0' || host === '127.0.0.1' ? 'localhost' : host === '::' ? '[::1]' : host;
      resolve(`http://${name}:${opened}`);
    });
  });
}

/** Closes a server: connections as soon as they are idle, all others when the grace is over. */
function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(timer);
      resolve();
    });
  });
}
