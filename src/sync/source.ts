import type { SourceBatch, SourceOptions } from './batch.ts';
import { readFileSource } from './file-source.ts';
import { readRegistry } from './registry-source.ts';

export type { Checkpoint, RawRecord, Skipped, SourceBatch } from './batch.ts';

/**
 * Reads the records of a source: a path, an http(s) URL, or `-` for standard input, of JSON lines, a JSON array or one
 * document, gzip or plain; or the base URL of another registry. Broken records are among the skipped; a source that
 * can't be read on throws a SourceError or ExternalError after the batch of all that came before.
 */
export function openSource(spec: string, options: SourceOptions = {}): AsyncIterable<SourceBatch> {
  const registry = registryBase(spec);
  return registry ? readRegistry(registry, options) : readFileSource(spec, options);
}

/** What a registry's API paths are appended to, or null when the spec names a file. */
export function registryBase(spec: string): URL | null {
  const url = /^https?:/i.test(spec) ? URL.parse(spec) : null;
  const match = url && /^(|\/|.*?\/v0(?:\.1)?(?:\/servers)?\/?)$/.exec(url.pathname);
  if (!match) return null;
  url.pathname = url.pathname.replace(/\/v0(\.1)?(\/servers)?\/?$/, '');
  for (const ours of ['cursor', 'updated_since']) url.searchParams.delete(ours);
  url.hash = '';
  return url;
}

/** A source's name for logs and for the database: a URL without its credentials and its query, which may hold a key. */
export function sourceName(spec: string): string {
  const url = /^https?:/i.test(spec) ? URL.parse(spec) : null;
  return url ? `${url.origin}${url.pathname}` : spec;
}
