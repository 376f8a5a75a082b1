import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Span as OtelSpan,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { TracingConfig } from '../config.ts';
import { errorType, type Span, type SpanStart, type Tracing } from '../tracing.ts';
import { createOtlpExporter } from './otlp.ts';

/** Spans that wait to be sent; more are dropped, so that a collector which is away costs a few megabytes and nothing else. */
const QUEUED = 2_048;

/** Parts of one trace: an export of everything has thousands of statements, of which the first tell enough. */
const PARTS = 1_000;

/** Longer texts are cut: statements, and what callers name. */
const LONGEST_VALUE = 1_000;

const STOP_MS = 1_500;

/** Starts to make traces. Loaded only where they are wanted, since OpenTelemetry takes its time and memory. */
export function startTracing(config: TracingConfig, log: Logger): Tracing {
  const { parentBased, ratio } = config.sampler;
  const root = new TraceIdRatioBasedSampler(ratio);
  const exporter = createOtlpExporter(config, log);
  const provider = new TracerProvider({
    sampler: parentBased ? new ParentBasedSampler({ root }) : root,
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.instance.id': randomUUID(), ...config.resource }),
    ),
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: QUEUED,
        scheduledDelayMillis: config.delayMs,
        exportTimeoutMillis: 12_000,
      }),
    ],
  });
  const tracer = provider.getTracer('mcp-registry');
  const begin = (span: OtelSpan): Span | null =>
    span.isRecording() ? new Recording(tracer, span, { left: PARTS }) : null;
  return {
    request: (name, attributes, { trust, traceparent }) => {
      const caller = readParent(traceparent);
      if (caller && trust === 'public' && parentBased && isForced(caller, ratio)) return null;
      const context = caller ? trace.setSpanContext(ROOT_CONTEXT, caller) : ROOT_CONTEXT;
      return begin(tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, context));
    },
    job: (name, attributes, enqueuedBy) => {
      const cause = readParent(enqueuedBy);
      const links = cause ? [{ context: cause }] : [];
      return begin(tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes, links }, ROOT_CONTEXT));
    },
    stop: async () => {
      await Promise.race([provider.forceFlush({ timeoutMillis: STOP_MS }).catch(() => {}), sleep(STOP_MS)]);
      await exporter.shutdown();
    },
  };
}

/**
 * Whether a stranger's wish to be traced is one too many: it counts for no more than the ratio, which a trace id that he makes
 * up would not do. A ratio of 0 leaves it to the proxy in front, of which the operator says so.
 */
const isForced = ({ traceFlags }: SpanContext, ratio: number): boolean =>
  (traceFlags & TraceFlags.SAMPLED) !== 0 && ratio > 0 && Math.random() >= ratio;

function readParent(traceparent: string | undefined): SpanContext | null {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  return parent && trace.isSpanContextValid(parent) ? { ...parent, isRemote: true } : null;
}

/** A span of OpenTelemetry's, with how many more its trace may have. */
class Recording implements Span {
  readonly traceId: string;
  readonly #tracer: Tracer;
  readonly #span: OtelSpan;
  readonly #parts: { left: number };

  constructor(tracer: Tracer, span: OtelSpan, parts: { left: number }) {
    this.traceId = span.spanContext().traceId;
    this.#tracer = tracer;
    this.#span = span;
    this.#parts = parts;
  }

  get traceparent(): string {
    return `00-${this.traceId}-${this.#span.spanContext().spanId}-01`;
  }

  start(name: string, { kind, attributes, startedAt }: SpanStart = {}): Span | null {
    if (this.#parts.left === 0 || !this.#span.isRecording()) return null;
    this.#parts.left -= 1;
    const options = {
      kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes,
      startTime: startedAt,
    };
    const span = this.#tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, this.#span));
    return new Recording(this.#tracer, span, this.#parts);
  }

  set(attributes: Parameters<Span['set']>[0]): void {
    this.#span.setAttributes(attributes);
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  fail(thrown: unknown): void {
    this.#span.setAttribute('error.type', errorType(thrown));
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end();
  }
}
