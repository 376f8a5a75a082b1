import { once } from 'node:events';
import { createServer, type Socket, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { aServer } from '../app.ts';
import { ended } from './mcp.ts';
import { startCliWorld, type CliWorld } from './world.ts';

let world: CliWorld;

beforeAll(async () => {
  world = await startCliWorld();
  await world.registry.seed(['a', 'b'].map((name) => ({ server: aServer(`com.example/${name}`) })));
});
afterAll(() => world?.close());

const publish = (name: string) => world.registry.seed([{ server: aServer(`com.example/${name}`) }]);

test('changes are followed as they come, and after a cut from where it was', { timeout: 30_000 }, async () => {
  // Something in between that can cut the line.
  const sockets: Socket[] = [];
  const between = createServer((socket) => {
    const onwards = connect(Number(new URL(world.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {}).on('close', () => onwards.destroy());
    onwards.on('error', () => {}).on('close', () => socket.destroy());
    socket.pipe(onwards).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  const registry = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;

  const follower = world
    .user()
    .start('changes', '--follow', '--after', '1', '--limit', '3', '--json', '--registry', registry);
  const end = ended(follower, '');
  let seen = '';
  follower.stdout.on('data', (text: string) => (seen += text));
  await vi.waitFor(() => expect(seen).toContain('com.example/b'), 10_000);
  await publish('c');
  await vi.waitFor(() => expect(seen).toContain('com.example/c'), 10_000);
  for (const socket of sockets.splice(0)) socket.destroy();
  await publish('d');
  const { code, json, stderr } = await end;
  between.close();
  expect(code).toBe(0);
  expect(json().map((change: { revision: number }) => change.revision)).toEqual([2, 3, 4]);
  expect(stderr).toContain('The connection is cut; trying again in 1 s.');
  // Asked by its id, twice, and each time left by us.
  const statuses = world.registry.logged().flatMap(({ path, status }) => (path === '/graphql' ? [status] : []));
  expect(statuses).toEqual([499, 499]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with one whole value', async (signal) => {
  const follower = world.user().start('changes', '--follow', '--after', '0', '--json');
  const end = ended(follower, '');
  await once(follower.stdout, 'data');
  follower.kill(signal);
  const { code, json } = await end;
  expect([code, json().length > 0]).toEqual([0, true]);
});
