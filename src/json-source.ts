import { RegistryError } from './errors.ts';

/** The texts that parsed objects came from. */
const sources = new WeakMap<object, string>();

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON.parse for the body of a GraphQL request that remembers the texts of its variables and of a `document` in them. */
export function parseGraphqlBody(text: string): unknown {
  const body: unknown = JSON.parse(text);
  const variables = isObject(body) ? body.variables : null;
  if (!isObject(variables)) return body;
  for (const [name, value] of Object.entries(variables)) {
    if (!isObject(value)) continue;
    remember(value, text, ['variables', name]);
    if (isObject(value.document)) remember(value.document, text, ['variables', name, 'document']);
  }
  return body;
}

/** The JSON text of a value as it was sent, spaces, order and spelling of numbers included; written anew where it is not known. */
export function jsonText(value: unknown): string {
  const source = typeof value === 'object' && value !== null ? sources.get(value) : undefined;
  return source ?? written(value);
}

declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

/** What no double can hold stays so, for its reader to refuse: it would become null. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, one: unknown) => (isInfinite(one) ? JSON.rawJSON('1e999') : one)) ?? 'null';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RegistryError('BAD_USER_INPUT', 'The document nests too deeply to be read.');
  }
}

const isInfinite = (value: unknown) => value === Infinity || value === -Infinity;

function remember(value: object, text: string, path: string[]): void {
  let at = skipSpace(text, 0);
  for (const key of path) {
    const found = memberAt(text, at, key);
    if (found === -1) return;
    at = found;
  }
  sources.set(value, text.slice(at, endOf(text, at)));
}

/** Where the value of an object's member begins, of several with the name the last, as JSON.parse has it; -1: not there. `text` is sound JSON. */
function memberAt(text: string, object: number, key: string): number {
  let found = -1;
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const end = endOf(text, at);
    const name = JSON.parse(text.slice(at, end)) as string;
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (name === key) found = value;
    at = skipSpace(text, endOf(text, value));
    if (text[at] !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return found;
}

/** Where the value that begins at `start` ends. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '{' || character === '[') {
      depth += 1;
      at += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      at += 1;
    } else at = endOfPlain(text, at);
  } while (depth > 0);
  return at;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Past what is no string and no bracket: a number, a word, or what stands between values. */
function endOfPlain(text: string, start: number): number {
  const plain = /[^"{}[\],\s]+|[,\s]+/y;
  plain.lastIndex = start;
  return plain.test(text) ? plain.lastIndex : start + 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at += 1;
  return at;
}
