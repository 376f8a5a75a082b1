import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The largest request body that any door reads, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The caller's request id where it is a sound one, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  return givenId(request) ?? randomUUID();
}

const processId = randomUUID();
let answered = 0;

/** The same for what is answered from memory, where making a UUID would be felt: one for the process, and a number. */
export const nextRequestId = (request: IncomingMessage): string => givenId(request) ?? `${processId}.${++answered}`;

function givenId({ headers }: IncomingMessage): string | null {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : null;
}
