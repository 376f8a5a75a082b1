import { stripVTControlCharacters } from 'node:util';

/** Characters that move the cursor, hide text or turn its direction round. */
const hidden = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A text of someone else's as a terminal may show it: no escape sequences, nothing hidden. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(hidden, (one) => (one === '\n' || one === '\t' ? one : ''));

/** The same in one line, of a length at most. */
export function oneLine(text: string, longest = 300): string {
  const line = clean(text).replaceAll(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
