import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The largest request body that any door reads, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The caller's request id where it is a sound one, else a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  return soundId(headers['x-request-id']) ?? randomUUID();
}

const processId = randomUUID();
let answered = 0;

/** The same for what is answered from memory, where making a UUID would be felt: one for the process, and a number. */
export const nextRequestId = (given: string | undefined): string => soundId(given) ?? `${processId}.${++answered}`;

function soundId(given: string | string[] | undefined): string | null {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : null;
}
