import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, usage } from './errors.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** Tries again and again while `again` says so of the failure, later each time, until the time is up. */
export async function untilDone<T>(
  work: () => Promise<T>,
  {
    again,
    seconds,
    onWait,
  }: { again: (error: unknown) => boolean; seconds: number; onWait: (error: CliError, seconds: number) => void },
): Promise<T> {
  const until = Date.now() + seconds * 1_000;
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
    try {
      return await work();
    } catch (error) {
      const left = until - Date.now();
      if (!(error instanceof CliError) || !again(error) || left <= 0) throw error;
      const wait = Math.min(Math.max(pause, askedFor(error)), left);
      onWait(error, Math.ceil(wait / 1_000));
      await sleep(wait);
    }
  }
}

/** How long the registry itself wants to be left alone; of others it only guesses. */
function askedFor({ code, details }: CliError): number {
  const seconds = code === 'RATE_LIMITED' || code === 'READ_ONLY' ? Number(details.retryAfter) : 0;
  return seconds > 0 ? seconds * 1_000 : 0;
}

/** The number in an option; throws where it is none or out of bounds. */
export function readNumber(
  text: string | undefined,
  option: string,
  { least = 1, most, otherwise }: { least?: number; most: number; otherwise: number },
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw usage(`--${option} must be a number from ${least} to ${most}, not "${text}".`);
}
