import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Ports from here on (32768 on Linux, 49152 elsewhere) go to whoever connects, or listens on port 0: one of them may be taken before it is used. */
const EPHEMERAL = 32_768;
const LOWEST = 20_000;

/** A port of this machine for a program that has to be told one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, EPHEMERAL);
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
