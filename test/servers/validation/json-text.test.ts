import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Issues } from '../../../src/servers/validation/issues.ts';
import { checkJsonText } from '../../../src/servers/validation/json-text.ts';
import { documentLimits } from '../../../src/servers/validation/limits.ts';
import { validateDocument } from '../../../src/servers/validation/validate.ts';
import { jsonText } from '../../sync/json-arbitrary.ts';
import { aDocument, processorTime } from './documents.ts';
import { heavyTexts, hostileTexts } from './hostile.ts';

describe('a hostile text', () => {
  test.each(Object.entries(hostileTexts))('%s', (_what, { text, path, reference }) => {
    const { valid, document, issues } = validateDocument(text);
    expect({ valid, document }).toEqual({ valid: false, document: null });
    expect(issues.filter(({ type }) => type === 'json')[0]).toMatchObject({
      reference,
      path: path ?? expect.anything(),
    });
  });

  test('says where it breaks', () => {
    const [issue] = validateDocument('{\n  "packages": [\n    { "identifier": "a" "b" }\n  ]\n}').issues;
    expect(issue).toMatchObject({
      path: 'packages[0].identifier',
      message: 'line 3, column 25: a comma or } should stand here, not "\\""',
    });
  });

  test('says all that is wrong with it beside what the schema says', () => {
    const { issues } = validateDocument('{"name":"a","name":"b\\u0000","_meta":{"x":1e400}}');
    const found = issues.map(({ path, reference }) => `${path} ${reference}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'name json-duplicate-key',
        'name json-nul',
        '_meta.x json-number-out-of-range',
        'description #/definitions/ServerDetail/required',
        'name invalid-server-name',
      ]),
    );
  });

  test('takes no more than 100 ms of the processor', () => {
    const hostile = Object.entries(hostileTexts).map(([what, { text }]) => [what, text] as const);
    const times = [...Object.entries(heavyTexts), ...hostile].map(([what, text]) => {
      expect(validateDocument(text).valid, what).toBe(false);
      return { what, ms: processorTime(() => validateDocument(text)) };
    });
    const slowest = times.reduce((a, b) => (b.ms > a.ms ? b : a));
    console.log(`slowest of ${times.length} hostile texts: ${slowest.what}, ${slowest.ms.toFixed(1)} ms`);
    expect(slowest.ms).toBeLessThan(100);
  });
});

test.each([
  ['as deep as may be', `{"_meta":${'['.repeat(documentLimits.depth - 1)}${']'.repeat(documentLimits.depth - 1)}}`],
  ['odd keys', '{"":1," ":2,"constructor":{"prototype":3},"toString":4}'],
  ['pairs of surrogates', '{"🦀":"🦀\\ud83e\\udd80"}'],
  ['numbers at the edge', '[-0,1e308,-1.5E-400,9007199254740993]'],
  ['white space', ' \r\n\t{ "a" : [ ] , "b" : { } }\n'],
])('nothing is wrong with %s', (_what, text) => {
  const issues = new Issues();
  expect([checkJsonText(text, issues), issues.report().issues]).toEqual([true, []]);
});

test('a document as large as may be is read, and one byte more is too much', () => {
  const room = documentLimits.bytes - Buffer.byteLength(JSON.stringify(aDocument({ _meta: { x: '' } })));
  const text = (length: number) => JSON.stringify(aDocument({ _meta: { x: 'x'.repeat(length) } }));
  expect(validateDocument(text(room))).toMatchObject({ valid: true, issues: [] });
  expect(validateDocument(text(room + 1)).issues).toMatchObject([{ reference: 'json-too-large', path: '' }]);
});

const parses = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('a text is JSON exactly where JSON.parse says so', () => {
  const damaged = fc
    .tuple(
      jsonText.value,
      fc.nat(),
      fc.constantFrom('', '"', '\\', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', 'u', ' ', 'x', '\n'),
    )
    .map(([text, at, sign]) => text.slice(0, at % (text.length + 1)) + sign + text.slice((at % (text.length + 1)) + 1));
  let sound = 0;
  fc.assert(
    fc.property(fc.oneof(jsonText.value, damaged), (text) => {
      const issues = new Issues();
      const taken = checkJsonText(text, issues);
      if (taken) sound += 1;
      expect(taken).toBe(parses(text));
    }),
    { numRuns: 5_000, seed: 20_261_126 },
  );
  expect(sound).toBeGreaterThan(1_000);
  expect(sound).toBeLessThan(4_500);
});

test('keys and what is wrong in it are found wherever they stand, as a reader that looks at each key finds them', () => {
  fc.assert(
    fc.property(jsonText.value, (text) => {
      const issues = new Issues();
      checkJsonText(text, issues);
      const references = new Set(issues.report().issues.map(({ reference }) => reference));
      const value: unknown = JSON.parse(text);
      const found = { nul: false, lone: false, infinite: false, proto: false };
      const look = (one: unknown): void => {
        if (typeof one === 'string') {
          found.nul ||= one.includes('\0');
          found.lone ||= !one.isWellFormed();
        }
        if (typeof one === 'number') found.infinite ||= !Number.isFinite(one);
        if (typeof one !== 'object' || one === null) return;
        for (const [key, inner] of Object.entries(one)) {
          if (!Array.isArray(one)) look(key);
          found.proto ||= key === '__proto__';
          look(inner);
        }
      };
      look(value);
      // Of a repeated key the parsed value has the last one only.
      if (references.has('json-duplicate-key')) return;
      expect(references.has('json-nul')).toBe(found.nul);
      expect(references.has('json-lone-surrogate')).toBe(found.lone);
      expect(references.has('json-number-out-of-range')).toBe(found.infinite);
      expect(references.has('json-unsafe-key')).toBe(found.proto);
    }),
    { numRuns: 3_000, seed: 20_261_126 },
  );
});
