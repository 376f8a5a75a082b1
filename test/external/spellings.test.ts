import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { guardedFetch } from '../../src/external/fetch.ts';
import { setTrap, type Trap } from './servers.ts';
import { specialV4, specialV6, spellingsV4, spellingsV6 } from './spellings.ts';

let trap: Trap;
let sockets = 0;

/** Node tells of each socket of this process that sets out for somewhere. */
const onSocket = () => (sockets += 1);

beforeEach(async () => {
  trap = await setTrap();
  sockets = 0;
  subscribe('net.client.socket', onSocket);
});

afterEach(() => unsubscribe('net.client.socket', onSocket));

const refusal = (url: string, lookup?: (name: string) => Promise<string[]>) =>
  guardedFetch(url, { allowHttp: true, timeoutMs: 5_000, lookup }).then(
    (answer) => `answered ${answer.status}`,
    (error: { kind?: string; message: string }) => error.kind ?? error.message,
  );

/** Fetches all of them at once; what was not refused as an address that is not public. */
async function notBlocked(urls: string[], lookup?: (name: string) => Promise<string[]>): Promise<string[]> {
  const said = await Promise.all(urls.map(async (url) => [url, await refusal(url, lookup)] as const));
  return said.filter(([, kind]) => kind !== 'blocked').map(([url, kind]) => `${url}: ${kind}`);
}

describe('addresses that are not public get no byte', () => {
  const hosts = [...new Set([...specialV4.flatMap(spellingsV4), ...specialV6.flatMap(spellingsV6)])];

  test(`in ${hosts.length} spellings, by http and https`, async () => {
    expect(hosts.length).toBeGreaterThanOrEqual(400);
    for (const scheme of ['http', 'https']) {
      expect(await notBlocked(hosts.map((host) => `${scheme}://${host}:${trap.port}/`))).toEqual([]);
    }
    console.log(
      `blocked: ${hosts.length} spellings of ${specialV4.length + specialV6.length} addresses, by both schemes`,
    );
    expect({ ...trap, sockets }).toMatchObject({ connections: 0, bytes: 0, sockets: 0 });
  });

  test('as what a name resolves to, alone or beside a public one', async () => {
    const answers = [...specialV4, ...specialV4.map((one) => `::ffff:${one}`), ...specialV6];
    const names = new Map<string, string[]>();
    for (const [i, address] of answers.entries()) {
      names.set(`alone-${i}.example`, [address]);
      names.set(`last-${i}.example`, ['8.8.8.8', '2606:4700::1111', address]);
      names.set(`first-${i}.example`, [address, '8.8.8.8']);
    }
    const urls = [...names.keys()].map((name) => `http://${name}:${trap.port}/`);
    expect(await notBlocked(urls, async (name) => names.get(name)!)).toEqual([]);
    console.log(`blocked: ${urls.length} names that resolve to them`);
    expect({ ...trap, sockets }).toMatchObject({ connections: 0, bytes: 0, sockets: 0 });
  });

  test('as a name that is loopback whoever is asked', async () => {
    const names = [
      'localhost',
      'LocalHost',
      'localhost.',
      'a.localhost',
      'a.b.localhost.',
      'ｌｏｃａｌｈｏｓｔ',
      'local%68ost',
    ];
    const urls = names.map((name) => `http://${name}:${trap.port}/`);
    expect(await notBlocked(urls, async () => ['8.8.8.8'])).toEqual([]);
    expect({ ...trap, sockets }).toMatchObject({ connections: 0, bytes: 0, sockets: 0 });
  });

  test('as what a resolver answers that is no address', async () => {
    for (const answer of ['127.1', '0x7f.0.0.1', '2130706433', 'localhost', '127.0.0.1 ', '::1%lo', '']) {
      expect(`${answer}: ${await refusal(`http://odd.example:${trap.port}/`, async () => [answer])}`).toBe(
        `${answer}: blocked`,
      );
    }
    expect({ ...trap, sockets }).toMatchObject({ connections: 0, bytes: 0, sockets: 0 });
  });
});

test('the counters do count what the operator allows', async () => {
  const options = { allowHttp: true, allowPrivate: true, timeoutMs: 300 };
  await guardedFetch(`http://127.1:${trap.port}/`, options).catch(() => {});
  expect({ ...trap, sockets }).toMatchObject({
    connections: 1,
    bytes: expect.toSatisfy((n: number) => n > 0),
    sockets: 1,
  });
});

test('a name that is public at first and private the next time is checked for each connection', async () => {
  const answers = [['8.8.8.8'], ['127.0.0.1'], ['8.8.8.8', '::1']];
  const lookup = vi.fn(async () => answers.shift()!);
  const { connect } = net;
  // Stands for the public host, which is not there.
  vi.spyOn(net, 'connect').mockImplementation(() => connect(1, '127.0.0.1'));
  const url = `http://rebinding.example:${trap.port}/`;
  expect(await refusal(url, lookup)).toBe('network');
  vi.restoreAllMocks();
  expect(await refusal(url, lookup)).toBe('blocked');
  expect(await refusal(url, lookup)).toBe('blocked');
  expect(lookup).toHaveBeenCalledTimes(3);
  expect(trap).toMatchObject({ connections: 0, bytes: 0 });
});
