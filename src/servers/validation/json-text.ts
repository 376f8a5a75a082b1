import { documentLimits } from './limits.ts';
import type { Issues } from './issues.ts';
import type { Path } from './path.ts';
import { readNumber, readString, readWord, type StringEnd } from './json-scalars.ts';

/** An object or array that is open. */
interface Open {
  /** The keys so far; null in an array. */
  keys: Set<string> | null;
  /** The key or index of the value that is read. */
  at: string | number;
}

/** What may come next. */
type Next = 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end' | 'nothing';

interface Scan {
  text: string;
  at: number;
  open: Open[];
  next: Next;
  values: number;
  issues: Issues;
  /** Why it went no further. */
  stopped: { reference: string; message: string } | null;
}

/**
 * Walks a JSON text once, without recursion, and reports what no document may have: repeated or dangerous keys, NUL
 * characters, halves of surrogate pairs, numbers that are none, too much of anything. False where it is no JSON, or too
 * much of it to go on.
 */
export function checkJsonText(text: string, issues: Issues): boolean {
  const scan: Scan = { text, at: 0, open: [], next: 'value', values: 0, issues, stopped: null };
  if (text.charCodeAt(0) === 0xfeff) stop(scan, 'json-syntax', 'the text begins with a byte order mark: leave it out');
  while (!scan.stopped) {
    skipSpace(scan);
    if (scan.at >= text.length) break;
    step(scan, text[scan.at] as string);
  }
  if (!scan.stopped && scan.next !== 'nothing') {
    stop(scan, 'json-syntax', `the text ends where ${expected(scan)} should stand`);
  }
  if (!scan.stopped) return true;
  issues.add({ path: pathOf(scan), type: 'json', ...scan.stopped });
  return false;
}

function step(scan: Scan, sign: string): void {
  const { next } = scan;
  const innermost = scan.open.at(-1);
  if (sign === (innermost?.keys ? '}' : ']') && next.endsWith('or end')) {
    scan.open.pop();
    return ended(scan, 1);
  }
  if (next === 'value' || next === 'value or end') return readValue(scan, sign);
  if (next === 'key' || next === 'key or end') return readKey(scan, innermost as Open, sign);
  if (next !== 'comma or end' || sign !== ',') return unexpected(scan);
  scan.at += 1;
  scan.next = innermost?.keys ? 'key' : 'value';
  if (typeof innermost?.at === 'number') innermost.at += 1;
}

function readValue(scan: Scan, sign: string): void {
  scan.values += 1;
  if (scan.values > documentLimits.values) {
    return stop(scan, 'json-too-many-values', `a document has at most ${documentLimits.values} values`);
  }
  if (sign === '{' || sign === '[') return openBracket(scan, sign);
  if (sign === '"') {
    const string = readString(scan.text, scan.at);
    if (string.broken) return brokenString(scan, string);
    checkCharacters(scan, string);
    return ended(scan, string.length);
  }
  const length = readWord(scan.text, scan.at) || readNumber(scan.text, scan.at);
  if (length === 0) return unexpected(scan);
  const number = Number(scan.text.slice(scan.at, scan.at + length));
  if (number === Infinity || number === -Infinity) {
    report(scan, 'json-number-out-of-range', 'the number is larger than any that JSON readers can hold');
  }
  ended(scan, length);
}

function openBracket(scan: Scan, sign: string): void {
  if (scan.open.length >= documentLimits.depth) {
    return stop(scan, 'json-too-deep', `objects and arrays nest at most ${documentLimits.depth} levels deep`);
  }
  scan.open.push(sign === '{' ? { keys: new Set(), at: '' } : { keys: null, at: 0 });
  scan.next = sign === '{' ? 'key or end' : 'value or end';
  scan.at += 1;
}

function readKey(scan: Scan, innermost: Open, sign: string): void {
  if (sign !== '"') return unexpected(scan);
  const string = readString(scan.text, scan.at);
  if (string.broken) return brokenString(scan, string);
  const quoted = scan.text.slice(scan.at, scan.at + string.length);
  const key = string.escaped ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  scan.at += string.length;
  skipSpace(scan);
  if (scan.text[scan.at] !== ':') {
    return stop(scan, 'json-syntax', `${placeOf(scan)}: a colon should stand behind a key`);
  }
  scan.at += 1;
  scan.next = 'value';
  innermost.at = key;
  checkCharacters(scan, string);
  if (key === '__proto__') report(scan, 'json-unsafe-key', 'the key "__proto__" is not taken: it harms who reads it');
  if (innermost.keys?.has(key)) {
    report(scan, 'json-duplicate-key', 'the key stands twice in its object: keep one of them');
  }
  innermost.keys?.add(key);
}

function checkCharacters(scan: Scan, { nul, lone }: StringEnd): void {
  if (nul) report(scan, 'json-nul', 'text must not contain NUL characters');
  if (lone) {
    report(scan, 'json-lone-surrogate', 'text must be well-formed Unicode: this holds half of a surrogate pair');
  }
}

function ended(scan: Scan, length: number): void {
  scan.at += length;
  scan.next = scan.open.length === 0 ? 'nothing' : 'comma or end';
}

function brokenString(scan: Scan, { length, broken }: StringEnd): void {
  scan.at += length;
  stop(scan, 'json-syntax', `${placeOf(scan)}: ${broken}`);
}

function unexpected(scan: Scan): void {
  const found = JSON.stringify(String.fromCodePoint(scan.text.codePointAt(scan.at) as number));
  stop(scan, 'json-syntax', `${placeOf(scan)}: ${expected(scan)} should stand here, not ${found}`);
}

const names = { value: 'a value', key: 'a key in double quotes', comma: 'a comma', nothing: 'nothing more' };

function expected({ next, open }: Scan): string {
  const [what] = next.split(' ') as [keyof typeof names];
  return next.endsWith('or end') ? `${names[what]} or ${open.at(-1)?.keys ? '}' : ']'}` : names[what];
}

const report = (scan: Scan, reference: string, message: string) =>
  scan.issues.add({ path: pathOf(scan), type: 'json', message, reference });

function stop(scan: Scan, reference: string, message: string): void {
  scan.stopped = { reference, message };
}

/** Before its first key an object's own path is told. */
const pathOf = ({ open }: Scan): Path =>
  open.filter(({ keys, at }) => keys === null || keys.size > 0 || at !== '').map(({ at }) => at);

function placeOf({ text, at }: Scan): string {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) as string).length + 1}`;
}

function skipSpace(scan: Scan): void {
  for (;;) {
    const code = scan.text.charCodeAt(scan.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    scan.at += 1;
  }
}
