import { checkText } from '../input.ts';

const MAX_WORDS = 8;

/** The words of a search, in lower case, at most 8; null for blank text, an empty list when it holds no word at all. */
export function searchWords(text: string): string[] | null {
  checkText(text, 'A search', 256);
  if (text.trim() === '') return null;
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words)].slice(0, MAX_WORDS);
}
