import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '../../cli/json-text.ts';

const accepts = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('takes what JSON.parse takes, and nothing else', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (text, at, more) => {
      const changed = text.slice(0, at % (text.length + 1)) + more + text.slice((at % (text.length + 1)) + 1);
      for (const one of [text, changed]) {
        const read = readJson(one);
        expect([one, 'value' in read]).toEqual([one, accepts(one)]);
        if ('value' in read) expect(read.value).toEqual(JSON.parse(one));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('knows where everything stands', () => {
  const read = readJson('{\n  "a": [1,\n    {"b.c": true}],\n  "d": null\n}\n');
  expect('places' in read && Object.fromEntries(read.places)).toEqual({
    '': { line: 1, column: 1 },
    a: { line: 2, column: 8 },
    'a[0]': { line: 2, column: 9 },
    'a[1]': { line: 3, column: 5 },
    'a[1].b.c': { line: 3, column: 13 },
    d: { line: 4, column: 8 },
  });
});

test('takes no longer than its text is long', () => {
  const start = performance.now();
  const long = JSON.stringify(Array.from({ length: 30_000 }, (_, i) => ({ [`k${i}`]: 'v' })));
  expect('value' in readJson(long)).toBe(true);
  expect('wrong' in readJson(`"${'\\'.repeat(1_000_001)}`)).toBe(true);
  expect(performance.now() - start).toBeLessThan(5_000);
});
