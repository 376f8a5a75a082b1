import { createHash } from 'node:crypto';
import type { Sql } from '../context.ts';
import { readAudit, readAuditHead, type AuditRow } from './audit.db.ts';

/** What a walk along the chain found: how many rows are sound and, if it breaks, where and why. */
export interface AuditReport {
  rows: number;
  broken: { at: number; reason: string } | null;
}

const PAGE = 1_000;

/** Walks the whole chain and stops at the first break: a row that is missing, was changed, or was put in. */
export async function verifyAudit(sql: Sql, onProgress: (rows: number) => void = () => {}): Promise<AuditReport> {
  // Read first: what is appended meanwhile is behind it.
  const head = await readAuditHead(sql);
  let previous = { id: 0, hash: '' };
  for (;;) {
    const page = await readAudit(sql, previous.id, PAGE);
    for (const row of page) {
      const reason = breakAt(row, previous);
      if (reason) return { rows: previous.id, broken: { at: previous.id + 1, reason } };
      if (row.id === head.n && row.hash !== head.hash) {
        return {
          rows: previous.id,
          broken: { at: row.id, reason: 'the end of the chain does not have the hash that was noted for it' },
        };
      }
      previous = row;
    }
    onProgress(previous.id);
    if (page.length < PAGE) break;
  }
  const { n } = await readAuditHead(sql);
  if (previous.id > n) {
    return { rows: n, broken: { at: n + 1, reason: 'the row was put in behind the end of the chain' } };
  }
  if (previous.id >= head.n) return { rows: previous.id, broken: null };
  return {
    rows: previous.id,
    broken: { at: previous.id + 1, reason: `the chain ends here, and should have ${head.n} rows` },
  };
}

function breakAt(row: AuditRow, previous: { id: number; hash: string }): string | null {
  if (row.id !== previous.id + 1) return `the row is missing: behind ${previous.id} comes ${row.id}`;
  if (row.previousHash !== previous.hash) return 'the row does not follow from the one before it';
  const hash = createHash('sha256').update(row.content).digest('hex');
  return hash === row.hash ? null : 'the row was changed: its hash is not that of its content';
}
