import {
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';

/** How long a connection waits for its next request, in milliseconds: longer than the load balancers in front do. */
export const KEEP_ALIVE_MS = 65_000;

/** The head of an answer that is sent again and again, but for its date and its request's own id. */
export interface ReadyHead {
  status: 200 | 304;
  /** Names and values, one after the other; the last is the request's own id. */
  fields: string[];
  /** The same as text, up to that id. */
  text: string;
}

/** Makes a head; throws a TypeError for a name or a value that no head can hold. */
export function createHead(status: ReadyHead['status'], headers: Record<string, string>): ReadyHead {
  const own = Object.entries(headers);
  for (const [name, value] of own) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const lines = own.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return {
    status,
    fields: [...own.flat(), 'x-request-id', ''],
    text: `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}x-request-id: `,
  };
}

/**
 * The head as node:http keeps it once it is made. There is no public way to give it one: `writeHead` checks and joins each
 * name and value anew, which for a page's many tags is a fifth of the time of the whole answer (measured).
 */
interface Internals {
  _header?: string | null;
  _hasBody?: boolean;
}

/** Writes a head on an answer that has none; `requestId` must be a sound value. */
export function writeReadyHead(
  request: IncomingMessage,
  response: ServerResponse,
  head: ReadyHead,
  requestId: string,
): void {
  const internals = response as Internals;
  if (!isPlain(request, response) || internals._header !== null || internals._hasBody === undefined) {
    head.fields[head.fields.length - 1] = requestId;
    response.writeHead(head.status, head.fields);
    return;
  }
  response.statusCode = head.status;
  if (head.status === 304) internals._hasBody = false;
  internals._header = `${head.text}${requestId}\r\nDate: ${dateNow()}${ending}`;
}

const ending = `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1000}\r\n\r\n`;

/** Whether nothing but this head is to be said, and the connection stays open. */
const isPlain = (request: IncomingMessage, response: ServerResponse) =>
  response.shouldKeepAlive && request.httpVersion === '1.1' && response.getHeaderNames().length === 0;

let date = '';

/** The time of day, as long as its second lasts. */
function dateNow(): string {
  if (date === '') {
    const now = new Date();
    date = now.toUTCString();
    setTimeout(() => (date = ''), 1_000 - now.getMilliseconds()).unref();
  }
  return date;
}
