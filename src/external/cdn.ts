import type { CdnConfig } from '../config.ts';
import { ExternalError } from './external-error.ts';
import { guardedFetch, type FetchOptions } from './fetch.ts';

/** The cache in front of the registry. */
export interface Cdn {
  /** Makes it forget every answer with one of these tags; throws an ExternalError when it does not say that it did. */
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

/** Makes the client; the operator named the host, so it may be a private one. */
export function createCdn({ kind, purgeUrl, token }: CdnConfig): Cdn {
  return {
    purge: async (tags) => {
      const [url, options] = requests[kind](purgeUrl, token, tags);
      const answer = await guardedFetch(url, { ...options, allowPrivate: true, allowHttp: true });
      answer.discard();
      if (answer.status >= 200 && answer.status < 300) return;
      throw new ExternalError('network', `The CDN answered its purge with status ${answer.status}.`);
    },
  };
}
