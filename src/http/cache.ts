import { LIST_TAG } from '../servers/cache-tags.ts';

/** How long answers may be kept (contract, section 6), by what is answered; `none` is everything that is not shared. */
export const cachePolicies = {
  list: 'public, max-age=30, s-maxage=60, stale-if-error=300',
  exact: 'public, max-age=60, s-maxage=300, stale-if-error=300',
  absent: 'public, max-age=5',
  none: 'no-store',
} as const;

export type CachePolicy = keyof typeof cachePolicies;

/** CDNs drop headers that are longer, and tags beyond some number. */
const MAX_TAGS = 50;
const MAX_LENGTH = 4_000;

/** The headers by which CDNs find an answer to purge; one that shows too many servers is found by its list tag alone. */
export function tagHeaders(tags: string[]): { 'surrogate-key'?: string; 'cache-tag'?: string } {
  const distinct = [...new Set(tags)];
  if (distinct.length === 0) return {};
  const fits = distinct.length <= MAX_TAGS && distinct.join(' ').length <= MAX_LENGTH;
  const named = fits ? distinct : [LIST_TAG];
  return { 'surrogate-key': named.join(' '), 'cache-tag': named.join(',') };
}
