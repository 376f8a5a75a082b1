import net from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { guardedFetch } from '../../src/external/fetch.ts';
import { serve, setTrap } from './servers.ts';

const loopback = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.0.0.1.', '127.255.255.254', '0177.0.0.1', '0177.0.0.01', '00000177.1'],
  ...['0x7f.0.0.1', '0x7F.1', '0x7f000001', '0x00000000007f000001', '2130706433', '017700000001', '127.0x1'],
  ...['0', '0.0.0.0', '0x0', '00', 'user:secret@127.0.0.1', 'example.com@127.0.0.1', 'example.com%2f@127.0.0.1'],
  ...['１２７.０.０.１', '①②⑦.⓪.⓪.①', '127。0。0。1', '127｡0.0．1', '%31%32%37.0.0.1', '%30', '127.0.0.%31'],
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[0000::0001]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::FFFF:7F00:1]'],
  ...['[::127.0.0.1]', '[::7f00:1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]'],
  ...['[2002:7f00:1::]', '[2002:7f00:0001::1]', '[2001:0:7f00:1::1]', 'localhost', 'LOCALHOST', 'localhost.'],
];
const internal = [
  ...['10.0.0.1', '10.1', '0xa000001', '167772161', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.1'],
  ...['169.254.169.254', '0xA9FEA9FE', '2852039166', '0251.0376.0251.0376', '[::ffff:169.254.169.254]'],
  ...['[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::]', '[fd00:ec2::254]', '100.64.0.1', '192.0.0.1', '192.0.2.1'],
  ...['198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '4294967295'],
  ...['[fc00::1]', '[fe80::1]', '[fec0::1]', '[ff02::1]', '[2001:db8::1]', '[100::1]', '[3fff::1]', '[4000::1]'],
];

describe('an address that is not public, however it is spelled', () => {
  test('there are at least 60 spellings', () => {
    expect(new Set([...loopback, ...internal]).size).toBeGreaterThanOrEqual(60);
  });

  test.each([...loopback, ...internal])('http://%s gets no byte', async (host) => {
    const trap = await setTrap();
    const refusal = await guardedFetch(`http://${host}:${trap.port}/`, { allowHttp: true }).catch((error) => error);
    expect(refusal).toMatchObject({ kind: 'blocked', retryable: false });
    expect(refusal.message).toMatch(/^\S+ is not on the public internet, so it was not contacted\.$/);
    expect(refusal.message).not.toContain('secret');
    expect(trap).toMatchObject({ connections: 0, bytes: 0 });
  });

  test('https does not pass either', async () => {
    const trap = await setTrap();
    await expect(guardedFetch(`https://127.0.0.1:${trap.port}/`)).rejects.toMatchObject({ kind: 'blocked' });
    expect(trap).toMatchObject({ connections: 0, bytes: 0 });
  });

  test('the trap does see what the operator allows', async () => {
    const trap = await setTrap();
    const options = { allowHttp: true, allowPrivate: true, timeoutMs: 300 };
    await expect(guardedFetch(`http://127.1:${trap.port}/`, options)).rejects.toMatchObject({ kind: 'timeout' });
    expect(trap.connections).toBe(1);
    expect(trap.bytes).toBeGreaterThan(0);
  });
});

describe('a name that points inside', () => {
  test.each([
    ['127.0.0.1.nip.io', ['127.0.0.1']],
    ['metadata.example.com', ['169.254.169.254']],
    ['mixed.example.com', ['8.8.8.8', '127.0.0.1']],
    ['six.example.com', ['::1']],
    ['mapped.example.com', ['::ffff:127.0.0.1']],
  ])('%s gets no byte', async (name, addresses) => {
    const trap = await setTrap();
    const options = { allowHttp: true, lookup: async () => addresses };
    await expect(guardedFetch(`http://${name}:${trap.port}/`, options)).rejects.toMatchObject({
      kind: 'blocked',
      message: `${name} is not on the public internet, so it was not contacted.`,
    });
    expect(trap).toMatchObject({ connections: 0, bytes: 0 });
  });

  test('a name that changes its mind is asked once: what was checked is what is connected to', async () => {
    const trap = await setTrap();
    const base = await serve((_request, response) => response.end('the first answer'));
    const answers = [['127.0.0.1'], ['::1']];
    const lookup = vi.fn(async () => answers.shift() ?? []);
    const url = `http://rebinding.example.com:${new URL(base).port}/`;
    const answer = await guardedFetch(url, { allowHttp: true, allowPrivate: true, lookup });
    expect(await answer.text()).toBe('the first answer');
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(trap.connections).toBe(0);
  });

  test('a peer that turns out to be inside after the connection gets no byte', async () => {
    const trap = await setTrap();
    const connect = net.connect;
    vi.spyOn(net, 'connect').mockImplementation(() => connect(trap.port, '127.0.0.1'));
    onTestFinished(() => void vi.restoreAllMocks());
    const lookup = async (): Promise<string[]> => ['8.8.8.8'];
    for (const url of ['http://example.com/', 'https://example.com/']) {
      await expect(guardedFetch(url, { allowHttp: true, lookup })).rejects.toMatchObject({ kind: 'blocked' });
    }
    expect(trap).toMatchObject({ connections: 2, bytes: 0 });
  });
});
