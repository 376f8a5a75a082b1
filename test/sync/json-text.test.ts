import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { depthOf, elementTexts, memberText } from '../../src/sync/json-text.ts';
import { jsonText } from './json-arbitrary.ts';

describe('memberText', () => {
  test.each([
    ['{"server":{"b":1,"a":1.0}}', '{"b":1,"a":1.0}'],
    ['  { "_meta" : {"server":1} , "server" : [ 1 , 2 ] } ', '[ 1 , 2 ]'],
    ['{"server":1,"server":"two, }"}', '"two, }"'],
    ['{"\\u0073erver":"escaped key"}', '"escaped key"'],
    ['{"a":"\\\\","server":-1.50e3}', '-1.50e3'],
    ['{"a":"\\"server\\":2","server":true\n}', 'true'],
    ['{"servers":1}', null],
    ['{}', null],
  ])('of %s is %s', (text, member) => expect(memberText(text, 'server')).toBe(member));
});

describe('elementTexts', () => {
  test.each([
    ['[]', []],
    [' [ ] ', []],
    ['[1.0, "a,b" ,[2,3],{"c":"]"} , null ]', ['1.0', '"a,b"', '[2,3]', '{"c":"]"}', 'null']],
  ])('of %s are %j', (text, elements) => expect(elementTexts(text)).toEqual(elements));
});

describe('depthOf', () => {
  test.each([
    ['1', 0],
    ['"[[["', 0],
    ['[]', 1],
    ['{"a":[{}],"b":[]}', 3],
  ])('%s is %i', (text, depth) => expect(depthOf(text)).toBe(depth));
});

describe('whatever the text', () => {
  test('a member that is cut out is what JSON.parse sees, and stands so in the text', () => {
    fc.assert(
      fc.property(jsonText.object, (text) => {
        const parsed = JSON.parse(text) as object;
        for (const [key, value] of Object.entries(parsed)) {
          const member = memberText(text, key) as string;
          expect(JSON.parse(member)).toEqual(value);
          expect(text).toContain(member);
        }
        expect(memberText(text, 'no such key')).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  test('elements that are cut out are what JSON.parse sees, in their order', () => {
    fc.assert(
      fc.property(jsonText.array, (text) => {
        const elements = elementTexts(text);
        expect(elements.map((element) => JSON.parse(element) as unknown)).toEqual(JSON.parse(text));
        let from = 0;
        for (const element of elements) {
          const at = text.indexOf(element, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + element.length;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
