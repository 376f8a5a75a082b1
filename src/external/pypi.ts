import { z } from 'zod';
import { guardedFetch } from './fetch.ts';
import { absent, addressOf, badStatus, createUpstream, readAnswer, type UpstreamOptions } from './upstream.ts';

/** A release of a Python project. */
export interface PypiRelease {
  name: string;
  version: string;
  /** Its README. */
  description: string;
  /** The SHA-256 of each of its files. */
  sha256s: string[];
}

/** A Python package index with PyPI's JSON interface. */
export interface Pypi {
  /** One release; null when there is none (yet). */
  release(name: string, version: string, signal: AbortSignal): Promise<PypiRelease | null>;
}

export interface PypiOptions extends UpstreamOptions {
  baseUrl: string;
}

const File = z.object({ digests: z.object({ sha256: z.string() }) });
const Release = z.object({
  info: z.object({ name: z.string(), version: z.string(), description: z.string().nullish() }),
  urls: z.array(File).catch([]),
});

/** Makes the client; names are asked for in their normal form, which PyPI would redirect to. */
export function createPypi({ baseUrl, ...options }: PypiOptions): Pypi {
  const upstream = createUpstream('PyPI', options);
  return {
    release: (name, version, signal) =>
      upstream.ask(signal, async () => {
        const answer = await guardedFetch(addressOf(baseUrl, 'pypi', normalName(name), version, 'json'), {
          headers: { accept: 'application/json' },
          signal,
          allowPrivate: true,
          allowHttp: true,
        });
        if (answer.status === 404) return absent(answer);
        if (answer.status !== 200) throw badStatus(upstream.name, answer);
        const { info, urls } = readAnswer(upstream.name, Release, await answer.json());
        const sha256s = urls.map((file) => file.digests.sha256);
        return { name: info.name, version: info.version, description: info.description ?? '', sha256s };
      }),
  };
}

/** What Python projects are compared by (PEP 503). */
export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');
