import { describe, expect, test } from 'vitest';
import { isPublicAddress, literalAddress, resolveHost } from '../../src/external/address.ts';

describe('isPublicAddress', () => {
  test.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.32.0.1', '192.169.0.1', '198.20.0.1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  test.each(['2606:4700:4700::1111', '2a00:1450:4001:800::200e', '2001:4860:4860::8888'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  // IANA IPv4 and IPv6 special-purpose address registries, one address of each block.
  test.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...['192.0.0.1', '192.0.0.171', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.168.0.1'],
    ...['192.175.48.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1'],
    ...['240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:127.0.0.1'],
    ...['64:ff9b::7f00:1', '64:ff9b:1::7f00:1', '100::1', '100:0:0:1::1', '2001::1', '2001:1::1', '2001:2::1'],
    ...['2001:3::1', '2001:4:112::1', '2001:10::1', '2001:20::1', '2001:30::1', '2001:db8::1', '2002:7f00:1::'],
    ...['2620:4f:8000::1', '3fff::1', '4000::1', '5f00::1', 'e000::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1'],
    ...['fe80::1%lo', 'fec0::1', 'ff02::1', 'localhost', '', '0x7f.1', '127.1'],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('literalAddress', () => {
  test.each([
    ['[::1]', '::1'],
    ['127.0.0.1', '127.0.0.1'],
    ['example.com', null],
    ['[example.com]', null],
  ])('%s is %s', (hostname, literal) => expect(literalAddress(hostname)).toBe(literal));
});

describe('resolveHost', () => {
  const lookup = async (): Promise<string[]> => ['8.8.8.8', '10.0.0.1'];

  test('one private address among public ones blocks the host', async () => {
    await expect(resolveHost('example.com', lookup, false)).rejects.toMatchObject({
      kind: 'blocked',
      message: 'example.com is not on the public internet, so it was not contacted.',
    });
  });

  test('private addresses pass where the operator allows them', async () => {
    expect(await resolveHost('example.com', lookup, true)).toEqual(['8.8.8.8', '10.0.0.1']);
  });

  test('a literal is never looked up', async () => {
    expect(await resolveHost('[2606:4700::1111]', lookup, false)).toEqual(['2606:4700::1111']);
  });

  test('a name without addresses is a network failure', async () => {
    await expect(resolveHost('example.com', async () => [], false)).rejects.toMatchObject({
      kind: 'network',
      message: 'The name example.com has no address.',
    });
  });
});
