import { z } from 'zod';

export const port = (fallback: number) =>
  z.coerce
    .number({ error: 'a port number from 0 to 65535' })
    .int({ error: 'a port number from 0 to 65535' })
    .min(0, { error: 'a port number from 0 to 65535' })
    .max(65_535, { error: 'a port number from 0 to 65535' })
    .default(fallback);

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'an http(s) URL' })
  .transform((value) => value.replace(/\/+$/, ''))
  .optional();

export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'], { error: 'true or false' })
    .transform((text) => text === 'true' || text === '1')
    .default(fallback);

const REPLICAS = 'postgresql:// URLs, comma separated';

/** With an escape that is none it would be refused when it is connected to, long after the start. */
export const replicaUrl = z.url({ protocol: /^postgres(ql)?$/, error: REPLICAS }).refine(
  (url) => {
    try {
      return decodeURIComponent(url) !== '';
    } catch {
      return false;
    }
  },
  { error: REPLICAS },
);

/** Comma separated; what is empty between the commas does not count. */
export const list = (each: z.ZodType<string, string> = z.string()) =>
  z
    .string()
    .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
    .pipe(z.array(each))
    .default([]);

/** `name=URL`, comma separated. */
export const places = z
  .string()
  .transform((text, context): Record<string, string> => {
    const pairs = text.split(',').flatMap((one) => (one.trim() ? [/^\s*([a-z0-9.:-]+)=(\S+)\s*$/i.exec(one)] : []));
    if (pairs.every((pair) => pair && httpUrl.safeParse(pair[2]).success)) {
      return Object.fromEntries(pairs.map((pair) => [pair![1]!.toLowerCase(), httpUrl.parse(pair![2])!]));
    }
    context.addIssue({ code: 'custom', message: PLACES });
    return z.NEVER;
  })
  .default({});

const PLACES = 'hosts and where they are, comma separated, such as ghcr.io=https://mirror.example.com';
export const SEED = 'Ed25519 seeds of 64 hex digits, comma separated (make one with: openssl rand -hex 32)';
export const SERVERS = 'IP addresses, with or without a port, comma separated, such as 10.0.0.2,10.0.0.3:5353';
export const MEGABYTES = 'a number of megabytes, 0 for none';
export const PROCESSES = 'a number of processes, 0 for one on each core';
const CLAIMS = 'a JSON array of objects such as [{"hd":"example.com"}]';

/** The official registry's form: every claim of every object must have its value. */
export const claims = z
  .string()
  .transform((text, context): Record<string, unknown>[] => {
    const parsed = parseJson(text);
    if (Array.isArray(parsed) && parsed.every((one) => typeof one === 'object' && one !== null)) return parsed;
    context.addIssue({ code: 'custom', message: CLAIMS });
    return z.NEVER;
  })
  .default([]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
