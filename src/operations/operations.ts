import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Sql } from '../context.ts';
import { findOperation, insertOperation, noteUse } from './operations.db.ts';

/** The longest text that anyone may register, in bytes. */
export const MAX_OPERATION_BYTES = 16 * 1024;

/** GraphQL operations that are asked for by the SHA-256 of their text. */
export interface Operations {
  /** The text of an operation; null when it is neither trusted nor registered. */
  find(id: string): Promise<string | null>;
  /** Whether the operator named it, or the command line was built with it. */
  isTrusted(id: string): boolean;
  /** Lets every process find a text by its hash from now on; who calls it has checked the text. */
  register(id: string, text: string): Promise<void>;
}

/** How many anyone may register together, 800 MB at most. */
const MAX_REGISTERED = 50_000;

/** Characters of registered operations that this process remembers. */
const MAX_REMEMBERED = 16_000_000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The SHA-256 of a text, hex. */
export const sha256 = (text: string) => hash('sha256', text);

/** Makes the operations of this process: trusted ones at hand and, unless only they count, registered ones out of the database. */
export function createOperations(sql: Sql, trusted: ReadonlyMap<string, string>, onlyTrusted: boolean): Operations {
  const remembered = new LRUCache<string, string>({
    maxSize: MAX_REMEMBERED,
    sizeCalculation: (text) => text.length + 100,
    // Whoever is used for longer is looked up again, which notes the use.
    ttl: DAY_MS,
  });
  return {
    isTrusted: (id) => trusted.has(id),
    find: async (id) => {
      const known = trusted.get(id) ?? remembered.get(id);
      if (known !== undefined) return known;
      if (onlyTrusted) return null;
      const found = /^[0-9a-f]{64}$/.test(id) ? await findOperation(sql, id) : undefined;
      if (!found) return null;
      remembered.set(id, found.document);
      // A registry that is read-only still answers.
      if (found.due) await noteUse(sql, id).catch(() => {});
      return found.document;
    },
    register: async (id, text) => {
      await insertOperation(sql, id, text, MAX_REGISTERED);
    },
  };
}
