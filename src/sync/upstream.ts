import { setTimeout as sleep } from 'node:timers/promises';
import { ExternalError } from '../external/external-error.ts';
import { type FetchOptions, guardedFetch } from '../external/fetch.ts';
import type { GuardedResponse } from '../external/response.ts';
import { SourceError } from './source-error.ts';

/** How patiently an upstream is asked. */
export interface Patience {
  signal?: AbortSignal;
  /** The pause before the second attempt, doubled before each further one; 500 ms. */
  retryDelayMs?: number;
}

const ATTEMPTS = 6;
const LONGEST_PAUSE_MS = 120_000;
const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504]);
/** The operator named the upstream: it may stand inside, and may redirect. */
const OPERATORS_OWN = { allowHttp: true, allowPrivate: true, maxRedirects: 5 };

/** Asks an upstream and answers what `read` makes of it; statuses and failures that may pass are tried again. */
export async function askUpstream<T>(
  url: URL,
  options: FetchOptions,
  read: (answer: GuardedResponse) => Promise<T>,
  { signal, retryDelayMs = 500 }: Patience,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await guardedFetch(url, { ...OPERATORS_OWN, ...options, signal });
      if (RETRIED.has(answer.status)) throw refusal(answer);
      return await read(answer);
    } catch (error) {
      if (!isRetryable(error) || attempt === ATTEMPTS) throw error;
      const asked = error instanceof SourceError ? error.retryAfterMs : 0;
      const pause = retryDelayMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
      await pauseFor(Math.min(Math.max(pause, asked), LONGEST_PAUSE_MS), signal);
    }
  }
}

/** The error for an answer that is not the one wanted. */
export function refusal(answer: GuardedResponse): SourceError {
  answer.discard();
  const { host, pathname } = new URL(answer.url);
  return new SourceError(`${host} answered ${answer.status} to ${pathname}.`, {
    retryable: RETRIED.has(answer.status),
    retryAfterMs: retryAfter(answer.headers.get('retry-after')),
  });
}

function isRetryable(error: unknown): boolean {
  return (error instanceof SourceError || error instanceof ExternalError) && error.retryable;
}

/** Retry-After in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3); 0 for none. */
function retryAfter(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : 0;
}

async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}
