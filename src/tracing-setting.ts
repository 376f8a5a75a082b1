import { z } from 'zod';
import { httpUrl } from './setting.ts';

/** How traces are told, and to whom. */
export interface TracingConfig {
  /** Where spans are posted to. */
  readonly url: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly headers: Record<string, string>;
  /** What is said of this service. */
  readonly resource: Record<string, string>;
  /** The part of traces that is made, 0 to 1; of a caller's trace the caller decides, where `parentBased`. */
  readonly sampler: { readonly parentBased: boolean; readonly ratio: number };
  /** Milliseconds between two batches, unless one is full before. */
  readonly delayMs: number;
}

const PAIRS = 'name=value pairs, comma separated, their values percent-encoded';
const RATIO = 'a number from 0 to 1';
const DELAY = 'a number of milliseconds, 1 to 60000';
const PROTOCOLS = 'one of http/protobuf, http/json';
const protocol = z.enum(['http/protobuf', 'http/json'], { error: PROTOCOLS }).optional();
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** As in W3C Baggage, which OpenTelemetry takes it from. */
const pairs = z
  .string()
  .transform((text, context): Record<string, string> => {
    const read = text.split(',').flatMap((one) => (one.trim() ? [readPair(one)] : []));
    if (read.every((pair) => pair !== null)) return Object.fromEntries(read);
    context.addIssue({ code: 'custom', message: PAIRS });
    return z.NEVER;
  })
  .default({});

function readPair(text: string): [string, string] | null {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  try {
    const value = decodeURIComponent(text.slice(at + 1).trim());
    return NAME.test(name) && !/\p{Cc}/u.test(value) ? [name, value] : null;
  } catch {
    return null;
  }
}

/** OpenTelemetry's own variables, of which these are understood; others are not ours to refuse. */
export const tracingVariables = z.object({
  OTEL_SDK_DISABLED: z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'true or false' }).default(false),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], { error: 'one of otlp, none' }).default('otlp'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl,
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_BSP_SCHEDULE_DELAY: z.coerce
    .number({ error: DELAY })
    .min(1, { error: DELAY })
    .max(60_000, { error: DELAY })
    .default(5_000),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_TRACES_SAMPLER: z.enum(samplers, { error: `one of ${samplers.join(', ')}` }).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: RATIO })
    .min(0, { error: RATIO })
    .max(1, { error: RATIO })
    .default(1),
});

/** What the variables say; null: no traces are made. */
export function toTracing(v: z.output<typeof tracingVariables>): TracingConfig | null {
  const base = v.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = v.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && `${base}/v1/traces`);
  if (!url || v.OTEL_SDK_DISABLED || v.OTEL_TRACES_EXPORTER === 'none') return null;
  const named = v.OTEL_SERVICE_NAME ?? v.OTEL_RESOURCE_ATTRIBUTES['service.name'] ?? 'mcp-registry';
  const kind = v.OTEL_TRACES_SAMPLER.replace('parentbased_', '');
  return {
    url,
    protocol: v.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? v.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf',
    headers: { ...v.OTEL_EXPORTER_OTLP_HEADERS, ...v.OTEL_EXPORTER_OTLP_TRACES_HEADERS },
    resource: { ...v.OTEL_RESOURCE_ATTRIBUTES, 'service.name': named },
    delayMs: v.OTEL_BSP_SCHEDULE_DELAY,
    sampler: {
      parentBased: v.OTEL_TRACES_SAMPLER.startsWith('parentbased_'),
      ratio: kind === 'always_on' ? 1 : kind === 'always_off' ? 0 : v.OTEL_TRACES_SAMPLER_ARG,
    },
  };
}
