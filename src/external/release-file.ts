import { createHash } from 'node:crypto';
import type { Lookup } from './address.ts';
import { guardedFetch } from './fetch.ts';
import { badStatus, createUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';

/** What was found at an address: a file's hash and size, or that there is none for everybody. */
export type ReleaseFile = { status: 'found'; sha256: string; bytes: number } | { status: 'missing'; code: number };

/** The hosts that publishers' release files are downloaded from. */
export interface ReleaseFiles {
  /** Downloads a file of a host and hashes it as it comes in; nothing is kept. */
  download(host: string, path: string, signal: AbortSignal): Promise<ReleaseFile>;
  readonly maxBytes: number;
}

export interface ReleaseFileOptions extends UpstreamOptions {
  /** Hosts that the operator named, by the name in a file's address; they may be private. */
  urls: Record<string, string>;
  maxBytes?: number;
  timeoutMs?: number;
  /** Without a byte from the other side. */
  idleTimeoutMs?: number;
  /** Who says where the others are; the system. */
  lookup?: Lookup;
}

const MAX_BYTES = 200 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 10_000;
const REDIRECTS = 3;
/** Fewer at a time than elsewhere: a download is long. How long is up to who published, so no host is left alone for it. */
const LIMITS: UpstreamOptions = { concurrency: 4, outages: Number.POSITIVE_INFINITY };

const MISSING = new Set([401, 403, 404, 410]);

/** Makes the client. Release hosts redirect to where they store files, which may be anywhere on the public internet. */
export function createReleaseFiles(options: ReleaseFileOptions): ReleaseFiles {
  const { urls, maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS, idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
  const upstreams = new Map<string, Upstream>();
  const upstreamOf = (host: string): Upstream => {
    const known = upstreams.get(host) ?? createUpstream(host, { ...LIMITS, ...options });
    upstreams.set(host, known);
    return known;
  };
  return {
    maxBytes,
    download: (host, path, signal) =>
      upstreamOf(host).ask(signal, async () => {
        const named = Object.hasOwn(urls, host) ? urls[host] : undefined;
        const own = named !== undefined;
        const answer = await guardedFetch((named ?? `https://${host}`) + path, {
          // As the file lies there: what compression a host adds must not change the hash.
          headers: { accept: 'application/octet-stream, */*', 'accept-encoding': 'identity' },
          signal,
          maxBytes,
          timeoutMs,
          idleTimeoutMs,
          maxRedirects: REDIRECTS,
          publicRedirects: true,
          allowPrivate: own,
          allowHttp: own,
          lookup: options.lookup,
        });
        if (MISSING.has(answer.status)) {
          answer.discard();
          return { status: 'missing', code: answer.status };
        }
        if (answer.status !== 200) throw badStatus(host, answer);
        const hash = createHash('sha256');
        let bytes = 0;
        for await (const chunk of answer.stream()) {
          hash.update(chunk);
          bytes += chunk.byteLength;
        }
        return { status: 'found', sha256: hash.digest('hex'), bytes };
      }),
  };
}
