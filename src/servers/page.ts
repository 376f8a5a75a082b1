import { RegistryError } from '../errors.ts';
import { isTime } from '../input.ts';

/** Rows of a page when neither `first` nor `last` is given. */
export const DEFAULT_SIZE = 30;

/** The most rows of a page. */
export const MAX_SIZE = 100;

/** The arguments of a Relay connection. */
export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** A page to read: `limit` rows from one end of what lies between the two cursors. */
export interface PageRequest {
  limit: number;
  backwards: boolean;
  after: string | null;
  before: string | null;
}

/** A page as read: rows in the order of the list, whichever end they were read from. */
export interface Page<Row> {
  rows: Row[];
  hasPreviousPage: boolean;
  hasNextPage: boolean;
}

/** Checks a connection's arguments: `first` or `last`, 1 to 100, 30 when both are left out. */
export function pageRequest({ first, after, last, before }: PageArgs): PageRequest {
  if (first != null && last != null) {
    throw new RegistryError('BAD_USER_INPUT', 'Ask for `first` or for `last`, not for both.');
  }
  checkSize('first', first);
  checkSize('last', last);
  return {
    limit: first ?? last ?? DEFAULT_SIZE,
    backwards: last != null,
    after: after ?? null,
    before: before ?? null,
  };
}

function checkSize(name: string, size: number | null | undefined): void {
  if (size != null && (size < 1 || size > MAX_SIZE)) {
    throw new RegistryError('BAD_USER_INPUT', `\`${name}\` must be from 1 to ${MAX_SIZE}, not ${size}.`);
  }
}

/** Makes a page of `limit + 1` rows or fewer, read in the direction of the request. */
export function toPage<Row>(rows: Row[], request: PageRequest): Page<Row> {
  const more = rows.length > request.limit;
  const kept = rows.slice(0, request.limit);
  if (request.backwards) {
    return { rows: kept.reverse(), hasPreviousPage: more, hasNextPage: request.before !== null };
  }
  return { rows: kept, hasPreviousPage: request.after !== null, hasNextPage: more };
}

type KeyPart = string | number;

/** Longer than the cursor of the longest name and version, three bytes to each of their characters. */
const MAX_CURSOR = 4_000;

/** An opaque cursor: the list it belongs to and the keys of the row it stands on. */
export function encodeCursor(list: string, keys: KeyPart[]): string {
  return Buffer.from(JSON.stringify([list, ...keys])).toString('base64url');
}

/** The keys of a cursor of this list; any other text is refused. `shape` says what each key must be. */
export function decodeCursor(cursor: string, list: string, shape: ('text' | 'number' | 'time')[]): KeyPart[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor.slice(0, MAX_CURSOR), 'base64url').toString('utf8'));
  } catch {
    parts = null;
  }
  if (!Array.isArray(parts)) {
    throw new RegistryError('INVALID_CURSOR', 'The cursor is malformed: pass one as it was answered.');
  }
  const [name, ...keys] = parts as unknown[];
  if (name !== list || keys.length !== shape.length || !keys.every((key, i) => fits(key, shape[i]))) {
    throw new RegistryError('INVALID_CURSOR', 'The cursor belongs to another list or order: start again without it.');
  }
  return keys as KeyPart[];
}

function fits(key: unknown, shape: string | undefined): boolean {
  if (shape === 'number') return Number.isSafeInteger(key) && Math.abs(key as number) <= 2_147_483_647;
  if (typeof key !== 'string' || key.includes('\0') || !key.isWellFormed()) return false;
  return shape === 'text' || isTime(key);
}
