import ipaddr from 'ipaddr.js';

/** One address of each block of IANA's special-purpose registry for IPv4, and the ends of those that are widely used. */
export const specialV4 = [
  ...['0.0.0.0', '0.255.255.255', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.254', '127.0.0.1'],
  ...['127.255.255.254', '169.254.169.254', '169.254.0.1', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.8'],
  ...['192.0.0.170', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.168.0.1', '192.168.255.255'],
  ...['192.175.48.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255'],
  ...['240.0.0.1', '255.255.255.255'],
];

/** The same for IPv6, and what is not given out at all. */
export const specialV6 = [
  ...['::', '::1', '::2', '100::1', '100:0:0:1::1', '2001::1', '2001:1::1', '2001:1::2', '2001:2::1', '2001:3::1'],
  ...[
    '2001:4:112::1',
    '2001:10::1',
    '2001:20::1',
    '2001:30::1',
    '2001:db8::1',
    '2620:4f:8000::1',
    '3fff::1',
    '4000::1',
  ],
  ...[
    '5f00::1',
    '8000::1',
    'e000::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'febf::1',
    'fec0::1',
    'ff02::1',
    'ff0e::1',
  ],
];

const FULL_WIDTH = 0xff10 - 0x30;
const CIRCLED = '⓪①②③④⑤⑥⑦⑧⑨';

/** The ways in which the host of a URL can say an IPv4 address. */
export function spellingsV4(address: string): string[] {
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const hex = (n: number) => `0x${n.toString(16)}`;
  const octal = (n: number) => `0${n.toString(8)}`;
  const [high, low] = [(whole >>> 16).toString(16), (whole & 0xffff).toString(16)];
  return [
    address,
    `${address}.`,
    [a, b, c, d].map(octal).join('.'),
    [a, b, c, d].map(hex).join('.'),
    [hex(a), octal(b), c, d].join('.'),
    String(whole),
    hex(whole),
    octal(whole),
    `${a}.${(b << 16) | (c << 8) | d}`,
    `${a}.${b}.${(c << 8) | d}`,
    `user:secret@${address}`,
    `example.com@${address}`,
    address.replaceAll(/\d/g, (digit) => `%3${digit}`),
    address.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + FULL_WIDTH)),
    address.replaceAll(/\d/g, (digit) => CIRCLED[Number(digit)]!),
    address.replaceAll('.', '。'),
    address.replaceAll('.', '．'),
    address.replace('.', '\t.').replace('.', '.\n'),
    ...embedded.map((prefix) => `[${prefix}${high}:${low}]`),
    `[::ffff:${address}]`,
    `[2002:${high}:${low}::]`,
    `[2001:0:${high}:${low}::1]`,
  ];
}

/** IPv4 within IPv6: compatible, mapped, translated, NAT64, NAT64 of one's own, ISATAP. */
const embedded = ['::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::', 'fe80::5efe:'];

/** The ways in which the host of a URL can say an IPv6 address. */
export function spellingsV6(address: string): string[] {
  const long = ipaddr.IPv6.parse(address)
    .parts.map((part) => part.toString(16).padStart(4, '0'))
    .join(':');
  return [`[${address}]`, `[${address.toUpperCase()}]`, `[${long}]`, `user:secret@[${address}]`];
}
