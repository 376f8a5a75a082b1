import type { App } from '../app.ts';
import { RegistryError } from '../errors.ts';
import { MAX_OPERATION_BYTES, sha256 } from '../operations/operations.ts';
import type { Documents } from './documents.ts';

/** What a request says of the operation that it wants. */
export interface Asked {
  documentId?: unknown;
  extensions?: unknown;
  query?: unknown;
}

/** The id of a registered operation that a request names, GraphQL over HTTP's way or Apollo's; null: it names none. */
export function operationId({ documentId, extensions }: Asked): string | null {
  if (documentId != null) {
    if (typeof documentId !== 'string') throw malformed('`documentId` must be text: `sha256:<hex>`.');
    return documentId.replace(/^sha256:/i, '');
  }
  const named = (extensions as { persistedQuery?: unknown } | null | undefined)?.persistedQuery;
  if (named == null) return null;
  const { version, sha256Hash } = named as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1 || typeof sha256Hash !== 'string') {
    throw malformed('`extensions.persistedQuery` must be `{"version":1,"sha256Hash":"<hex>"}`.');
  }
  return sha256Hash.toLowerCase();
}

/** The text of the operation with this id. Throws PERSISTED_QUERY_NOT_FOUND with the sentence that clients know it by. */
export async function findText({ operations }: App, id: string): Promise<string> {
  const text = await operations.find(id);
  if (text === null) throw new RegistryError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  return text;
}

/** Refuses a text that was sent itself where only trusted ones run. */
export function checkText({ config, operations }: App, query: unknown): void {
  if (!config.persistedOnly || typeof query !== 'string' || operations.isTrusted(sha256(query))) return;
  throw new RegistryError(
    'PERSISTED_QUERY_ONLY',
    'Only operations that the operator trusts run here: name one by its id, and ask for yours to be added.',
  );
}

/** Refuses a text that is not what the hash beside it says. */
export function checkHash(text: string, id: string): void {
  if (sha256(text) !== id) throw malformed('The hash is not the SHA-256 of the query.');
}

/** Whether a text may be registered: one that could not run is told so by running it. Throws when it is too long. */
export function isFit(documents: Documents, text: string, run: { variables: object; operationName?: string }): boolean {
  if (Buffer.byteLength(text) > MAX_OPERATION_BYTES) {
    const sentence = `An operation that is registered may have ${MAX_OPERATION_BYTES} bytes: send this one without its hash.`;
    throw new RegistryError('PAYLOAD_TOO_LARGE', sentence);
  }
  try {
    const prepared = documents.prepare(text);
    if (prepared.errors.length > 0) return false;
    prepared.cost({ ...run.variables }, run.operationName);
    return true;
  } catch {
    return false;
  }
}

const malformed = (sentence: string) => new RegistryError('BAD_USER_INPUT', sentence);
