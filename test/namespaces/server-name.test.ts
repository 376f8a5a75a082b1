import { describe, expect, test } from 'vitest';
import { nameKey, parseNamespace, parseServerName } from '../../src/namespaces/server-name.ts';
import { CONFUSABLES, randomNames } from './random-names.ts';

const long = (length: number) => `com.example/${'a'.repeat(length - 'com.example/'.length)}`;

describe('a name', () => {
  test('is parsed once, with the keys that it is compared by', () => {
    expect(parseServerName('IO.GitHub.Alice/My_Weather.v2')).toEqual({
      name: 'IO.GitHub.Alice/My_Weather.v2',
      namespace: 'IO.GitHub.Alice',
      slug: 'My_Weather.v2',
      key: 'io.github.alice/my_weather.v2',
      namespaceKey: 'io.github.alice',
    });
  });

  test.each([
    ...['io.github.alice/weather', 'com.example/ab', 'a.b/cd', '0.1/00', 'com.xn--bcher-kva/books', 'A.B/C-D_E.F'],
    ...['a--b.c/d--e', 'a.b/c__d', 'a.b/c..d', long(200), `${'a'.repeat(63)}.b/cd`],
  ])('%s can be one', (name) => expect(parseServerName(name).key).toBe(name.toLowerCase()));

  const slashes = (count: number) => new RegExp(`namespace, one slash and a name, .* has ${count} slashes\\.$`);
  const labels =
    /^Between its dots a namespace has ASCII letters, digits and, not at an end, hyphens: .* something else/;
  const behind =
    /^The part behind the slash is at least two ASCII letters, digits, dots, underscores or hyphens, and begins/;
  test.each([
    ['', /^A server's name has 3 to 200 characters, this one has 0\.$/],
    ['ab', /^A server's name has 3 to 200 characters, this one has 2\.$/],
    [long(201), /^A server's name has 3 to 200 characters, this one has 201\.$/],
    ['weather', slashes(0)],
    ['com.example/a/b', slashes(2)],
    ['/com.example/', slashes(2)],
    ['alice/weather', /^A namespace is a domain turned round, .*: "alice" has no dot\.$/],
    ['/weather', /has no dot\.$/],
    ['com..example/weather', labels],
    ['.com.example/weather', labels],
    ['com.example./weather', labels],
    ['com.-example/weather', labels],
    ['com.example-/weather', labels],
    ['com.ex_ample/weather', labels],
    ['com.ex ample/weather', labels],
    ['com.bücher/weather', labels],
    ['com.eхample/weather', labels],
    [`${'a'.repeat(64)}.b/weather`, labels],
    ['com.example/', behind],
    ['com.example/a', behind],
    ['com.example/-a', behind],
    ['com.example/a.', behind],
    ['com.example/_ab', behind],
    ['com.example/a b', behind],
    ['com.example/ab\n', behind],
    ['com.example/ab\0', behind],
    ['com.example/..', behind],
    ['com.example/weathеr', behind],
    ['com.example/%61b', behind],
    ['com.example／weather', slashes(0)],
  ])('%j is none, and the sentence says why', (name, sentence) => {
    expect(() => parseServerName(name)).toThrow(sentence);
    expect(() => parseServerName(name)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  test('what is refused is shown cut', () => {
    expect(() => parseNamespace(`com.${'ü'.repeat(150)}`)).toThrow(/"ü{100}"/);
    expect(() => parseNamespace('a'.repeat(201))).toThrow('A namespace has at most 200 characters, this one has 201.');
  });
});

describe('the key', () => {
  test('folds ASCII letters and nothing else', () => {
    expect(nameKey('Ab-Z_09./')).toBe('ab-z_09./');
    for (const one of CONFUSABLES) expect(nameKey(one)).toBe(one);
  });
});

test('of 100,000 random names the accepted ones keep the rule, and only case makes two of them one', () => {
  const seed = 20261126;
  const names = new Set(randomNames(120_000, seed));
  const tried = [...names].slice(0, 100_000);
  expect(tried).toHaveLength(100_000);
  const byKey = new Map<string, string>();
  let accepted = 0;
  let folded = 0;
  for (const name of tried) {
    const key = keyOf(name);
    if (key === null) continue;
    accepted += 1;
    if (!RULE.test(name) || key !== keyOf(key) || !RULE_OF_KEYS.test(key)) expect.fail(`accepted: ${name}`);
    const other = byKey.get(key);
    if (other !== undefined && !differsInCaseOnly(name, other)) expect.fail(`${name} and ${other} share ${key}`);
    if (other !== undefined) folded += 1;
    byKey.set(key, name);
  }
  console.log(
    `names: 100000 different, seed ${seed}: ${accepted} accepted, ${folded} of them one with another by case`,
  );
  expect(accepted).toBeGreaterThan(20_000);
  expect(folded).toBeGreaterThan(1_000);
});

const label = '[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const RULE = new RegExp(`^(?=.{3,200}$)${label}(\\.${label})+/[a-zA-Z0-9][a-zA-Z0-9._-]*[a-zA-Z0-9]$`);
const RULE_OF_KEYS = /^[a-z0-9.-]+\/[a-z0-9._-]+$/;

function keyOf(name: string): string | null {
  try {
    return parseServerName(name).key;
  } catch {
    return null;
  }
}

const isLetter = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** Letter by letter, without any of the functions that are tested. */
function differsInCaseOnly(a: string, b: string): boolean {
  const pairs = Array.from(a, (one, i) => [one.charCodeAt(0), b.charCodeAt(i)] as const);
  return a.length === b.length && pairs.every(([x, y]) => x === y || (isLetter(x) && (x ^ y) === 32));
}
