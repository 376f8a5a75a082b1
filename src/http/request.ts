import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The largest request body that any door reads, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The caller's request id where it is a sound one, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
