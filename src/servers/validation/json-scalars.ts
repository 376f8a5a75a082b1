/** Where a string ends, and what is in it. */
export interface StringEnd {
  /** With its quotes; up to what breaks it where it is broken. */
  length: number;
  escaped: boolean;
  nul: boolean;
  /** Half of a surrogate pair stands alone. */
  lone: boolean;
  /** What is wrong with it. */
  broken: string | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Reads a string that begins at `from`; nothing of it is copied. */
export function readString(text: string, from: number): StringEnd {
  const end: StringEnd = { length: 0, escaped: false, nul: false, lone: false, broken: null };
  let high = false;
  let at = from + 1;
  for (; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code === QUOTE) break;
    if (code < SPACE) return broken(end, at - from, 'a control character stands in a string: escape it');
    if (code === BACKSLASH) {
      const escape = readEscape(text, at + 1);
      if (!escape) return broken(end, at - from, 'a backslash begins no escape that JSON knows');
      end.escaped = true;
      end.nul ||= escape.code === 0;
      code = escape.code;
      at += escape.length;
    }
    const low = (code & 0xfc00) === 0xdc00;
    if (high !== low) end.lone = true;
    high = (code & 0xfc00) === 0xd800;
  }
  if (at >= text.length) return broken(end, at - from, 'the text ends inside a string');
  end.lone ||= high;
  return { ...end, length: at + 1 - from };
}

function broken(end: StringEnd, length: number, why: string): StringEnd {
  return { ...end, length, broken: why };
}

/** The character behind a backslash, and how many more characters stand for it; single ones are never surrogates or NUL. */
function readEscape(text: string, at: number): { code: number; length: number } | null {
  if (text[at] !== 'u') return '"\\/bfnrt'.includes(text[at] ?? '-') ? { code: SPACE, length: 1 } : null;
  const digits = text.slice(at + 1, at + 5);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? { code: parseInt(digits, 16), length: 5 } : null;
}

/** The length of `true`, `false` or `null` at a place; 0 where none stands there. */
export function readWord(text: string, at: number): number {
  return ['true', 'false', 'null'].find((word) => text.startsWith(word, at))?.length ?? 0;
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The length of a number at a place; 0 where none stands there. */
export function readNumber(text: string, at: number): number {
  number.lastIndex = at;
  return number.exec(text)?.[0].length ?? 0;
}
