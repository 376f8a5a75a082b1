// The yardstick: a bare node:http server that answers /<n>/… with the n-th of the files named, each as it is.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const bodies = process.argv.slice(2).map((file) => readFileSync(file));

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const body = bodies[Number.parseInt(request.url!.slice(1), 10)];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json', 'content-length': body?.length ?? 0 });
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
