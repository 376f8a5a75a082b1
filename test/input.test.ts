import { describe, expect, test } from 'vitest';
import { RegistryError } from '../src/errors.ts';
import { checkText, isTime } from '../src/input.ts';

describe('a time', () => {
  test.each([
    '2025-09-09T00:16:49Z',
    '2025-09-09T00:16:49.16262Z',
    '2025-09-09t00:16:49z',
    '2025-09-09T00:16:49+02:00',
    '2025-09-09T00:16:49-11:30',
    '2024-02-29T23:59:59.999999999Z',
    '2016-12-31T23:59:60Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('%s is one', (value) => expect(isTime(value)).toBe(true));

  test.each([
    '',
    'yesterday',
    '2025-09-09',
    '2025-09-09T00:16Z',
    '2025-09-09T00:16:49',
    '2025-09-09 00:16:49Z',
    '2025-13-01T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2025-02-31T00:00:00Z',
    '2025-09-09T24:00:00Z',
    '2025-09-09T00:60:00Z',
    '2025-09-09T00:00:61Z',
    '0000-01-01T00:00:00Z',
    '2025-09-09T00:16:49.Z',
    '2025-09-09T00:16:49+24:00',
    '+02025-09-09T00:16:49Z',
    '2025-09-09T00:16:49Z\n',
    '２０２５-09-09T00:16:49Z',
  ])('%j is none', (value) => expect(isTime(value)).toBe(false));

  test('that the database would not take is none', () => {
    expect(isTime('2025-09-09T00:16:49+16:00')).toBe(false);
    expect(isTime(`2025-09-09T00:16:49.${'0'.repeat(200)}Z`)).toBe(false);
  });
});

describe('text', () => {
  test('comes back as it is', () => {
    expect(checkText('io.github.alice/wetter-für-日本', 'A name')).toBe('io.github.alice/wetter-für-日本');
  });

  test.each([
    ['x'.repeat(256), 'A name is too long: at most 255 characters, not 256.'],
    ['a\0b', 'A name must not contain NUL characters.'],
    ['a\udc00', 'A name is not well-formed Unicode: it holds half of a surrogate pair.'],
  ])('that no record can hold is refused', (value, sentence) => {
    expect(() => checkText(value, 'A name')).toThrow(new RegistryError('BAD_USER_INPUT', sentence));
  });
});
