import { RegistryError } from '../errors.ts';
import { ExternalError } from '../external/external-error.ts';

/** Seconds after which an upstream that could not be asked is worth another try. */
const TRY_AGAIN_SECONDS = 15;

/** Runs what asks the outside world; a failure there is UPSTREAM_UNAVAILABLE, never a proof. */
export async function orUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    throw new RegistryError('UPSTREAM_UNAVAILABLE', `${error.message} Try again in a moment.`, {
      retryAfter: TRY_AGAIN_SECONDS,
    });
  }
}
