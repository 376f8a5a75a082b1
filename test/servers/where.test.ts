import { describe, expect, test } from 'vitest';
import { anywhere, beyond, createWhere, orderBy } from '../../src/servers/where.ts';

describe('conditions', () => {
  test('none make no clause', () => {
    expect(createWhere().clause(null)).toBe('');
  });

  test('all must hold; values keep the order of their places', () => {
    const where = createWhere();
    where.and(`a = ${where.value('x')}`);
    where.and(`b < ${where.value(2)}`);
    expect(where.clause('c', null)).toBe('WHERE a = $1 AND b < $2 AND c');
    expect(where.clause()).toBe('WHERE a = $1 AND b < $2');
    expect(where.values).toEqual(['x', 2]);
  });
});

test.each([
  ['post', '%post%'],
  ['100%', String.raw`%100\%%`],
  ['a_b', String.raw`%a\_b%`],
  ['\\', String.raw`%\\%`],
  [`it's`, `%it's%`],
])('the LIKE pattern that finds %j anywhere is %j', (text, pattern) => {
  expect(anywhere(text)).toBe(pattern);
});

describe('an order', () => {
  const up = { columns: ['a', 'b'], descending: false };
  const down = { columns: ['a', 'b'], descending: true };

  test('is turned round to read from the end', () => {
    expect(orderBy(up, false)).toBe('ORDER BY a ASC, b ASC');
    expect(orderBy(up, true)).toBe('ORDER BY a DESC, b DESC');
    expect(orderBy(down, true)).toBe('ORDER BY a ASC, b ASC');
  });

  test('says what lies behind and ahead of a row', () => {
    expect(beyond(up, ['$1', '$2'], 'after')).toBe('(a, b) > ($1, $2)');
    expect(beyond(up, ['$1', '$2'], 'before')).toBe('(a, b) < ($1, $2)');
    expect(beyond(down, ['$1', '$2'], 'after')).toBe('(a, b) < ($1, $2)');
    expect(beyond(down, ['$1', '$2'], 'before')).toBe('(a, b) > ($1, $2)');
  });
});
