import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Found } from '../../src/sync/batch.ts';
import { createRecordReader } from '../../src/sync/json-records.ts';
import { jsonText } from './json-arbitrary.ts';

/** Reads the bytes in chunks of the given sizes, over and over. */
function read(bytes: Uint8Array, sizes: number[]): Found[] {
  const reader = createRecordReader();
  const found: Found[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    found.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...found, ...reader.end()];
}

const textsOf = (found: Found[]) => found.flatMap((one) => ('text' in one ? [one.text] : []));
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

/** A page is no record but holds them. */
const record = jsonText.object.filter((text) => !/^\{\s*"servers"\s*:\s*\[/.test(text));
const flat = record.map((text) => text.replace(/[\r\n]/g, ' '));

/** Three on lines of their own would say that all are, so there are no more than three. */
const fewValues = fc.array(fc.oneof(jsonText.value, record), { maxLength: 3 });
const manyLines = fc.array(fc.oneof(flat, fc.constantFrom('1', '"]"', '[{}]', 'null')), { maxLength: 12 });

test.each([
  ['over many lines', fewValues],
  ['one a line', manyLines],
])('in an array, %s, every element that is an object is found, byte for byte', (_, elements) => {
  fc.assert(
    fc.property(elements, sizes, fc.constantFrom(',', ' ,\n', ',\r\n  '), (values, chunks, comma) => {
      const input = `[${comma.slice(1)}${values.join(comma)}]`;
      expect(textsOf(read(Buffer.from(input), chunks))).toEqual(values.filter((text) => text.startsWith('{')));
    }),
    { numRuns: 500 },
  );
});

test('one a line, every record is found, byte for byte', () => {
  fc.assert(
    fc.property(fc.array(flat), sizes, fc.constantFrom('\n', '\r\n', '\n\n'), (records, chunks, newline) => {
      expect(textsOf(read(Buffer.from(records.join(newline)), chunks))).toEqual(records);
    }),
    { numRuns: 500 },
  );
});

test('a document over many lines is found, byte for byte', () => {
  fc.assert(
    fc.property(record, sizes, (text, chunks) => {
      expect(textsOf(read(Buffer.from(`\n ${text}\n`), chunks))).toEqual([text]);
    }),
    { numRuns: 500 },
  );
});

test('a line that is cut anywhere costs only itself', () => {
  const whole = fc.array(flat, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(whole, flat, fc.nat(), sizes, (records, victim, cut, chunks) => {
      const [first = '', ...others] = records;
      const broken = victim.slice(0, 1 + (cut % (victim.length - 1)));
      const input = Buffer.from([first, broken, ...others].join('\n'));
      expect(textsOf(read(input, chunks))).toEqual(records);
    }),
    { numRuns: 500 },
  );
});

test('any bytes are read to their end, the same however they are cut', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\\n\r a1é'), maxLength: 200 }).map((text) => Buffer.from(text)),
    fc.tuple(flat, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([text, at, byte]) => {
      const bytes = Buffer.from(`${text}\n${text}\n`);
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(noise, sizes, (bytes, chunks) => {
      const found = read(bytes, chunks);
      expect(found).toEqual(read(bytes, [bytes.length + 1]));
      const input = Buffer.from(bytes);
      for (const text of textsOf(found)) expect(input.includes(text)).toBe(true);
    }),
    { numRuns: 1_500 },
  );
});
