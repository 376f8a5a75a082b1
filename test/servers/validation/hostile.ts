import { documentLimits } from '../../../src/servers/validation/limits.ts';

/** A text that no honest publisher sends, and what must be said of it; `null`: it is no JSON object at all. */
export interface Hostile {
  text: string;
  path: string | null;
  reference: string;
}

const key = '"_meta":{"x":[1,{"a b":';
const inside = (value: string) => `{${key}${value}}]}}`;
const place = '_meta.x[1]["a b"]';
const nested = (depth: number, end = '') => `${'{"a":['.repeat(depth / 2)}${end}${']}'.repeat(depth / 2)}`;

/** By what is wrong with them. */
export const hostileTexts: Record<string, Hostile> = {
  'a repeated key': { text: inside('{"k":1,"k":2}'), path: `${place}.k`, reference: 'json-duplicate-key' },
  'a repeated key, escaped': { text: '{"name":"a","n\\u0061me":"b"}', path: 'name', reference: 'json-duplicate-key' },
  'a repeated empty key': { text: '{"a":{"":1,"":2}}', path: 'a[""]', reference: 'json-duplicate-key' },
  __proto__: { text: inside('{"__proto__":{"admin":1}}'), path: `${place}.__proto__`, reference: 'json-unsafe-key' },
  '__proto__, escaped': { text: '{"__pr\\u006fto__":1}', path: '__proto__', reference: 'json-unsafe-key' },
  'a NUL character': { text: inside('"a\\u0000"'), path: place, reference: 'json-nul' },
  'a NUL character in a key': { text: '{"a\\u0000":1}', path: '["a\\u0000"]', reference: 'json-nul' },
  'half a surrogate pair': { text: inside('"\\ud800x"'), path: place, reference: 'json-lone-surrogate' },
  'the other half': { text: inside('"\\udc00\\ud800"'), path: place, reference: 'json-lone-surrogate' },
  'a pair with a gap': { text: inside('"\\ud83e\\n\\udd80"'), path: place, reference: 'json-lone-surrogate' },
  1e400: { text: inside('1e400'), path: place, reference: 'json-number-out-of-range' },
  '-1e400': { text: '{"a":[0,-1E+400]}', path: 'a[1]', reference: 'json-number-out-of-range' },
  '64 levels': { text: nested(64), path: 'a[0].'.repeat(16).slice(0, -1), reference: 'json-too-deep' },
  'a hundred thousand values': {
    text: `{"icons":[${'1,'.repeat(99_999)}1]}`,
    path: `icons[${documentLimits.values - 2}]`,
    reference: 'json-too-many-values',
  },
  '1 MB of text': { text: `{"a":"${'x'.repeat(1_000_000)}"}`, path: '', reference: 'json-too-large' },
  '1 MB of [': { text: '['.repeat(1_000_000), path: '', reference: 'json-too-large' },
  '200 KB of [': { text: '['.repeat(200_000), path: '[0]'.repeat(32), reference: 'json-too-deep' },
  'a byte order mark': { text: '\ufeff{}', path: null, reference: 'json-syntax' },
  nothing: { text: '', path: null, reference: 'json-syntax' },
  'something behind it': { text: '{} {}', path: null, reference: 'json-syntax' },
  'an open object': { text: '{"a":1', path: null, reference: 'json-syntax' },
  'a comma too many': { text: '{"a":[1,]}', path: null, reference: 'json-syntax' },
  'a wrong bracket': { text: '{"a":[1}', path: null, reference: 'json-syntax' },
  'a comment': { text: '{/* a */}', path: null, reference: 'json-syntax' },
  NaN: { text: '{"a":NaN}', path: null, reference: 'json-syntax' },
  'a control character': { text: '{"a":"\u0001"}', path: null, reference: 'json-syntax' },
  'a leading zero': { text: '{"a":01}', path: null, reference: 'json-syntax' },
  'single quotes': { text: "{'a':1}", path: null, reference: 'json-syntax' },
  'a list': { text: '[{}]', path: null, reference: 'json-not-an-object' },
  null: { text: 'null', path: null, reference: 'json-not-an-object' },
  text: { text: '"{}"', path: null, reference: 'json-not-an-object' },
};

const wrong = (count: number) => `[${Array(count).fill('1').join(',')}]`;
const object = (members: [string, string][]) => `{${members.map(([k, v]) => `"${k}":${v}`).join(',')}}`;

/** Texts that keep a careless validator busy. */
export const heavyTexts: Record<string, string> = {
  'wrong icons': object([['icons', wrong(9_900)]]),
  'wrong choices': object([
    [
      'packages',
      `[${Array(30)
        .fill(object([['environmentVariables', `[${object([['choices', wrong(320)]])}]`]]))
        .join(',')}]`,
    ],
  ]),
  'unknown keys': object(Array.from({ length: 9_900 }, (_, i) => [`key${i}`, '1'])),
  'repeated keys': object(Array.from({ length: 9_900 }, () => ['key', '1'])),
  'numbers too large': object([['a', `[${Array(9_900).fill('1e400').join(',')}]`]]),
  escapes: object([['a', `"${'\\u0000'.repeat(43_000)}"`]]),
  'braces in an address': object([['remotes', `[{"type":"sse","url":"https://${'{'.repeat(200_000)}"}]`]]),
  'a long version': object([['version', `"${'1 '.repeat(100_000)}"`]]),
  'a long name': object([['name', `"${'a-'.repeat(60_000)}/${'b-'.repeat(60_000)}"`]]),
  'a long address': object([['websiteUrl', `"https:${'%41'.repeat(70_000)}"`]]),
  'a long authority': object([['websiteUrl', `"https://${'a@:'.repeat(70_000)}"`]]),
  'many variables': object([
    [
      'remotes',
      `[${object([
        ['type', '"sse"'],
        ['url', `"https://${'{a}'.repeat(680)}/"`],
        ['variables', object(Array.from({ length: 9_000 }, (_, i) => [`v${i}`, '{}']))],
      ])}]`,
    ],
  ]),
};
