import type { Where } from './where.ts';

/** What a list by words needs: `given` are what its statements start from, `joins` and the condition in `where` use them. */
export interface Search {
  given: string[];
  joins: string;
  /**
   * Where the words are found, names before titles before descriptions and in each the word itself before one that begins
   * with it before any other, summed over all words; then the shorter text. The best rank is the lowest number. It must not
   * depend on other servers beyond what a word is found by: no row may change its place while someone walks the list.
   */
  rank: string;
  /** The values of the words. */
  words: string[];
}

/** Adds the condition that all words are found; null for text without a word, which finds nothing. */
export function addSearch(where: Where, words: string[]): Search | null {
  if (words.length === 0) {
    where.and('false');
    return null;
  }
  const values = words.map((word) => `${where.value(word)}::text`);
  const terms = words.map((_, i) => `t${i}`);
  where.and(`s.search @@ (${terms.map((term) => `${term}.places[9]`).join(' && ')})`);
  const places = terms.map((term) => `search_place(s.search, ${term}.places)`);
  return {
    given: terms.map((term, i) => `${term} AS MATERIALIZED (SELECT * FROM search_term(${values[i]}))`),
    joins: terms.map((term) => `CROSS JOIN ${term}`).join(' '),
    rank: `(${places.join(' + ')} + least(length(s.search), 9999))`,
    words: values,
  };
}
