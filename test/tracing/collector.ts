import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A span as a collector gets it. */
export interface TakenSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  /** 1 internal, 2 server, 3 client, 5 consumer. */
  kind: number;
  attributes: Record<string, unknown>;
  failed: boolean;
  links: { traceId: string; spanId: string }[];
}

/** An OpenTelemetry collector on a real socket, which takes JSON apart and keeps all that it was sent. */
export interface Collector {
  url: string;
  /** As the service's environment. */
  settings: Record<string, string>;
  spans: TakenSpan[];
  resources: Record<string, unknown>[];
  /** Bodies as they came, with their heads. */
  posts: { path: string; headers: IncomingHttpHeaders; body: Buffer }[];
  /** In the place of an answer. */
  behave: (response: ServerResponse) => void;
  /** The spans of a trace, once its root and everything else that is on its way has come. */
  trace(of: (root: TakenSpan) => boolean): Promise<TakenSpan[]>;
  close(): Promise<void>;
}

export const HEADER_SECRET = 'collector-canary-4711';

/** Starts one. */
export async function startCollector(): Promise<Collector> {
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { url: path = '', headers } = request;
      collector.posts.push({ path, headers, body });
      if (headers['content-type'] === 'application/json') take(collector, body.toString());
      collector.behave(response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const collector: Collector = {
    url,
    settings: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${HEADER_SECRET}`,
      OTEL_BSP_SCHEDULE_DELAY: '20',
    },
    spans: [],
    resources: [],
    posts: [],
    behave: (response) => response.end('{}'),
    trace: async (of) => {
      for (let tries = 0; tries < 200; tries += 1) {
        const root = collector.spans.find((span) => span.parentSpanId === null && of(span));
        if (root) {
          // What ended before the root was sent with it, or earlier.
          await sleep(100);
          return collector.spans.filter(({ traceId }) => traceId === root.traceId);
        }
        await sleep(25);
      }
      throw new Error(`No such trace among: ${collector.spans.map(({ name }) => name).join(', ')}`);
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return collector;
}

type Value = {
  stringValue?: string;
  intValue?: number;
  boolValue?: boolean;
  doubleValue?: number;
  arrayValue?: unknown;
};
type KeyValues = { key: string; value: Value }[];

interface Sent {
  resourceSpans: {
    resource: { attributes: KeyValues };
    scopeSpans: { spans: (Omit<TakenSpan, 'attributes'> & { attributes: KeyValues; status?: { code?: number } })[] }[];
  }[];
}

const valuesOf = (list: KeyValues = []) =>
  Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0] as unknown]));

function take({ spans, resources }: Collector, text: string): void {
  for (const { resource, scopeSpans } of (JSON.parse(text) as Sent).resourceSpans) {
    resources.push(valuesOf(resource.attributes));
    for (const { traceId, spanId, parentSpanId, name, kind, attributes, status, links } of scopeSpans.flatMap(
      (scope) => scope.spans,
    )) {
      const failed = status?.code === 2;
      const linked = (links ?? []).map((link) => ({ traceId: link.traceId, spanId: link.spanId }));
      const values = valuesOf(attributes);
      spans.push({
        traceId,
        spanId,
        parentSpanId: parentSpanId || null,
        name,
        kind,
        attributes: values,
        failed,
        links: linked,
      });
    }
  }
}

/** A trace as lines, each indented below what it is part of, in the order in which spans began to be sent. */
export function outline(spans: TakenSpan[], parent: string | null = null, depth = 0): string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .flatMap((span) => [`${'  '.repeat(depth)}${span.name}`, ...outline(spans, span.spanId, depth + 1)]);
}
