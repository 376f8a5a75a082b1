import { RegistryError } from '../errors.ts';
import { ExternalError, type ExternalErrorKind } from '../external/external-error.ts';
import { untilAborted } from '../external/until-aborted.ts';

/** Seconds after which an upstream that could not be asked is worth another try. */
const TRY_AGAIN_SECONDS = 15;
/** For all that is asked together, however many requests it is: whoever waits for us gives up after 10 seconds. */
const LIMIT_MS = 8_000;

const reasons: Partial<Record<ExternalErrorKind, string>> = {
  timeout: 'did not answer in time',
  network: 'can not be reached, or is in trouble',
};

/**
 * Runs what asks someone whom the operator named. Whatever goes wrong there is UPSTREAM_UNAVAILABLE, never a proof and
 * never a refusal for good; the sentence keeps the address to itself.
 */
export async function orUnavailable<T>(who: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    return await untilAborted(ask(signal), signal);
  } catch (error) {
    const kind = error === signal.reason ? 'timeout' : error instanceof ExternalError ? error.kind : null;
    if (kind === null) throw error;
    const sentence = `${who} ${reasons[kind] ?? 'answered something that makes no sense'}. Try again in a moment.`;
    const outage = new RegistryError('UPSTREAM_UNAVAILABLE', sentence, { retryAfter: TRY_AGAIN_SECONDS });
    // For the log only.
    outage.cause = error;
    throw outage;
  }
}
