import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { App } from '../app.ts';
import { RegistryError, toRegistryError } from '../errors.ts';
import { logUnexpected } from './log.ts';
import { problemOf } from './problem.ts';

/** Answers with a problem document (RFC 9457) what a door could not answer itself. */
export function answerFailure(app: App, response: ServerResponse, thrown: unknown, requestId: string): void {
  logUnexpected(app.log, thrown, requestId);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemOf(toRegistryError(thrown), requestId);
  // What was not read of the body would be taken for the next request.
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(JSON.stringify(problem));
}

/** Answers what node's parser refuses, before there is a request: a head that is too long, too slow or no HTTP. */
export function answerUnreadable(socket: Duplex, { code }: NodeJS.ErrnoException): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, title, ...rest } = problemOf(unreadable(code), '');
  const body = JSON.stringify({ title, status, ...rest });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function unreadable(code: string | undefined): RegistryError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new RegistryError('HEADERS_TOO_LARGE', 'The head of the request is too long.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new RegistryError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
  }
  return new RegistryError('BAD_USER_INPUT', 'The request is no HTTP/1.1 that can be read.');
}
