import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askedOf, type Asked } from '../../src/http/asked.ts';

let server: Server;
let seen: { asked: Asked; headers: IncomingHttpHeaders };
beforeAll(async () => {
  server = createServer((request, response) => {
    seen = { asked: askedOf(request), headers: request.headers };
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => void server.close());

async function ask(...lines: string[]): Promise<typeof seen> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(['GET / HTTP/1.1', 'Host: here', 'Connection: close', ...lines, '', ''].join('\r\n'));
  await text(socket);
  return seen;
}

describe('what an answer from memory depends on', () => {
  test.each([
    ['nothing', []],
    [
      'what browsers send',
      ['Accept: text/html, */*;q=0.8', 'Accept-Encoding: gzip, br', 'Accept-Language: de', 'DNT: 1'],
    ],
    ['names in any case', ['ACCEPT: a/b', 'accept-ENCODING: br', 'If-None-Match: "a"', 'x-REQUEST-id: mine']],
    ['several lines of one name', ['Accept: a/b', 'If-None-Match: "a"', 'Accept: c/d', 'If-None-Match: "b"']],
    ['empty values', ['Accept:', 'Accept-Encoding: ', 'If-None-Match:']],
    ['names of the same length', ['Origin: here', 'X-Forwarded-Fo: a', 'Sec-Fetch-Site: none', 'Pragma: no-cache']],
  ])('is read as node:http reads it: %s', async (_, lines) => {
    const { asked, headers } = await ask(...lines);
    expect(asked).toEqual({
      own: false,
      accept: headers.accept,
      acceptEncoding: headers['accept-encoding'],
      ifNoneMatch: headers['if-none-match'],
      requestId: headers['x-request-id'],
    });
  });

  test.each(['Authorization: Bearer a', 'cookie: a=b', 'CONTENT-LENGTH: 0', 'Transfer-Encoding: chunked'])(
    'is nothing to share: %s',
    async (line) => {
      const body = line.startsWith('Transfer') ? ['', '0'] : [];
      expect((await ask('Accept: a/b', line, ...body)).asked).toMatchObject({ own: true, accept: 'a/b' });
    },
  );
});
