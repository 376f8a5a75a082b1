import { describe, expect, test } from 'vitest';
import { earlierOf, laterOf, minutesBefore, toTimestamp } from '../../src/sync/timestamp.ts';

describe('toTimestamp', () => {
  test.each([
    ['2025-09-09T00:16:49.16262Z', '2025-09-09T00:16:49.16262Z'],
    ['2025-09-09T00:16:49Z', '2025-09-09T00:16:49Z'],
    ['2025-09-09T00:16:49.100000Z', '2025-09-09T00:16:49.1Z'],
    ['2025-09-09T00:16:49.000Z', '2025-09-09T00:16:49Z'],
    ['2025-09-09T00:16:49.123456789Z', '2025-09-09T00:16:49.123456Z'],
    ['2025-09-09t00:16:49.5z', '2025-09-09T00:16:49.5Z'],
    ['2025-09-09 00:16:49.5+00:00', '2025-09-09T00:16:49.5Z'],
    ['2025-09-09T00:16:49.123456+05:30', '2025-09-08T18:46:49.123456Z'],
    ['2025-12-31T23:30:00-01:00', '2026-01-01T00:30:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ])('%s is %s', (text, time) => expect(toTimestamp(text)).toBe(time));

  test.each([
    ...['', 'now', '2025-09-09', '2025-09-09T00:16:49', '2025-02-30T00:00:00Z', '2025-02-29T00:00:00Z'],
    ...['2025-13-01T00:00:00Z', '2025-09-09T24:00:00Z', '2025-09-09T00:60:00Z', '2025-09-09T23:59:60Z'],
    ...['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59', '+12025-09-09T00:00:00Z'],
    ...['2025-09-09T00:00:00+99:00', ' 2025-09-09T00:00:00Z', '2025-09-09T00:00:00.Z', 1757376000, null, undefined, {}],
  ])('%s is none', (value) => expect(toTimestamp(value)).toBeNull());
});

test('times are compared to the microsecond', () => {
  const [early, late] = ['2025-09-09T00:16:49.16262Z', '2025-09-09T00:16:49.162625Z'];
  expect([laterOf(early, late), laterOf(late, early)]).toEqual([late, late]);
  expect([earlierOf(early, late), earlierOf(late, early)]).toEqual([early, early]);
  expect(laterOf('2025-09-09T00:16:49Z', early)).toBe(early);
  expect([laterOf(null, early), laterOf(early, null), laterOf(null, null)]).toEqual([early, early, null]);
  expect(earlierOf(early, null)).toBe(early);
});

test('minutesBefore keeps the fraction', () => {
  expect(minutesBefore('2026-01-01T00:02:00.123456Z', 5)).toBe('2025-12-31T23:57:00.123456Z');
});
