import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, precedenceOf, type Ordered } from '../../src/servers/precedence.ts';
import { compareSemver, parseSemver } from './semver.ts';

const EARLY = '2025-09-01T00:00:00Z';
const LATE = '2025-10-01T00:00:00Z';

const at = (version: string, publishedAt = EARLY): Ordered => ({ version, publishedAt });
const order = (a: Ordered, b: Ordered) => Math.sign(compareVersions(a, b));

/** Versions in ascending order, each told apart from the next. */
function expectAscending(versions: string[]): void {
  versions.forEach((left, i) =>
    versions.forEach((right, j) => {
      expect([left, right, order(at(left), at(right))]).toEqual([left, right, Math.sign(i - j)]);
    }),
  );
}

describe('semantic versions', () => {
  test("stand in the order of semver.org's own examples", () => {
    expectAscending([
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '2.0.0',
      '2.1.0',
      '2.1.1',
    ]);
  });

  test('compare numbers as numbers, of any length', () => {
    const huge = '9'.repeat(80);
    expectAscending([
      '1.2.9',
      '1.2.10',
      '1.10.0',
      '9.0.0',
      '10.0.0',
      '9007199254740992.0.0',
      '9007199254740993.0.0',
      `${huge}.0.0`,
    ]);
    expectAscending([
      `1.0.0-${huge}`,
      `1.0.0-1${'0'.repeat(80)}`,
      '1.0.0--1',
      '1.0.0-A',
      '1.0.0-a',
      '1.0.0-a-',
      '1.0.0-aa',
    ]);
  });

  test('may have a leading v', () => {
    expect(precedenceOf('v1.2.3')).toBe(precedenceOf('1.2.3'));
    expect(precedenceOf('V1.2.3')).toBe('');
  });

  test('are of equal precedence when only build metadata differs: the later publication is greater', () => {
    expect(order(at('1.0.0+a', LATE), at('1.0.0+b', EARLY))).toBe(1);
    expect(order(at('1.0.0+b', EARLY), at('1.0.0', EARLY))).toBe(0);
    expect(order(at('v1.0.0', EARLY), at('1.0.0', LATE))).toBe(-1);
  });

  test.each([
    '1.0',
    '1',
    '1.0.0.0',
    '01.0.0',
    '1.0.0-01',
    '1.0.0-',
    '1.0.0+',
    '1.0.0+a..b',
    '1.0.0-a..b',
    '1.0.0-ä',
    ' 1.0.0',
  ])('%j is none', (version) => expect(precedenceOf(version)).toBe(''));

  test.each([
    'latest',
    '2025-12-11',
    '2025.12.11.1',
    '^1.2.3',
    '~1.2',
    '>=1.0.0',
    '1.x',
    '{{VERSION}}',
    'auto',
    '0.7.10.dev1',
  ])('%j is none either', (version) => expect(precedenceOf(version)).toBe(''));

  test('a date with dots is one, whoever meant it so', () => {
    expect(precedenceOf('2025.12.11')).not.toBe('');
    expect(precedenceOf('2025.01.01')).toBe('');
  });
});

describe('all other versions', () => {
  test('come before every semantic version', () => {
    expect(order(at('latest', LATE), at('0.0.0-0', EARLY))).toBe(-1);
  });

  test('stand in the order of their publication, to the microsecond', () => {
    expect(order(at('b', EARLY), at('a', LATE))).toBe(-1);
    expect(order(at('b', '2025-09-01T00:00:00.000001Z'), at('a', '2025-09-01T00:00:00.000002Z'))).toBe(-1);
    expect(order(at('b', '2025-09-01T00:00:00Z'), at('a', '2025-09-01T00:00:00.1Z'))).toBe(-1);
    expect(order(at('b', '2025-09-01T00:00:00.1Z'), at('a', '2025-09-01T00:00:00.100Z'))).toBe(0);
  });
});

const digits = fc.oneof(fc.nat({ max: 20 }).map(String), fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String));
const identifier = fc.oneof(digits, fc.stringMatching(/^[0-9A-Za-z-]{1,4}$/));
const identifiers = fc.array(identifier, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const semantic = fc
  .tuple(fc.constantFrom('', 'v'), digits, digits, digits, fc.option(identifiers), fc.option(identifiers))
  .map(
    ([v, major, minor, patch, pre, build]) =>
      `${v}${major}.${minor}.${patch}${pre ? `-${pre}` : ''}${build ? `+${build}` : ''}`,
  );
const anyVersion: fc.Arbitrary<Ordered> = fc.record({
  version: fc.oneof(
    { weight: 4, arbitrary: semantic },
    fc.constantFrom('latest', '1.0', '2025-12-11', '^1.2.3'),
    fc.string(),
  ),
  publishedAt: fc.constantFrom(EARLY, LATE, '2025-09-01T00:00:00.5Z'),
});

describe('the order is total', () => {
  test('antisymmetric and reflexive', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, (a, b) => {
        expect(order(a, b) + order(b, a)).toBe(0);
        expect(order(a, a)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('transitive', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        const [low, middle, high] = [a, b, c].sort(compareVersions) as [Ordered, Ordered, Ordered];
        expect(order(low, middle)).not.toBe(1);
        expect(order(middle, high)).not.toBe(1);
        expect(order(low, high)).not.toBe(1);
        if (order(low, middle) === 0 && order(middle, high) === 0) expect(order(low, high)).toBe(0);
      }),
      { numRuns: 3_000 },
    );
  });

  test("agrees with semver.org's rules, applied number by number and word by word", () => {
    fc.assert(
      fc.property(semantic, semantic, (a, b) => {
        const [left, right] = [parseSemver(a), parseSemver(b)];
        expect([a, precedenceOf(a) !== '']).toEqual([a, left !== null]);
        if (left && right) expect([a, b, order(at(a), at(b))]).toEqual([a, b, compareSemver(left, right)]);
      }),
      { numRuns: 3_000 },
    );
  });
});
