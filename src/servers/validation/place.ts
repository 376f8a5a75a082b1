import { spellingOf, type Json } from '../document.ts';
import type { Path } from './path.ts';

/** A value of a document and where it stands. */
export interface Place {
  value: unknown;
  path: Path;
}

/** The member of an object under the spelling that the typed views read; nothing where there is none. */
export function member({ value, path }: Place, key: string): Place {
  if (!isObject(value)) return { value: undefined, path: [...path, key] };
  const name = spellingOf(value, key);
  return { value: value[name], path: [...path, name] };
}

/** The elements of a list. */
export function items(place: Place, key: string): Place[] {
  const { value, path } = member(place, key);
  return Array.isArray(value) ? value.map((one: unknown, i) => ({ value: one, path: [...path, i] })) : [];
}

/** The text of a member; null where it is none: the schema tells of that. */
export function text(place: Place, key: string): string | null {
  const { value } = member(place, key);
  return typeof value === 'string' ? value : null;
}

/** The keys of a member that is an object. */
export function keys(place: Place, key: string): string[] {
  const { value } = member(place, key);
  return isObject(value) ? Object.keys(value) : [];
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
