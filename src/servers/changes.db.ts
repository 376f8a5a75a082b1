import type { Sql } from '../db.ts';
import type { Ref } from './rows.ts';

export type ChangeKind = 'published' | 'edited' | 'status_changed' | 'latest_changed';

/** A row of the change log with the reference of the version that changed, as it is now. */
export interface ChangeRow extends Ref {
  changeRevision: number;
  kind: ChangeKind;
  changedAt: string;
}

/** Reads the change log behind a revision, oldest first. */
export function readChanges(sql: Sql, after: number, limit: number): Promise<ChangeRow[]> {
  return sql(
    `SELECT c.revision AS "changeRevision", c.kind, c.changed_at AS "changedAt", v.id, v.revision
     FROM changes c JOIN versions v ON v.id = c.version_id
     WHERE c.revision > $1 ORDER BY c.revision LIMIT $2`,
    [after, limit],
  );
}
