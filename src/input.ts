import { RegistryError } from './errors.ts';

/** Longest name and version that the registry holds, in characters (the official registry's columns). */
export const MAX_NAME = 255;

/** Refuses text that no record can hold: too long, NUL characters, halves of surrogate pairs. */
export function checkText(value: string, what: string, maxLength = MAX_NAME): string {
  if (value.length > maxLength) {
    throw new RegistryError(
      'BAD_USER_INPUT',
      `${what} is too long: at most ${maxLength} characters, not ${value.length}.`,
    );
  }
  if (value.includes('\0')) throw new RegistryError('BAD_USER_INPUT', `${what} must not contain NUL characters.`);
  if (!value.isWellFormed()) {
    throw new RegistryError('BAD_USER_INPUT', `${what} is not well-formed Unicode: it holds half of a surrogate pair.`);
  }
  return value;
}

const time =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))[Tt]((?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,20})?)([Zz]|[+-](?:0\d|1[0-5]):[0-5]\d)$/;

/** True for an RFC 3339 time of a day that exists, as far as PostgreSQL takes it: offsets under 16 hours, 20 decimals. */
export function isTime(value: string): boolean {
  const [, day] = time.exec(value) ?? [];
  if (!day) return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(day) && !day.startsWith('0000');
}
