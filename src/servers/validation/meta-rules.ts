import { documentLimits } from './limits.ts';
import { member, type Place } from './place.ts';
import type { Report } from './rules.ts';

const key = 'io.modelcontextprotocol.registry/publisher-provided';

/** The publisher's part of `_meta` is bounded; counted as the official registry does, as compact JSON. */
export function checkMeta(meta: Place, report: Report): void {
  const { value, path } = member(meta, key);
  if (value === undefined) return;
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= documentLimits.publisherMetadataBytes) return;
  report({ path }, 'publisher-metadata-too-large', `_meta.${key} extension exceeds 4KB limit (${bytes} bytes)`);
}
