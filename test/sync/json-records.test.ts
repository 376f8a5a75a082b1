import { describe, expect, test } from 'vitest';
import type { Found } from '../../src/sync/batch.ts';
import { createRecordReader } from '../../src/sync/json-records.ts';

/** What is found in this input when it comes in chunks of so many bytes. */
function read(input: string | Uint8Array, chunkBytes = 7): Found[] {
  const bytes = Buffer.from(input as string);
  const reader = createRecordReader();
  const found: Found[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) found.push(...reader.push(bytes.subarray(at, at + chunkBytes)));
  return [...found, ...reader.end()];
}

/** As `read`, a line for each: "line 1: text" or "line 1! reason". */
function brief(input: string | Uint8Array, chunkBytes?: number): string[] {
  return read(input, chunkBytes).map((one) => ('text' in one ? `${one.at}: ${one.text}` : `${one.at}! ${one.reason}`));
}

describe('shapes of input', () => {
  test('JSON lines, with a byte order mark, CRLF and blank lines', () => {
    expect(brief('\uFEFF{"a":1}\r\n\r\n  \n{"b":"ü"}')).toEqual(['line 1: {"a":1}', 'line 4: {"b":"ü"}']);
  });

  test('an array, on one line or on many', () => {
    expect(brief('[{"a":1},{"b":[2]}]')).toEqual(['line 1, record 1: {"a":1}', 'line 1, record 2: {"b":[2]}']);
    expect(brief('[\n  {\n    "a": 1\n  },\n  {"b": 2}\n]\n')).toEqual([
      'line 2, record 1: {\n    "a": 1\n  }',
      'line 5, record 2: {"b": 2}',
    ]);
  });

  test('one document over many lines, or several', () => {
    expect(brief('{\n  "name": "a/b",\n  "packages": [\n    {}\n  ]\n}\n{\n  "c": 1\n}')).toEqual([
      'line 1: {\n  "name": "a/b",\n  "packages": [\n    {}\n  ]\n}',
      'line 7: {\n  "c": 1\n}',
    ]);
  });

  test('a saved page of a registry, or one a line', () => {
    expect(brief('{"servers":[{"a":1},{"b":2}],"metadata":{"nextCursor":"]"}}\n{ "servers" : []}\n{"c":3}')).toEqual([
      'line 1, record 1: {"a":1}',
      'line 1, record 2: {"b":2}',
      'line 3: {"c":3}',
    ]);
    expect(brief('{\n "servers": [\n  {"a":1}\n ]\n}')).toEqual(['line 3, record 1: {"a":1}']);
  });

  test('nothing at all', () => {
    expect([brief(''), brief(' \n\n'), brief('[]'), brief('\uFEFF')]).toEqual([[], [], [], []]);
  });

  test('a record is cut out byte for byte', () => {
    const odd = '{ "2":1.0,"1":1,"1":2, "\\u0061":"\\ud83e\\udd80 🦀\\/" ,"e":1E+2 }';
    expect(brief(`[ ${odd} ]`, 1)).toEqual([`line 1, record 1: ${odd}`]);
    expect(brief(`${odd}\n`, 1)).toEqual([`line 1: ${odd}`]);
  });
});

describe('what is no record', () => {
  test.each([
    ['42\n{"a":1}', ['line 1! It is not a JSON object.', 'line 2: {"a":1}']],
    ['{"a":1}\ngarbage {"b":2}\n{"c":3}', ['line 1: {"a":1}', 'line 2! It is not a JSON object.', 'line 3: {"c":3}']],
    [
      '[1,"a]",[{}],{"a":1},nul]',
      [
        ...[1, 2, 3].map((i) => `line 1, record ${i}! It is not a JSON object.`),
        'line 1, record 4: {"a":1}',
        'line 1, record 5! It is not a JSON object.',
      ],
    ],
  ])('%j', (input, found) => expect(brief(input)).toEqual(found));

  test('what is not UTF-8', () => {
    const input = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n{"b":1}')]);
    expect(brief(input)).toEqual(['line 1! It is not UTF-8 text.', 'line 2: {"b":1}']);
  });

  test('a record of exactly a mebibyte passes, one byte more does not, and reading goes on', () => {
    const longest = `{"a":"${'x'.repeat(1024 * 1024 - 8)}"}`;
    for (const chunkBytes of [64 * 1024, 3 * 1024 * 1024]) {
      const found = read(`${longest}\n${longest.replace('x', 'xx')}\n{"b":1}`, chunkBytes);
      expect(found).toEqual([
        { at: 'line 1', text: longest },
        { at: 'line 2', reason: 'The record is longer than 1 MiB.' },
        { at: 'line 3', text: '{"b":1}' },
      ]);
    }
  });

  test('brackets that never end are passed over', () => {
    const found = brief(`{"a":${'['.repeat(100_000)}\n{"b":1}`, 64 * 1024);
    expect(found).toEqual(['line 1! It is broken JSON.', 'line 2: {"b":1}']);
  });
});

describe('a broken record costs only itself', () => {
  const good = ['{"n":1}', '{"n":2}', '{"n":4}', '{"n":5}'];
  const broken = [
    '{"a":"x',
    '{"a":"x\\',
    '{"a":',
    '{"a":[1,',
    '{"a":[',
    '{',
    '{"a":{"b":1},',
    '{"a":1]',
    '{"a":"b"c"}',
    '}',
    ']x',
    '{"a":{"b":"c"}',
  ];

  test.each(broken)('among JSON lines: %s', (line) => {
    const found = brief([good[0], good[1], line, good[2], good[3]].join('\n'));
    expect(found.filter((one) => one.includes('!')).length).toBeGreaterThan(0);
    expect(found.filter((one) => !one.includes('!') && one.includes('"n"'))).toEqual([
      ...['line 1: {"n":1}', 'line 2: {"n":2}', 'line 4: {"n":4}', 'line 5: {"n":5}'],
    ]);
  });

  test.each(broken.filter((line) => !line.startsWith(']')))('in an array of one record a line: %s', (line) => {
    const found = brief(`[\n  ${[good[0], good[0], good[1], line, good[2], good[3]].join(',\n  ')}\n]`);
    expect(found.filter((one) => one.includes('!')).length).toBeGreaterThan(0);
    expect(found.filter((one) => !one.includes('!') && one.includes('"n"')).map((one) => one.slice(-7))).toEqual([
      good[0],
      ...good,
    ]);
  });

  test('among documents over many lines', () => {
    const found = brief('{\n  "a": 1\n}\n{\n  "b": {"c\n}\n{\n  "d": 1\n}\n');
    expect(found).toEqual(['line 1: {\n  "a": 1\n}', 'line 4! It is broken JSON.', 'line 7: {\n  "d": 1\n}']);
  });

  test('a newline or tab inside a string of a one-line array is left to JSON.parse', () => {
    expect(brief('[{"a":"x\ty\nz"},{"b":1}]')).toEqual([
      'line 1, record 1: {"a":"x\ty\nz"}',
      'line 2, record 2: {"b":1}',
    ]);
  });
});

describe('input that ends too early', () => {
  test.each([
    ['[{"a":1},{"b":', ['line 1, record 1: {"a":1}', 'line 1, record 2! The input ends inside this record.']],
    ['[\n{"a":1},\n', ['line 2, record 1: {"a":1}', 'line 3! The input ends before its list of records is closed.']],
    ['{"a":1}\n{"b":"', ['line 1: {"a":1}', 'line 2! The input ends inside this record.']],
    ['{\n  "name": "a/b",\n', ['line 1! The input ends inside this record.']],
  ])('%j', (input, found) => expect(brief(input)).toEqual(found));
});
