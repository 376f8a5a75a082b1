import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rawJson, stringify } from '../src/raw-json.ts';

const odd = [
  '{"10":1,"2":2,"b":3,"a":4}',
  '{"a":1,"a":2}',
  '[1.0, 1e2, -0, 12345678901234567890, 0.10]',
  '{ "spaced" :\t[ ] }',
  String.raw`"\u0041\/\ud83d\ude00"`,
  '{"__proto__":{"x":1}}',
  'null',
  '"raw:0:"',
];

describe('stringify', () => {
  test.each(odd)('puts %s in its place byte for byte', (text) => {
    expect(stringify({ before: 1, document: rawJson(text), after: [2] })).toBe(
      `{"before":1,"document":${text},"after":[2]}`,
    );
  });

  test('takes several texts, nested and repeated', () => {
    const [first, second] = [rawJson('{"b":1.0,"a":2}'), rawJson('[1.0]')];
    const value = { list: [first, { deep: [second, first] }], own: { first } };
    expect(stringify(value)).toBe(
      '{"list":[{"b":1.0,"a":2},{"deep":[[1.0],{"b":1.0,"a":2}]}],"own":{"first":{"b":1.0,"a":2}}}',
    );
  });

  test('a text alone is the whole answer', () => {
    expect(stringify(rawJson('{"a":1.0}'))).toBe('{"a":1.0}');
  });

  test('without such a text it is JSON.stringify', () => {
    const value = { a: [1, 'x', null], b: undefined };
    expect(stringify(value)).toBe(JSON.stringify(value));
  });

  test('text that looks like a mark is text', () => {
    const forged = 'raw:00000000-0000-0000-0000-000000000000:0';
    const document = `{"description":"\\"${forged}\\"","name":"${forged}"}`;
    const value = { [`"${forged}"`]: forged, document: rawJson(document), again: `"${forged}"` };
    expect(stringify(value)).toBe(
      `{${JSON.stringify(`"${forged}"`)}:"${forged}","document":${document},"again":${JSON.stringify(`"${forged}"`)}}`,
    );
  });

  test('an answer that can not be written leaves nothing behind', () => {
    const text = rawJson('[1.0]');
    expect(() => stringify([text, 1n])).toThrow(TypeError);
    expect(JSON.stringify(text)).toBe('[1]');
    expect(stringify([text])).toBe('[[1.0]]');
  });

  test('any JSON comes out as it went in', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), fc.jsonValue(), (texts, other) => {
        const expected = `[${texts.map((text) => `{"document":${text},"other":${JSON.stringify(other)}}`).join(',')}]`;
        expect(stringify(texts.map((text) => ({ document: rawJson(text), other })))).toBe(expected);
      }),
    );
  });
});

test('other serialisers see the parsed value', () => {
  expect(JSON.stringify({ document: rawJson('{"b":1.0,"a":2}') })).toBe('{"document":{"b":1,"a":2}}');
});
