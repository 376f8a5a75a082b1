import DataLoader from 'dataloader';
import type { CdnConfig } from '../config.ts';
import { ExternalError } from './external-error.ts';
import { guardedFetch, type FetchOptions } from './fetch.ts';

/** The cache in front of the registry. */
export interface Cdn {
  /**
   * Makes it forget every answer with one of these tags; throws an ExternalError when it does not say that it did. What is
   * asked at the same moment goes as one request, or a burst of publishes would meet the CDN's own rate limits.
   */
  purge(tags: string[]): Promise<void>;
}

/** How each kind is told, by its own documentation. */
const requests: Record<
  CdnConfig['kind'],
  (url: string, token: string | null, tags: string[]) => [string, FetchOptions]
> = {
  // As vmod_xkey's example has it: a PURGE whose header names the keys.
  varnish: (url, token, tags) => [
    url,
    {
      method: 'PURGE',
      headers: { 'xkey-purge': tags.join(' '), ...(token !== null && { authorization: `Bearer ${token}` }) },
    },
  ],
  fastly: (url, token, tags) => [
    `${url}/purge`,
    {
      method: 'POST',
      headers: { 'surrogate-key': tags.join(' '), accept: 'application/json', 'fastly-key': token ?? '' },
    },
  ],
  cloudflare: (url, token, tags) => [
    url,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` },
      body: JSON.stringify({ tags }),
    },
  ],
};

/** Cloudflare takes so many tags at a time; the others take more, in a header that is to stay short. */
const TAGS_A_REQUEST = 30;
const SAME_MOMENT_MS = 20;

/** Makes the client; the operator named the host, so it may be a private one. */
export function createCdn({ kind, purgeUrl, token }: CdnConfig): Cdn {
  const tell = async (tags: string[]) => {
    const [url, options] = requests[kind](purgeUrl, token, tags);
    const answer = await guardedFetch(url, { ...options, allowPrivate: true, allowHttp: true });
    answer.discard();
    if (answer.status >= 200 && answer.status < 300) return;
    throw new ExternalError('network', `The CDN answered its purge with status ${answer.status}.`);
  };
  const waiting = new DataLoader<string, void>(
    async (tags) => {
      // A tag that is asked for from here on is one of a later commit.
      waiting.clearAll();
      await tell([...tags]);
      return tags.map(() => {});
    },
    { maxBatchSize: TAGS_A_REQUEST, batchScheduleFn: (send) => void setTimeout(send, SAME_MOMENT_MS) },
  );
  return {
    purge: async (tags) => {
      await Promise.all(tags.map((tag) => waiting.load(tag)));
    },
  };
}
