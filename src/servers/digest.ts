import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Json } from './document.ts';

/**
 * The SHA-256, in hex, of a document's canonical form (RFC 8785); throws where it has none: halves of surrogate
 * pairs, numbers that no double can hold.
 */
export function digestOf(document: Json): string {
  return createHash('sha256')
    .update(canonicalize(document) ?? '')
    .digest('hex');
}

/** The digest of a document that another registry took: of its bytes where it has no canonical form. */
export function importedDigestOf(document: Json, text: string): string {
  try {
    return digestOf(document);
  } catch {
    return createHash('sha256').update(text).digest('hex');
  }
}
