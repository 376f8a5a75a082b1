import { z } from 'zod';
import { guardedFetch } from './fetch.ts';
import type { GuardedResponse } from './response.ts';
import {
  absent,
  addressOf,
  badStatus,
  createUpstream,
  readAnswer,
  UpstreamError,
  type UpstreamOptions,
} from './upstream.ts';

/** A crates registry with the interface of crates.io. */
export interface Crates {
  /** The README of a version as HTML; null when there is no such version, or no README of it (yet). */
  readme(name: string, version: string, signal: AbortSignal): Promise<string | null>;
  /** When a version was published; null when there is none (yet). */
  publishedAt(name: string, version: string, signal: AbortSignal): Promise<Date | null>;
}

export interface CratesOptions extends UpstreamOptions {
  baseUrl: string;
}

/** Where crates.io keeps the READMEs that it has made HTML of. */
const README_HOST = 'static.crates.io';

const Link = z.object({ url: z.url({ protocol: /^https?$/ }) });
const Version = z.object({ version: z.object({ created_at: z.iso.datetime({ offset: true }) }) });

/** Makes the client. */
export function createCrates({ baseUrl, ...options }: CratesOptions): Crates {
  const upstream = createUpstream('crates.io', options);
  const get = (url: string, accept: string, signal: AbortSignal): Promise<GuardedResponse> => {
    const own = new URL(url).origin === new URL(baseUrl).origin;
    return guardedFetch(url, { headers: { accept }, signal, allowPrivate: own, allowHttp: own });
  };
  const at = (name: string, version: string, ...rest: string[]) =>
    addressOf(baseUrl, 'api', 'v1', 'crates', name, version, ...rest);

  return {
    readme: (name, version, signal) =>
      upstream.ask(signal, async () => {
        const link = await get(at(name, version, 'readme'), 'application/json', signal);
        if (link.status === 404) return absent(link);
        if (link.status !== 200) throw badStatus(upstream.name, link);
        const { url } = readAnswer(upstream.name, Link, await link.json());
        if (!isPinned(url, baseUrl)) throw new UpstreamError('redirect', 'crates.io named a README elsewhere.');
        const readme = await get(url, 'text/html', signal);
        // The bucket behind it says 403 for what is not there.
        if (readme.status === 404 || readme.status === 403) return absent(readme);
        if (readme.status !== 200) throw badStatus(upstream.name, readme);
        return readme.text();
      }),
    publishedAt: (name, version, signal) =>
      upstream.ask(signal, async () => {
        const answer = await get(at(name, version), 'application/json', signal);
        if (answer.status === 404) return absent(answer);
        if (answer.status !== 200) throw badStatus(upstream.name, answer);
        return new Date(readAnswer(upstream.name, Version, await answer.json()).version.created_at);
      }),
  };
}

function isPinned(url: string, baseUrl: string): boolean {
  const { origin } = new URL(url);
  return origin === new URL(baseUrl).origin || origin === `https://${README_HOST}`;
}
