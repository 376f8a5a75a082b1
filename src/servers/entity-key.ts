import { RegistryError } from '../errors.ts';

/** A key field of a router's representation; throws BAD_USER_INPUT where it is anything but text. */
export function entityKey(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  throw new RegistryError('BAD_USER_INPUT', `The representation's \`${field}\` must be a string.`);
}
