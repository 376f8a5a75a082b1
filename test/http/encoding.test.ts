import { expect, test } from 'vitest';
import { chooseEncoding } from '../../src/http/encoding.ts';

test.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['GZIP ; Q=0.5', 'gzip'],
  ['br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1, br;q=0.9', 'gzip'],
  ['gzip;q=0', null],
  ['gzip;q=0, *', 'br'],
  ['*', 'br'],
  ['*;q=0', null],
  ['identity;q=1, gzip;q=0.5', null],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['gzip;q=nonsense', null],
  ['deflate', null],
] as const)('Accept-Encoding: %s → %s', (accepted, encoding) => {
  expect(chooseEncoding(accepted)).toBe(encoding);
});
