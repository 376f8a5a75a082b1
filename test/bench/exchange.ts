import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Target } from './load.ts';

/** A connection that sends a request, waits for its answer, and sends the next. */
export interface Line {
  /** Milliseconds until the answer was there; rejects where it was not as expected. */
  send(target: Target): Promise<number>;
  close(): void;
}

/**
 * Opens a connection. It reads of answers no more than it must (status, length, end of body), so that the sender takes
 * little of the machine beside what it measures.
 */
export async function openLine(origin: string): Promise<Line> {
  const { hostname, port } = new URL(origin);
  const onread = { buffer: Buffer.allocUnsafe(READ_BYTES), callback: (length: number) => take(length) };
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
  await once(socket, 'connect');
  let waiting: { target: Target; resolve: () => void; reject: (error: Error) => void } | null = null;
  let head = '';
  let left = -1;
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail).on('close', () => fail(new Error('The connection was closed.')));
  const take = (length: number): boolean => {
    const chunk = onread.buffer.subarray(0, length);
    let rest = length;
    if (left < 0) {
      const end = chunk.indexOf('\r\n\r\n');
      if (end < 0) head += chunk.toString('latin1');
      if (end < 0 || !waiting) return true;
      const { target } = waiting;
      const upTo = (bytes: number) => problemOf(head + chunk.toString('latin1', 0, Math.min(bytes, end + 2)), target);
      const problem = upTo(READ_HEAD_BYTES) && upTo(length);
      if (problem) fail(new Error(`${problem}: ${chunk.toString('utf8', end + 4, end + 304)}`));
      left = target.bytes;
      rest = length - end - 4;
    }
    left -= rest;
    if (left > 0) return true;
    head = '';
    left = -1;
    waiting?.resolve();
    return true;
  };
  return {
    send: async (target) => {
      const began = performance.now();
      await new Promise<void>((resolve, reject) => {
        waiting = { target, resolve, reject };
        write(socket, target);
      });
      waiting = null;
      return performance.now() - began;
    },
    close: () => {
      waiting = null;
      socket.destroy();
    },
  };
}

/** One buffer for all that a connection brings: a new one for each chunk would cost the sender more than looking at it. */
const READ_BYTES = 256 * 1024;

/** So much of a head is read first: what is looked for mostly stands there, and the sender's work is no fault of the server. */
const READ_HEAD_BYTES = 512;

const texts = new WeakMap<Target, string>();

function write(socket: Socket, target: Target): void {
  let text = texts.get(target);
  if (text === undefined) {
    const { host, pathname, search } = new URL(target.url);
    const length = target.body === null ? {} : { 'content-length': String(Buffer.byteLength(target.body)) };
    const lines = Object.entries({ host, ...target.headers, ...length }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    text = `${target.method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${target.body ?? ''}`;
    texts.set(target, text);
  }
  socket.write(text);
}

/** What is wrong with an answer's head; null: nothing. */
function problemOf(head: string, { method, url, status, bytes }: Target): string | null {
  const found = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1] ?? (found === 304 ? '0' : 'no');
  if (found === status && length === String(bytes)) return null;
  return `${method} ${url} answered ${found} with ${length} bytes instead of ${status} with ${bytes}`;
}
