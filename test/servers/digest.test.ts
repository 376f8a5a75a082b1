import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/servers/digest.ts';
import type { Json } from '../../src/servers/document.ts';

const parse = (text: string) => JSON.parse(text) as Json;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('numbers, strings and literals are written as in RFC 8785, 3.2.2', () => {
  const document = parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  const canonical = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
  expect(digestOf(document)).toBe(sha256(canonical));
});

test('keys are sorted by their UTF-16 code units as in RFC 8785, 3.2.3', () => {
  const document = parse(String.raw`{
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  }`);
  const sorted = [
    ['\r', 'Carriage Return'],
    ['1', 'One'],
    ['\u0080', 'Control'],
    ['\u00f6', 'Latin Small Letter O With Diaeresis'],
    ['\u20ac', 'Euro Sign'],
    ['\ud83d\ude00', 'Emoji: Grinning Face'],
    ['\ufb33', 'Hebrew Letter Dalet With Dagesh'],
  ];
  expect(digestOf(document)).toBe(
    sha256(`{${sorted.map(([key, value]) => `${JSON.stringify(key)}:"${value}"`).join(',')}}`),
  );
});

test('spacing, order of keys and spelling of numbers do not count; values and order of lists do', () => {
  const digest = digestOf(parse('{"a":[1,2],"b":{"d":100,"c":"é"}}'));
  expect(digestOf(parse('{ "b": {"c": "\\u00e9", "d": 1e2}, "a": [1.0, 2] }'))).toBe(digest);
  expect(digestOf(parse('{"a":[2,1],"b":{"d":100,"c":"é"}}'))).not.toBe(digest);
  expect(digestOf(parse('{"a":[1,2],"b":{"d":100,"c":"e\\u0301"}}'))).not.toBe(digest);
});

test('a number that no double can hold has no canonical form', () => {
  expect(() => digestOf(parse('{"a":1e400}'))).toThrow('Infinity is not allowed');
});
