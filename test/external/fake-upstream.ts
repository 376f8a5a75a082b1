import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { closeServer } from './fake-github.ts';

/** Any upstream on loopback: what all fakes can do. */
export interface FakeUpstream {
  url: string;
  /** Method and path of each request so far. */
  requests: string[];
  /** The most requests that were open at once. */
  atOnce(): number;
  /** What was given to the network so far, head and body. */
  bytesSent(): number;
  /** Answers every request so, or those whose path fits, from here on; null ends it. */
  fail(answer: RequestListener | null, path?: RegExp): void;
  /** Waits so long before each answer. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** Starts an upstream that answers by `answer`, which may throw: that is a 500. */
export async function startFakeUpstream(
  answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void,
): Promise<FakeUpstream> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let failing: { answer: RequestListener; path: RegExp } | null = null;
  let [delayMs, open, most, closedBytes] = [0, 0, 0, 0];

  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    most = Math.max(most, ++open);
    response.on('close', () => (open -= 1));
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (failing?.path.test(request.url ?? '')) return failing.answer(request, response);
    answer(request, response, new URL(request.url ?? '/', 'http://fake.test'));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(socket);
        closedBytes += socket.bytesWritten;
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    atOnce: () => most,
    bytesSent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, closedBytes),
    fail: (given, path = /^/) => void (failing = given && { answer: given, path }),
    delay: (ms) => void (delayMs = ms),
    close: () => closeServer(server),
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
