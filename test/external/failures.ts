import type { RequestListener, ServerResponse } from 'node:http';
import { createGzip } from 'node:zlib';

const MEGABYTE = 1024 * 1024;
const HUGE_BYTES = 100 * MEGABYTE;

/** The ways in which an upstream fails; those that redirect lead to the trap's port. */
export const failures: Record<string, (trapPort: number) => RequestListener> = {
  '429': () => (_request, response) => void response.writeHead(429, { 'retry-after': '120' }).end('slow down'),
  '500': () => (_request, response) => void response.writeHead(500).end('oops'),
  'time-out': () => () => {},
  '1 byte a second': () => (_request, response) => drip(response),
  reset: () => (request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"name":');
    setTimeout(() => request.socket.resetAndDestroy(), 20);
  },
  HTML: () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Maintenance</title>');
  },
  'truncated JSON': () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"weather","info":{"description":"');
  },
  '100 MB': () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    pour(response, HUGE_BYTES);
  },
  'gzip bomb': () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip
      .on('error', () => {})
      .pipe(response)
      .on('close', () => gzip.destroy());
    pour(gzip, 10 * HUGE_BYTES);
  },
  'redirect to loopback': (port) => (_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${port}/secrets` }).end();
  },
  'redirect loop': () => (request, response) => void response.writeHead(302, { location: request.url }).end(),
};

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  const timer = setInterval(() => response.write(' '), 1_000);
  response.on('close', () => clearInterval(timer));
}

/** Writes so many spaces, as fast as they are taken. */
function pour(to: NodeJS.WritableStream & { destroyed?: boolean }, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let left = bytes;
  const feed = (): void => {
    while (left > 0 && !to.destroyed) {
      left -= chunk.length;
      if (!to.write(chunk)) return void to.once('drain', feed);
    }
    if (!to.destroyed) to.end();
  };
  feed();
}
