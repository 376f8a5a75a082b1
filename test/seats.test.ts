import { expect, test } from 'vitest';
import type { RegistryError } from '../src/errors.ts';
import { createSeats } from '../src/seats.ts';

const codeOf = (take: () => unknown) => {
  try {
    take();
  } catch (error) {
    return (error as RegistryError).code;
  }
  return null;
};

test('one address takes only so many, and each that is freed makes room for one, however often it is', () => {
  const seats = createSeats({ total: 10, each: 2 });
  const [free] = [seats.take('a'), seats.take('a')];
  expect(codeOf(() => seats.take('a'))).toBe('RATE_LIMITED');
  seats.take('b');
  free!();
  free!();
  expect(seats.taken()).toBe(2);
  seats.take('a');
  expect(codeOf(() => seats.take('a'))).toBe('RATE_LIMITED');
});

test('all together take only so many', () => {
  const seats = createSeats({ total: 3, each: Infinity });
  const free = [seats.take('a'), seats.take('a'), seats.take('b')];
  expect(codeOf(() => seats.take('c'))).toBe('UNAVAILABLE');
  for (const one of free) one();
  expect(seats.taken()).toBe(0);
  expect(codeOf(() => seats.take('c'))).toBeNull();
});
