import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReadyAnswer, KEEP_ALIVE_MS, sendReadyAnswer } from '../../src/http/ready-answer.ts';

const body = Buffer.from('{"servers":[]}');
const headers = { 'content-type': 'application/json', 'content-length': String(body.length), etag: '"a"' };
const answers = {
  '/': createReadyAnswer(200, headers, body),
  '/known': createReadyAnswer(304, { etag: '"a"' }),
};

let server: Server;
beforeAll(async () => {
  server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const [path, slowly] = request.url!.split('?') as ['/' | '/known', string?];
    const answer = answers[path];
    if (!slowly) return sendReadyAnswer(request, response, answer, 'id-1');
    response.writeHead(answer.status, [...answer.fields.slice(0, -1), 'id-1']);
    response.end(path === '/' && request.method === 'GET' ? body : undefined);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => void server.close());

/** What a connection brings for these bytes, until the last of the requests closes it. */
function send(...requests: string[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(requests.join(''));
  return text(socket);
}

const ask = (path: string, { method = 'GET', version = '1.1', more = '' } = {}) =>
  `${method} ${path} HTTP/${version}\r\nHost: here\r\n${more}\r\n`;
const last = (path: string) => ask(path, { more: 'Connection: close\r\n' });

/** The lines of each answer in the order of the alphabet, which says nothing in a head; without the time of day. */
const linesOf = (answers: string) =>
  answers
    .replaceAll(/Date: [^\r]+\r\n/g, 'Date\r\n')
    .split(/(?=HTTP\/1\.1 )/)
    .map((answer) => answer.split('\r\n').toSorted());

describe('an answer that is ready', () => {
  test.each([
    ['a page', ask('/')],
    ['what is told to who has it already', ask('/known')],
    ['what is told to HEAD', ask('/', { method: 'HEAD' })],
  ])('is %s as node:http writes it, line for line', async (_, request) => {
    const ready = await send(request, last('/'));
    const written = await send(request.replace(' HTTP', '?slowly HTTP'), last('/?slowly'));
    expect(linesOf(ready)).toEqual(linesOf(written));
    expect(ready).toMatch(/Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
    expect(Math.abs(Date.parse(/Date: (.+)\r/.exec(ready)![1]!) - Date.now())).toBeLessThan(5_000);
  });

  test('goes out for each of many requests that came at once', async () => {
    const answers = await send(...Array.from({ length: 50 }, (_, i) => ask(i % 2 ? '/' : '/known')), last('/'));
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual([
      ...Array.from({ length: 50 }, (_, i) => (i % 2 ? 'HTTP/1.1 200' : 'HTTP/1.1 304')),
      'HTTP/1.1 200',
    ]);
    expect(answers.match(/\{"servers":\[\]\}/g)).toHaveLength(26);
  });

  test.each([
    ['asks for it', last('/')],
    ['is of HTTP 1.0', ask('/', { version: '1.0' })],
  ])('closes the connection of one who %s', async (_, request) => {
    const answer = await send(request);
    expect(answer).toContain('Connection: close\r\n');
    expect(answer).toContain('x-request-id: id-1\r\n');
    expect(answer.endsWith(body.toString())).toBe(true);
  });

  test.each([
    [{ 'x\r\ny': 'z' }, 'Header name must be a valid HTTP token'],
    [{ x: 'y\r\nset-cookie: z' }, 'Invalid character in header content'],
  ])('holds nothing that no head may hold: %o', (bad, why) => {
    expect(() => createReadyAnswer(200, bad as unknown as Record<string, string>)).toThrow(why);
  });
});
