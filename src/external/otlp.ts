import { setTimeout as sleep } from 'node:timers/promises';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { TracingConfig } from '../config.ts';
import { untraced } from '../tracing.ts';
import { ExternalError } from './external-error.ts';
import { guardedFetch } from './fetch.ts';

/** For one batch, all tries included. */
const TIMEOUT_MS = 10_000;

/** Between tries, each time twice as long. */
const FIRST_PAUSE_MS = 1_000;

/** What a collector answers when it may take the same later (OTLP 1.5, "Retryable Response Codes"). */
const RETRYABLE = new Set([429, 502, 503, 504]);

const formats = {
  'http/protobuf': { type: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  'http/json': { type: 'application/json', serializer: JsonTraceSerializer },
};

/**
 * Makes what sends spans to the operator's collector (OTLP over HTTP). OpenTelemetry's own exporter would open connections by
 * itself; this one has its serialisers, and goes out by the one guarded fetch. The operator named the collector, which is
 * mostly on a private network and without TLS, so both are allowed; a redirect is not.
 */
export function createOtlpExporter({ url, protocol, headers }: TracingConfig, log: Logger): SpanExporter {
  const { type, serializer } = formats[protocol];
  const stopped = new AbortController();
  let failing = false;
  const tell = (failure: string | null) => {
    if (failing === (failure !== null)) return;
    failing = !failing;
    if (failure === null) log.info({ event: 'traces' }, 'the collector takes traces again');
    else log.warn({ event: 'traces', failure }, 'the collector does not take traces, which are lost meanwhile');
  };
  const post = async (body: Uint8Array, signal: AbortSignal): Promise<number> => {
    const answer = await guardedFetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body,
      signal,
      timeoutMs: TIMEOUT_MS,
      allowPrivate: true,
      allowHttp: true,
    });
    answer.discard();
    return answer.status;
  };
  const send = async (spans: ReadableSpan[]): Promise<string | null> => {
    const body = serializer.serializeRequest(spans)!;
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      const outcome = await post(body, signal).catch(failureOf);
      if (typeof outcome === 'number' && outcome < 300) return null;
      const final = typeof outcome === 'number' ? !RETRYABLE.has(outcome) : outcome !== 'network';
      const ended = await sleep(final ? 0 : pause, final, { signal }).catch(() => true);
      if (ended) return String(outcome);
    }
  };
  return {
    export: (spans, done: (result: ExportResult) => void) => {
      // A batch that is full is sent by whoever filled it, and is no part of what he does.
      const sent = untraced(() => send(spans)).catch(failureOf);
      void sent.then((failure) => {
        tell(failure);
        done({ code: failure === null ? ExportResultCode.SUCCESS : ExportResultCode.FAILED });
      });
    },
    forceFlush: async () => {},
    shutdown: async () => stopped.abort(),
  };
}

const failureOf = (thrown: unknown): string => (thrown instanceof ExternalError ? thrown.kind : 'timeout');
