import type { Sql } from '../db.ts';

/** What someone did, or was refused. */
export interface AuditEntry {
  /** `github:583231`, `domain:example.com`; null for the registry itself and for who is not known. */
  actor: string | null;
  /** `login.dns`, `token.create`, … */
  action: string;
  /** What it was done to. */
  target?: string | null;
  outcome: 'done' | 'refused';
  details?: Record<string, unknown>;
}

const MAX_TEXT = 1_000;
const MAX_DETAILS = 8_000;

/**
 * Appends to the chain, in the caller's transaction or, with the pool's `sql`, in one of its own. The end of the chain is
 * locked from here to the commit, so in a transaction it comes last but for the revision's stamp.
 */
export async function appendAudit(
  sql: Sql,
  { actor, action, target, outcome, details = {} }: AuditEntry,
): Promise<void> {
  await sql('SELECT audit_append($1, $2, $3, $4, $5::jsonb)', [
    actor === null ? null : storable(actor),
    storable(action),
    target == null ? null : storable(target),
    outcome,
    storableJson(details),
  ]);
}

/** A row as the check reads it: `content` is what its hash must be of. */
export interface AuditRow {
  id: number;
  content: string;
  previousHash: string;
  hash: string;
}

/** Rows of the chain behind an id, in order. */
export function readAudit(sql: Sql, after: number, limit: number): Promise<AuditRow[]> {
  return sql<AuditRow>(
    `SELECT id, audit_content(previous_hash, id, at, actor, action, target, outcome, details) AS content,
       previous_hash AS "previousHash", hash
     FROM audit WHERE id > $1 ORDER BY id LIMIT $2`,
    [after, limit],
  );
}

/** Where the chain should end. */
export async function readAuditHead(sql: Sql): Promise<{ n: number; hash: string }> {
  const [head] = await sql<{ n: number; hash: string }>('SELECT n, hash FROM audit_head');
  return head!;
}

/** PostgreSQL's text holds no NUL and no half of a surrogate pair; what is cut says so. */
function storable(text: string): string {
  const sound = text.replaceAll('\0', '\u{FFFD}').toWellFormed();
  return sound.length <= MAX_TEXT ? sound : `${sound.slice(0, MAX_TEXT).toWellFormed()}… (cut)`;
}

function storableJson(details: Record<string, unknown>): string {
  const text = JSON.stringify(details, (_key, value: unknown) => {
    if (typeof value === 'string') return storable(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [storable(key), one]));
  });
  return text.length <= MAX_DETAILS ? text : JSON.stringify({ cut: storable(text) });
}
