import fc from 'fast-check';

const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r\n'), maxLength: 3 });
const number = fc.oneof(
  fc.constantFrom('0', '-0', '1.0', '1e400', '-1.50E-3', '9007199254740993', '0.10'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
);
const string = fc.oneof(
  fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
  fc.constantFrom('"\\u0073erver"', '"\\ud800"', '"\\u0000"', '"\\\\"', '"\\\\\\""', '"]}"', '"{["', '"a\\/b"', '"🦀"'),
);
/** Not a lone backslash: once V8 has met that key it takes others that begin with an escape for it (nodejs/node#63785). */
const key = fc
  .oneof(string, fc.constantFrom('"server"', '"2"', '"1"', '"__proto__"', '"servers"', '"name"'))
  .filter((text) => JSON.parse(text) !== '\\');

/** JSON texts as no serialiser would write them: odd white space, escapes, repeated keys, numbers with a history. */
export const jsonText = fc.letrec<Record<'value' | 'object' | 'array', string>>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('true', 'false', 'null'),
    number,
    string,
    tie('object'),
    tie('array'),
  ),
  object: fc
    .array(fc.tuple(space, key, space, space, tie('value'), space), { maxLength: 4 })
    .map((members) => `{${members.map(([a, k, b, c, v, d]) => `${a}${k}${b}:${c}${v}${d}`).join(',')}}`),
  array: fc
    .array(fc.tuple(space, tie('value'), space), { maxLength: 4 })
    .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
}));
