import { describe, expect, test } from 'vitest';
import { issuesOf } from './documents.ts';

/** A document and the one issue of a rule that it must raise; the message at least in part. */
export type Row = [document: unknown, path: string, reference: string, message: string];

/** An address that is too long. */
export const long = `https://example.com/${'a'.repeat(2_048)}`;

/** Each row raises its issue, once, as an error. */
export function describeRules(tables: Record<string, Row[]>): void {
  describe.each(Object.entries(tables))('%s', (_what, rows) => {
    const named = rows.map(([document, path, reference, message]) => ({ document, path, reference, message }));
    test.each(named)('$reference at $path: $message', ({ document, path, reference, message }) => {
      const found = issuesOf(document).filter((issue) => issue.reference === reference);
      expect(found).toMatchObject([{ path, severity: 'error' }]);
      expect(found[0]!.message).toContain(message);
    });
  });
}
