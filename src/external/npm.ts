import { createRequire } from 'node:module';
import { z } from 'zod';
import { guardedFetch } from './fetch.ts';
import { absent, addressOf, badStatus, createUpstream, readAnswer, type UpstreamOptions } from './upstream.ts';

/** A version of an npm package, as its package.json was published. */
export interface NpmVersion {
  name: string;
  version: string;
  mcpName: string | null;
  /** The hash of its tarball. */
  integrity: string | null;
}

/** An npm registry. */
export interface Npm {
  /** One version; null when there is none (yet). */
  version(name: string, version: string, signal: AbortSignal): Promise<NpmVersion | null>;
}

export interface NpmOptions extends UpstreamOptions {
  baseUrl: string;
}

const Version = z.object({
  name: z.string(),
  version: z.string(),
  mcpName: z.string().nullable().catch(null),
  dist: z
    .object({ integrity: z.string().max(500) })
    .nullable()
    .catch(null),
});

/** The registry that npm's own client asks unless told otherwise; loaded alone, since the whole client takes 20 MB. */
export function npmDefaultUrl(): string {
  const defaults: unknown = createRequire(import.meta.url)('npm-registry-fetch/lib/default-opts.js');
  return z
    .object({ registry: z.url({ protocol: /^https$/ }) })
    .parse(defaults)
    .registry.replace(/\/+$/, '');
}

/** Makes the client. It asks for the document of one version, since that of all of them can be very large. */
export function createNpm({ baseUrl, ...options }: NpmOptions): Npm {
  const upstream = createUpstream('npm', options);
  return {
    version: (name, version, signal) =>
      upstream.ask(signal, async () => {
        const url = addressOf(baseUrl, name, version).replace('/%40', '/@');
        const answer = await guardedFetch(url, {
          headers: { accept: 'application/json' },
          signal,
          allowPrivate: true,
          allowHttp: true,
        });
        if (answer.status === 404) return absent(answer);
        if (answer.status !== 200) throw badStatus(upstream.name, answer);
        const { dist, ...found } = readAnswer(upstream.name, Version, await answer.json());
        return { ...found, integrity: dist?.integrity ?? null };
      }),
  };
}
