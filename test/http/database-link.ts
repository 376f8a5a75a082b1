import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line to the database that can be cut or made slow, so that the database is away or slow for one service only. */
export interface DatabaseLink {
  url: string;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Takes connections again. */
  mend(): Promise<void>;
  /** Holds up what is asked for so many milliseconds each time; Infinity: it hangs. */
  delay(ms: number): void;
}

/** Opens a line to a database on a free port of this machine; to several, whose turn it is. */
export async function openDatabaseLink(databaseUrl: string, ...others: string[]): Promise<DatabaseLink> {
  const url = new URL(databaseUrl);
  const targets = [databaseUrl, ...others].map((one) => ({ host: url.hostname, port: Number(new URL(one).port) }));
  let taken = 0;
  const sockets = new Set<Socket>();
  let delay = 0;
  let freed = Promise.withResolvers<void>();
  const server = createServer((near) => {
    const far = connect(targets[(taken += 1) % targets.length]!);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    far.pipe(near);
    let last: Promise<unknown> = Promise.resolve();
    near.on('data', (chunk) => {
      const held = delay === Infinity ? freed.promise : delay > 0 ? sleep(delay) : null;
      last = last.then(() => held).then(() => far.write(chunk));
    });
    near.on('end', () => void last.then(() => far.end()));
  });
  const open = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await open(0);
  const { port } = server.address() as AddressInfo;
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    mend: () => open(port),
    delay: (ms) => {
      delay = ms;
      freed.resolve();
      freed = Promise.withResolvers();
    },
  };
}
