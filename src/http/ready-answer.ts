import {
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';

/** How long a connection waits for its next request, in milliseconds: longer than the load balancers in front do. */
export const KEEP_ALIVE_MS = 65_000;

/** An answer that is sent again and again, but for its date and its request's own id. */
export interface ReadyAnswer {
  status: 200 | 304;
  /** Empty where there is none. */
  body: Buffer;
  /** Names and values of its head, one after the other; the last is the request's own id. */
  fields: string[];
  /** Its first line, and the second up to that id. */
  start: string;
  /** Its other lines, and the body: as bytes, so that nothing of them is copied for a request. */
  rest: Buffer | string;
}

const NOTHING = Buffer.alloc(0);

/** Makes an answer; throws a TypeError for a name or a value that no head can hold. */
export function createReadyAnswer(
  status: ReadyAnswer['status'],
  headers: Record<string, string>,
  body: Buffer = NOTHING,
): ReadyAnswer {
  const own = Object.entries(headers);
  for (const [name, value] of own) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const lines = `${own.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const bytes = Buffer.concat([Buffer.from(lines, 'latin1'), body]);
  return {
    status,
    body: bytes.subarray(bytes.length - body.length),
    fields: [...own.flat(), 'x-request-id', ''],
    start: `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nx-request-id: `,
    // Of a head alone node:http makes one write if it is text.
    rest: body.length > 0 ? bytes : lines,
  };
}

/**
 * The head as node:http keeps it once it is made. There is no public way to give it one: `writeHead` checks and joins each
 * name and value anew, which for a page's many tags is a fifth of the time of the whole answer (measured).
 */
interface Internals {
  _header?: string | null;
}

/** Sends an answer on a response that has no head yet; `requestId` must be a sound value. */
export function sendReadyAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  ready: ReadyAnswer,
  requestId: string,
): void {
  const internals = response as Internals;
  if (!isPlain(request, response) || internals._header !== null) {
    ready.fields[ready.fields.length - 1] = requestId;
    response.writeHead(ready.status, ready.fields);
    response.end(request.method === 'HEAD' ? undefined : ready.body);
    return;
  }
  response.statusCode = ready.status;
  internals._header = `${ready.start}${requestId}\r\nDate: ${dateNow()}${connection}`;
  response.end(ready.rest, 'latin1');
}

const connection = `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1000}\r\n`;

/** Whether nothing but this is to be said, and the connection stays open. */
const isPlain = (request: IncomingMessage, response: ServerResponse) =>
  response.shouldKeepAlive &&
  request.method !== 'HEAD' &&
  request.httpVersion === '1.1' &&
  response.getHeaderNames().length === 0;

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
