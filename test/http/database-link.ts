import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to the database that can be cut or made slow, so that the database is away or slow for one service only. */
export interface DatabaseLink {
  url: string;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Takes connections again. */
  mend(): Promise<void>;
  /** Lets each answer of the database arrive so many milliseconds later. */
  delay(ms: number): void;
}

/** Opens a line to a database on a free port of this machine. */
export async function openDatabaseLink(databaseUrl: string): Promise<DatabaseLink> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const sockets = new Set<Socket>();
  let delayMs = 0;
  const server = createServer((near) => {
    const far = connect(target);
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
    near.pipe(far);
    // One timer each, all as long: they end in the order in which they began, unless the delay changes on the way.
    far.on('data', (chunk: Buffer) => {
      if (delayMs === 0) near.write(chunk);
      else setTimeout(() => near.write(chunk), delayMs);
    });
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
      delayMs = ms;
    },
  };
}
