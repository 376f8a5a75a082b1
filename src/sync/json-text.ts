const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The raw text of an object's member, of the last one where the key stands twice, as JSON.parse takes it; null when
 * there is none. The text must be one that JSON.parse accepts.
 */
export function memberText(object: string, key: string): string | null {
  let found: string | null = null;
  let at = skipSpace(object, skipSpace(object, 0) + 1);
  while (object[at] === '"') {
    const keyEnd = stringEnd(object, at);
    const start = skipSpace(object, skipSpace(object, keyEnd) + 1);
    const end = valueEnd(object, start);
    if (sameKey(object.slice(at, keyEnd), key)) found = object.slice(start, end);
    at = nextItem(object, end);
  }
  return found;
}

/** The raw texts of an array's elements, none of what is no array; the text must be one that JSON.parse accepts. */
export function elementTexts(array: string): string[] {
  const found: string[] = [];
  const start = skipSpace(array, 0);
  let at = array[start] === '[' ? skipSpace(array, start + 1) : array.length;
  while (at < array.length && array[at] !== ']') {
    const end = valueEnd(array, at);
    found.push(array.slice(at, end));
    at = nextItem(array, end);
  }
  return found;
}

/** How deep the brackets of a JSON text nest. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (opens(code)) deepest = Math.max(deepest, (depth += 1));
    else if (closes(code)) depth -= 1;
  }
  return deepest;
}

function sameKey(quoted: string, key: string): boolean {
  return (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1)) === key;
}

/** Past the comma after an item, or at what closes. */
function nextItem(text: string, end: number): number {
  const at = skipSpace(text, end);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

function valueEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === QUOTE) return stringEnd(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (opens(code)) depth += 1;
    else if (closes(code) && (depth -= 1) <= 0) return depth < 0 ? at : at + 1;
    else if (depth === 0 && endsScalar(code)) return at;
  }
  return text.length;
}

/** Past the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const opens = (code: number) => code === 0x7b || code === 0x5b;
const closes = (code: number) => code === 0x7d || code === 0x5d;
const endsScalar = (code: number) => code === 0x2c || isSpace(code);
