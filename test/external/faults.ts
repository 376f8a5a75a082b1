import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';

/** How a server answers whatever it is asked. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => void;

const HTML = '<!doctype html><html><h1>Bad gateway</h1></html>';
const HUNDRED_MB = 100 * 1024 * 1024;
const bomb = gzipSync(Buffer.alloc(HUNDRED_MB, ' '));
const MEGABYTE = Buffer.alloc(1024 * 1024, ' ');

/** TLS has no reset of its own. */
const reset = (socket: Socket) => (socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy());

/** Sends 100 MB as fast as they are read. */
function flood(response: ServerResponse): void {
  let left = HUNDRED_MB;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= MEGABYTE.length;
      if (!response.write(MEGABYTE)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

const json = { 'content-type': 'application/json' };
const redirect =
  (location: string): Fault =>
  (_request, response) =>
    response.writeHead(302, { location }).end();
const status = (code: number, headers = {}, body = HTML): Fault => {
  return (_request, response) => response.writeHead(code, headers).end(body);
};

/** What goes wrong at once. */
export const quickFaults: Record<string, Fault> = {
  'a connection that is reset': (request) => reset(request.socket),
  'a connection that is reset in the middle': (request, response) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('{"keys":');
    setTimeout(() => reset(request.socket), 20);
  },
  'an answer that breaks off': (request, response) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('{"keys":');
    setTimeout(() => request.socket.end(), 20);
  },
  'a web page': status(200, { 'content-type': 'text/html' }),
  'JSON that breaks off': status(200, json, '{"keys": [{"kty": "RSA", "id'),
  'JSON of something else': status(200, json, '{"message": "hello"}'),
  'JSON that is nothing': status(200, json, 'null'),
  '200,000 brackets': status(200, json, '['.repeat(200_000)),
  'no content': status(204, {}, ''),
  'not modified': status(304, {}, ''),
  '100 MB, announced': (_request, response) => {
    response.writeHead(200, { ...json, 'content-length': HUNDRED_MB });
    flood(response);
  },
  '100 MB, not announced': (_request, response) => {
    response.writeHead(200, json);
    flood(response);
  },
  'a gzip bomb': (_request, response) => {
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb);
  },
  '500 layers of gzip': status(200, { 'content-encoding': Array(500).fill('gzip').join(', ') }),
  'gzip that is none': status(200, { 'content-encoding': 'gzip' }),
  'a redirect to loopback': redirect('http://127.0.0.1:1/'),
  'a redirect to the metadata service': redirect('http://169.254.169.254/latest/meta-data/'),
  'a redirect to a file': redirect('file:///etc/passwd'),
  'a redirect to itself': redirect('/'),
  'not HTTP': (request) => request.socket.end('220 mail.example.com ESMTP\r\n'),
  'a megabyte of headers': (request) => request.socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1024 * 1024)}\r\n\r\n`),
  'status 429': status(429, { 'retry-after': '60' }),
  'status 403 of a limit': status(403, { 'x-ratelimit-remaining': '0' }),
  'status 500': status(500),
  'status 502': status(502),
  'status 503': status(503, { 'retry-after': '5' }),
};

/** What takes as long as it is let. */
export const slowFaults: Record<string, Fault> = {
  silence: () => {},
  'a byte a second': (_request, response) => {
    response.writeHead(200, json);
    const drip = setInterval(() => response.write(' '), 1_000);
    response.on('close', () => clearInterval(drip));
  },
  'headers, a byte a second': (request) => {
    request.socket.write('HTTP/1.1 200 OK\r\nx: ');
    const drip = setInterval(() => request.socket.write('y'), 1_000);
    request.socket.on('close', () => clearInterval(drip));
  },
};
