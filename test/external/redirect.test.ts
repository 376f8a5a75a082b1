import { describe, expect, test } from 'vitest';
import { guardedFetch } from '../../src/external/fetch.ts';
import { type Hop, nextHop, redirectTarget } from '../../src/external/redirect.ts';
import { serve, setTrap } from './servers.ts';

const inside = { allowHttp: true, allowPrivate: true, maxRedirects: 3 };

/** A server that sends `/` to `location` and shows everything else it is asked. */
async function redirector(location: string, status = 302): Promise<string> {
  return serve(async (request, response) => {
    if (request.url === '/') return void response.writeHead(status, { location }).end('elsewhere');
    const body = (await request.toArray()).join('');
    response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers, body }));
  });
}

describe('a redirect', () => {
  test('is an error where none was asked for', async () => {
    const base = await redirector('/next');
    await expect(guardedFetch(base, { ...inside, maxRedirects: 0 })).rejects.toMatchObject({
      kind: 'redirect',
      retryable: false,
      message: `${new URL(base).host} redirects, which is not followed here.`,
    });
  });

  test('is followed within the limit, with credentials for the same origin', async () => {
    const base = await redirector('/next?page=2');
    const answer = await guardedFetch(base, { ...inside, headers: { Authorization: 'Bearer token' } });
    expect(answer.url).toBe(`${base}/next?page=2`);
    expect(await answer.json()).toMatchObject({ url: '/next?page=2', headers: { authorization: 'Bearer token' } });
  });

  test('to another origin goes without credentials, its own included', async () => {
    const other = await redirector('/');
    const base = await redirector(`${other.replace('http://', 'http://me:pass@')}/next`);
    const headers = { Authorization: 'Bearer token', Cookie: 'a=b', 'X-Kept': 'yes' };
    const seen = (await (await guardedFetch(base, { ...inside, headers })).json()) as { headers: object };
    expect(seen.headers).toMatchObject({ 'x-kept': 'yes' });
    expect(seen.headers).not.toHaveProperty('authorization');
    expect(seen.headers).not.toHaveProperty('cookie');
  });

  test.each([
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'hello'],
    [308, 'POST', 'hello'],
  ])('%i of a POST is sent on as %s', async (status, method, body) => {
    const base = await redirector('/next', status);
    const post = { method: 'POST', body: 'hello', headers: { 'content-type': 'text/plain' } };
    expect(await (await guardedFetch(base, { ...inside, ...post })).json()).toMatchObject({ method, body });
  });

  test('in a circle or without end is given up', async () => {
    const circle = await redirector('/');
    await expect(guardedFetch(circle, inside)).rejects.toMatchObject({
      kind: 'redirect',
      message: `${new URL(circle).host} redirects in a circle.`,
    });
    let asked = 0;
    const endless = await serve((_request, response) => response.writeHead(302, { location: `/${++asked}` }).end());
    await expect(guardedFetch(endless, inside)).rejects.toMatchObject({
      kind: 'redirect',
      message: `${new URL(endless).host} redirects more than 3 times.`,
    });
    expect(asked).toBe(4);
  });

  test('to another origin is held to the public internet where that is asked for, to the same one it is not', async () => {
    const trap = await setTrap();
    const publicRedirects = { ...inside, publicRedirects: true };
    const same = await redirector('/next');
    expect((await guardedFetch(same, publicRedirects)).url).toBe(`${same}/next`);
    const other = await redirector(`http://127.0.0.1:${trap.port}/`);
    await expect(guardedFetch(other, publicRedirects)).rejects.toMatchObject({ kind: 'blocked' });
    expect(trap).toMatchObject({ connections: 0, bytes: 0 });
  });

  test.each(['http://[', 'https://'])('to %s, which is no URL, is an error', async (location) => {
    const base = await redirector(location);
    await expect(guardedFetch(base, inside)).rejects.toMatchObject({
      kind: 'redirect',
      message: `${new URL(base).host} redirects to something that is no URL.`,
    });
  });

  test('to another scheme is blocked', async () => {
    const base = await redirector('file:///etc/passwd');
    await expect(guardedFetch(base, inside)).rejects.toMatchObject({ kind: 'blocked' });
  });
});

describe('a redirect inwards', () => {
  const hop: Hop = {
    url: new URL('http://public.example/'),
    method: 'GET',
    headers: {},
    body: null,
    allowPrivate: true,
  };
  const publicHosts = new Set(['public.example']);

  test('from the public internet is checked as strictly as a stranger’s URL', () => {
    const elsewhere = nextHop(hop, new URL('http://169.254.169.254/'), { status: 302, publicHosts });
    expect(elsewhere.allowPrivate).toBe(false);
    const itself = nextHop(hop, new URL('http://public.example/next'), { status: 302, publicHosts });
    expect(itself.allowPrivate).toBe(true);
    const amongPrivate = nextHop({ ...hop, url: new URL('http://inside.example/') }, new URL('http://10.0.0.1/'), {
      status: 302,
      publicHosts,
    });
    expect(amongPrivate.allowPrivate).toBe(true);
  });

  test('gets no byte when only the first host was allowed', async () => {
    const trap = await setTrap();
    const refused = nextHop(hop, new URL(`http://127.1:${trap.port}/`), { status: 302, publicHosts });
    const options = { allowHttp: true, allowPrivate: refused.allowPrivate };
    await expect(guardedFetch(refused.url, options)).rejects.toMatchObject({ kind: 'blocked' });
    expect(trap).toMatchObject({ connections: 0, bytes: 0 });
  });

  test('never leads from https to an unencrypted address', () => {
    expect(() => redirectTarget(301, 'http://a.example/', new URL('https://a.example/'))).toThrow(
      'a.example redirects from https to an unencrypted address.',
    );
  });
});
