import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from './fake-github.ts';

/** The purge address of a CDN, on loopback. */
export interface FakeCdn {
  url: string;
  /** What it was asked so far. */
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  /** The status of its answers from here on. */
  answer(status: number): void;
  /** Waits so long before each answer. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** Starts it. */
export async function startFakeCdn(): Promise<FakeCdn> {
  const requests: FakeCdn['requests'] = [];
  let status = 200;
  let waitMs = 0;
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks as Buffer[]).toString() });
      setTimeout(() => response.writeHead(status).end(), waitMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (next) => void (status = next),
    delay: (ms) => void (waitMs = ms),
    close: () => closeServer(server),
  };
}
