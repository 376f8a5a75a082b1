import pLimit from 'p-limit';
import type { z } from 'zod';
import { traced } from '../tracing.ts';
import { ExternalError, type ExternalErrorKind } from './external-error.ts';
import type { GuardedResponse } from './response.ts';
import { untilAborted } from './until-aborted.ts';

/** A failure of an upstream in a sentence that anyone may read: it has the upstream's name, not its address. */
export class UpstreamError extends ExternalError {
  /** Seconds after which it is worth another try. */
  readonly retryAfter: number;

  constructor(kind: ExternalErrorKind, message: string, retryAfter = TRY_AGAIN_SECONDS, cause?: unknown) {
    super(kind, message, cause);
    this.retryAfter = retryAfter;
  }
}

/** Someone outside who is asked by a few at a time, and left alone for a while when they do not answer. */
export interface Upstream {
  readonly name: string;
  /** Asks, until the signal ends it; what goes wrong is an UpstreamError, or the reason of a signal that is no time-out. */
  ask<T>(signal: AbortSignal, question: () => Promise<T>): Promise<T>;
}

export interface UpstreamOptions {
  /** So many questions at a time, in this process. */
  concurrency?: number;
  /** So many outages in a row, and nothing is asked for `pauseMs`; then one question tries. */
  outages?: number;
  pauseMs?: number;
  now?: () => number;
}

const TRY_AGAIN_SECONDS = 15;
const LONGEST_WAIT_SECONDS = 3_600;

const sentences: Record<ExternalErrorKind, string> = {
  timeout: 'did not answer in time',
  network: 'could not be reached, or its answer broke off',
  protocol: 'answered something that makes no sense',
  redirect: 'sent us elsewhere, which is not followed',
  blocked: 'leads to an address that is not on the public internet',
  'too-large': 'answered with more than is read here',
};

/** Makes an upstream, whose limits hold for all who share it. */
export function createUpstream(name: string, options: UpstreamOptions = {}): Upstream {
  const { concurrency = 16, outages = 5, pauseMs = 30_000, now = Date.now } = options;
  const limit = pLimit(concurrency);
  let inARow = 0;
  let shutUntil = 0;

  const admit = (): void => {
    if (inARow < outages) return;
    const wait = shutUntil - now();
    if (wait > 0) {
      const sentence = `${name} failed ${inARow} times in a row and is not asked for now.`;
      throw new UpstreamError('network', sentence, Math.ceil(wait / 1_000));
    }
    // This one tries for all: the others wait for another pause, or until it has its answer.
    shutUntil = now() + pauseMs;
  };

  const ask = async <T>(signal: AbortSignal, question: () => Promise<T>): Promise<T> => {
    admit();
    let asked = false;
    const turn = limit(() => {
      signal.throwIfAborted();
      asked = true;
      return question();
    });
    try {
      const answer = await untilAborted(turn, signal);
      inARow = 0;
      return answer;
    } catch (thrown) {
      const error = toUpstreamError(name, thrown);
      if (asked && error instanceof UpstreamError) {
        inARow = error.retryable ? inARow + 1 : 0;
        if (inARow >= outages) shutUntil = now() + pauseMs;
      }
      throw error;
    }
  };
  return { name, ask: (signal, question) => traced(`ask ${name}`, () => ask(signal, question)) };
}

/** The error for an answer that is neither what was asked for nor a no: its status, and how long it wants us to wait. */
export function badStatus(name: string, answer: GuardedResponse): UpstreamError {
  answer.discard();
  const wait = secondsOf(answer.headers.get('retry-after'));
  return new UpstreamError('network', `${name} answered with status ${answer.status}.`, wait);
}

/** What is in an answer; an UpstreamError when it is something else. */
export function readAnswer<T>(name: string, schema: z.ZodType<T>, body: unknown): T {
  const { success, data } = schema.safeParse(body);
  if (success) return data;
  throw new UpstreamError('protocol', `${name} ${sentences.protocol}.`);
}

/** The null that stands for what is not there; the body that came with it is given up. */
export function absent(answer: GuardedResponse): null {
  answer.discard();
  return null;
}

/** An address below a base: what a stranger named stays below it. */
export function addressOf(base: string, ...segments: string[]): string {
  return [base.replace(/\/+$/, ''), ...segments.map(segmentOf)].join('/');
}

/** One segment of a path, encoded; an ExternalError for one that would lead elsewhere. */
export function segmentOf(text: string): string {
  if (!/^\.{0,2}$/.test(text) && text.isWellFormed()) return encodeURIComponent(text);
  throw new ExternalError('protocol', 'A part of the address to fetch from is empty, dots, or no text.');
}

function toUpstreamError(name: string, thrown: unknown): unknown {
  if (thrown instanceof UpstreamError) return thrown;
  const late = thrown instanceof DOMException && thrown.name === 'TimeoutError';
  const kind = late ? 'timeout' : thrown instanceof ExternalError ? thrown.kind : null;
  if (kind === null) return thrown;
  return new UpstreamError(kind, `${name} ${sentences[kind]}.`, TRY_AGAIN_SECONDS, thrown);
}

/** A Retry-After header, in seconds or as a date (RFC 9110, 10.2.3). */
function secondsOf(header: string | null): number {
  if (header === null) return TRY_AGAIN_SECONDS;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? TRY_AGAIN_SECONDS : Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_WAIT_SECONDS);
}
