import { isUtf8 } from 'node:buffer';
import type { Found } from './batch.ts';
import { type HeldBytes, holdBytes } from './held-bytes.ts';
import * as json from './json-scan.ts';

/**
 * `between` records; inside a `value`; in a `scalar` of a list; in `junk` outside of any; or after a broken record, on
 * the way to the next one (`resync`).
 */
export type Mode = 'between' | 'value' | 'scalar' | 'junk' | 'resync';

/** Where the reader of records is. */
export interface State {
  mode: Mode;
  /** A list is a JSON array of records; a page is an object that begins with one, as `GET /v0.1/servers` answers. */
  list: 'none' | 'array' | 'page';
  line: number;
  /** White space before the next byte if that is all on its line so far, else -1. */
  indent: number;
  /** In this list. */
  record: number;
  startLine: number;
  startIndent: number;
  scan: json.Scan;
  held: HeldBytes;
  /** The value is read to its end but not kept. */
  silent: boolean;
  /** How many records before this one stood on a line of their own, in a row, and at which indent. */
  siblings: number;
  siblingIndent: number;
  found: Found[];
}

export const NOT_AN_OBJECT = 'It is not a JSON object.';
export const JSON_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const TOO_LONG = 'The record is longer than 1 MiB.';
const PAGE_HEAD = /^\{\s*"servers"\s*:\s*$/;
const LONGEST_PAGE_HEAD = 64;

/** The state before the first byte. */
export function newState(): State {
  return {
    ...{ mode: 'between', list: 'none', line: 1, indent: 0, record: 0, startLine: 1, startIndent: 0 },
    ...{ scan: json.newScan(), held: holdBytes(), silent: false, siblings: 0, siblingIndent: -1, found: [] },
  };
}

/** Hands over what was found since the last time. */
export function takeFound(state: State): Found[] {
  const { found } = state;
  state.found = [];
  return found;
}

/** Notes that what began at the start position is passed over. */
export function skip(state: State, reason: string): void {
  state.found.push({ at: place(state), reason });
}

function place({ list, startLine, record }: State): string {
  return list === 'none' ? `line ${startLine}` : `line ${startLine}, record ${record}`;
}

/** Counts white space of JSON; false for any other byte. */
export function passSpace(state: State, byte: number): boolean {
  if (!JSON_SPACE.has(byte)) return false;
  if (byte === json.NEWLINE) {
    state.line += 1;
    state.indent = 0;
  } else if (state.indent >= 0) {
    state.indent += 1;
  }
  return true;
}

/** Goes into a list, whose records are counted from one. */
export function openList(state: State, list: 'array' | 'page', at: number): number {
  state.list = list;
  state.mode = 'between';
  state.record = 0;
  state.siblings = 0;
  return at + 1;
}

/** Leaves a list; of a page the rest of its object is still to be passed. */
export function closeList(state: State, at: number): number {
  if (state.list === 'page') {
    state.mode = 'value';
    state.silent = true;
    state.scan = json.newScan({ open: [json.OPEN_BRACE], last: json.CLOSE_BRACKET });
  }
  state.list = 'none';
  state.siblings = 0;
  state.indent = -1;
  return at + 1;
}

/** Begins a value at this byte. */
export function openValue(state: State, at: number): number {
  state.mode = 'value';
  state.silent = false;
  state.scan = json.newScan({
    watchArray: state.list === 'none',
    // Where records share a line, a newline can't tell that one is broken.
    stringsEndOnTheirLine: state.startIndent >= 0,
    siblingIndent: oneALine(state) && state.startIndent === state.siblingIndent ? state.siblingIndent : -1,
  });
  return at;
}

/** True when the object's first member is the list of a page; `bytes` come after what is held. */
export function isPage(state: State, bytes: Uint8Array): boolean {
  if (state.held.length + bytes.length > LONGEST_PAGE_HEAD) return false;
  return PAGE_HEAD.test(state.held.latin1() + Buffer.from(bytes).toString('latin1'));
}

/** Turns the value that was begun into a page. */
export function openPage(state: State, at: number): number {
  state.held.drop();
  state.line += state.scan.lines;
  state.indent = -1;
  return openList(state, 'page', at);
}

/** Puts part of a value by until the rest has come. */
export function hold(state: State, bytes: Uint8Array): void {
  if (state.silent || state.held.add(bytes)) return;
  state.silent = true;
  state.held.drop();
  skip(state, TOO_LONG);
}

/** Ends a value with its last bytes. */
export function keep(state: State, bytes: Uint8Array): void {
  state.mode = 'between';
  state.line += state.scan.lines;
  countSibling(state);
  if (state.silent) return;
  const whole = state.held.take(bytes);
  if (!whole) skip(state, TOO_LONG);
  else if (whole[0] !== json.OPEN_BRACE) skip(state, NOT_AN_OBJECT);
  else if (!isUtf8(whole)) skip(state, 'It is not UTF-8 text.');
  else {
    state.found.push({ at: place(state), text: Buffer.from(whole.buffer, whole.byteOffset, whole.length).toString() });
  }
}

function countSibling(state: State): void {
  const { startIndent, siblingIndent, siblings, scan } = state;
  const alone = scan.lines === 0 && startIndent >= 0;
  state.siblings = alone ? (startIndent === siblingIndent ? siblings + 1 : 1) : 0;
  state.siblingIndent = startIndent;
}

/** True when the records seem to stand one a line; lists are more often written over many. */
export function oneALine({ list, siblings }: State): boolean {
  return siblings >= (list === 'none' ? 1 : 3);
}

/** Gives a broken value up; reading goes on from the byte that broke it. */
export function giveUp(state: State): void {
  if (!state.silent) skip(state, 'It is broken JSON.');
  state.mode = 'resync';
  state.line += state.scan.lines;
  state.indent = state.scan.indent;
  state.held.drop();
}
