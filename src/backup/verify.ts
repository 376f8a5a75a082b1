import { verifyAudit } from '../audit/verify.ts';
import type { Sql } from '../context.ts';
import { BackupError } from './backup-error.ts';
import type { Manifest } from './manifest.ts';
import { readLog, readUnsound } from './verify.db.ts';

/** Checks what was restored before it counts: the change log, latest, the numbering and the audit; throws BackupError. */
export async function verifyRestored(sql: Sql, { revision, auditRows }: Manifest): Promise<void> {
  const log = await readLog(sql);
  const whole = log.revision === revision && log.last === revision && log.changes === revision;
  if (!whole) {
    refuse(`the change log has ${log.changes} rows up to revision ${log.last} where it should have ${revision}`);
  }
  for (const problem of await readUnsound(sql)) refuse(problem);
  const { rows, broken } = await verifyAudit(sql);
  if (broken) refuse(`the audit breaks at row ${broken.at}: ${broken.reason}`);
  if (rows !== auditRows) refuse(`the audit has ${rows} rows where it should have ${auditRows}`);
}

function refuse(what: string): never {
  throw new BackupError(`The backup is not sound, and nothing of it was kept: ${what}. Take another one.`);
}
