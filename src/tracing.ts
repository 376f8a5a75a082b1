import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of a span, under the names of OpenTelemetry's semantic conventions; never a value that a caller sent in confidence. */
export type Attributes = Record<string, string | number | boolean | undefined>;

/** How a span begins. */
export interface SpanStart {
  /** `internal` when left out. */
  kind?: 'client' | 'internal';
  attributes?: Attributes;
  /** Milliseconds since 1970; now when left out. */
  startedAt?: number;
}

/** Something that takes its time, as part of a trace that is told to a collector. */
export interface Span {
  readonly traceId: string;
  /** How others name it (W3C Trace Context). */
  readonly traceparent: string;
  /** Starts a part of it; null when it has ended, or has had so many that another would say no more. */
  start(name: string, start?: SpanStart): Span | null;
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** Notes what failed, by its kind only: sentences may quote what was sent. */
  fail(thrown: unknown): void;
  end(): void;
}

/** Where a request came in: strangers at the public door decide nothing that costs. */
export type Trust = 'public' | 'internal';

/** Traces, being made. */
export interface Tracing {
  /** Starts the span of a request, within the caller's trace if it names one; null when it is not one of the sample. */
  request(name: string, attributes: Attributes, caller: { trust: Trust; traceparent?: string }): Span | null;
  /** Starts the span of a job, linked to what enqueued it; null when it is not one of the sample. */
  job(name: string, attributes: Attributes, enqueuedBy?: string): Span | null;
  /** Sends what is not sent yet, for a second and a half at most, and ends. */
  stop(): Promise<void>;
}

const active = new AsyncLocalStorage<Span>();

/** The span that the caller's work is part of; undefined where no trace is made, and asking costs nothing. */
export const currentSpan = (): Span | undefined => active.getStore();

/** Runs `work` as part of a span, which it does not end; without a span it only runs it. */
export function within<T>(span: Span | null | undefined, work: () => T): T {
  return span ? active.run(span, work) : work();
}

/** Runs `work` as a span of its own, part of the caller's; where no trace is made it only runs it, without a span. */
export function traced<T>(name: string, work: (span?: Span) => T, start?: SpanStart): T {
  const span = active.getStore()?.start(name, start);
  return span ? whole(span, work) : work();
}

/** Runs `work` as part of nothing. */
export const untraced = <T>(work: () => T): T => active.exit(work);

/** Runs `work` as a span, and ends that with it. */
export function whole<T>(span: Span, work: (span: Span) => T): T {
  const failed = (thrown: unknown): never => {
    span.fail(thrown);
    span.end();
    throw thrown;
  };
  const done = <Value>(value: Value): Value => {
    span.end();
    return value;
  };
  let result: T;
  try {
    result = active.run(span, work, span);
  } catch (thrown) {
    return failed(thrown);
  }
  return result instanceof Promise ? (result.then(done, failed) as T) : done(result);
}

/** What a log line says of the trace that it is part of. */
export function traceOfLine(): { traceId?: string } {
  const span = active.getStore();
  return span ? { traceId: span.traceId } : {};
}

/** The kind of an error: its code where it has one, such as an SQLSTATE, or else its name. */
export function errorType(thrown: unknown): string {
  const { code, kind, name } = (thrown ?? {}) as { code?: unknown; kind?: unknown; name?: unknown };
  const known = [code, kind, name].find((one) => typeof one === 'string' && /^[\w.-]{1,64}$/.test(one));
  return (known as string | undefined) ?? '_OTHER';
}
