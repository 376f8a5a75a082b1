import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A web server on loopback for one test; answers its base URL. */
export async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stands for the internal network: counts the connections it gets and the bytes they bring. */
export interface Trap {
  port: number;
  connections: number;
  bytes: number;
}

/** A trap on 127.0.0.1 and, where the machine has IPv6, on ::1 with the same port, for one test. */
export async function setTrap(): Promise<Trap> {
  const { trap, close } = await startTrap();
  onTestFinished(close);
  return trap;
}

/** The same until it is closed. */
export async function startTrap(): Promise<{ trap: Trap; close: () => void }> {
  const trap: Trap = { port: 0, connections: 0, bytes: 0 };
  const servers: { close(): unknown }[] = [];
  for (const host of ['127.0.0.1', '::1']) {
    const server = createTcpServer((socket) => {
      trap.connections += 1;
      socket.on('error', () => {}).on('data', (chunk) => (trap.bytes += chunk.length));
    });
    await new Promise<void>((resolve) => {
      server.once('error', () => resolve()).listen(trap.port, host, resolve);
    });
    if (!server.listening) continue;
    trap.port = (server.address() as AddressInfo).port;
    servers.push(server);
  }
  return { trap, close: () => servers.forEach((server) => server.close()) };
}
