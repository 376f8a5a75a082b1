/** How far the end of one JSON value has been looked for; the value may come in any number of chunks. */
export interface Scan {
  /** The brackets that are open. */
  open: number[];
  /** The last byte that was no white space. */
  last: number;
  /** White space before the next byte if that is all on its line so far, else -1. */
  indent: number;
  inString: boolean;
  escaped: boolean;
  /** Newlines passed. */
  lines: number;
  /** Stop once at the array that is the first member of an object, for a look at its name. */
  watchArray: boolean;
  /** A newline inside a string breaks the value. */
  stringsEndOnTheirLine: boolean;
  /** An object that begins a line at this indent is the next record: the value before it is broken. -1: none is. */
  siblingIndent: number;
}

/** `end`: at its last byte; `array`: at the watched bracket; `broken`: at the byte that can't belong to the value. */
export interface ScanStop {
  what: 'end' | 'array' | 'broken' | 'more';
  at: number;
}

/** Deeper than any honest document, and shallow enough for recursive readers. */
export const MAX_DEPTH = 200;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const NEWLINE = 0x0a;
export const SPACE = 0x20;
const CLOSE_BRACE = 0x7d;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** The state before the first byte of a value. */
export function newScan(rules: Partial<Scan> = {}): Scan {
  const start: Scan = {
    ...{ open: [], last: 0, indent: -1, inString: false, escaped: false, lines: 0 },
    ...{ watchArray: false, stringsEndOnTheirLine: false, siblingIndent: -1 },
  };
  return { ...start, ...rules };
}

/**
 * Goes on from `bytes[from]` to the end of an object, array or string. Only what separates values is looked at: strings,
 * brackets and whether one may open here; the rest is for JSON.parse.
 */
export function scanValue(scan: Scan, bytes: Uint8Array, from: number): ScanStop {
  const length = bytes.length;
  for (let at = from; at < length; at += 1) {
    if (scan.inString) {
      at = scanString(scan, bytes, at);
      if (at >= length) break;
      if (scan.inString) return { what: 'broken', at };
      if (scan.open.length === 0) return { what: 'end', at };
      continue;
    }
    const byte = bytes[at] as number;
    if (byte <= SPACE) {
      passSpace(scan, byte);
      continue;
    }
    if (byte === QUOTE) {
      scan.inString = true;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (scan.watchArray && byte === OPEN_BRACKET && scan.open.length === 1) {
        scan.watchArray = false;
        return { what: 'array', at };
      }
      if (!mayOpen(scan, byte)) return { what: 'broken', at };
      scan.open.push(byte);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // In ASCII each closing bracket comes two after its opening one.
      if (scan.open.pop() !== byte - 2) return { what: 'broken', at };
      if (scan.open.length === 0) return { what: 'end', at };
    }
    scan.last = byte;
    scan.indent = -1;
  }
  return { what: 'more', at: length };
}

function passSpace(scan: Scan, byte: number): void {
  if (byte === NEWLINE) {
    scan.lines += 1;
    scan.indent = 0;
  } else if (scan.indent >= 0) {
    scan.indent += 1;
  }
}

/** Where the string closes, or breaks (`inString` is then still set), or the length of the bytes. */
function scanString(scan: Scan, bytes: Uint8Array, from: number): number {
  const length = bytes.length;
  let escaped = scan.escaped;
  let at = from;
  for (; at < length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === NEWLINE) {
      if (scan.stringsEndOnTheirLine) break;
      scan.lines += 1;
    }
    if (escaped) escaped = false;
    else if (byte === BACKSLASH) escaped = true;
    else if (byte === QUOTE) {
      scan.inString = false;
      scan.last = QUOTE;
      break;
    }
  }
  scan.escaped = escaped;
  return at;
}

/** Whether a bracket may open after what came before it. */
function mayOpen(scan: Scan, byte: number): boolean {
  const depth = scan.open.length;
  if (depth === 0) return true;
  if (depth >= MAX_DEPTH) return false;
  if (byte === OPEN_BRACE && scan.indent >= 0 && scan.indent === scan.siblingIndent) return false;
  const inArray = scan.open[depth - 1] === OPEN_BRACKET;
  return scan.last === COLON ? !inArray : inArray && (scan.last === COMMA || scan.last === OPEN_BRACKET);
}
