import type { App } from '../app.ts';
import { appendAudit } from '../audit/audit.db.ts';
import { verifyPackages, type PackageVerdict } from '../packages/verify.ts';
import { readDocument, type Json } from '../servers/document.ts';
import { toKept } from './ownership.ts';
import { takeDuePackages, writeVerdicts, type DueVersion } from './recheck.db.ts';

const HOUR_MS = 3_600_000;
/** A package is asked about again when its last verdict is this old. */
const EVERY_MS = 7 * 24 * HOUR_MS;
/** Versions asked about at a time, and at most in one run: upstreams are everybody's. */
const BATCH = 4;
const MAX_A_RUN = 400;

/**
 * Asks again about packages of the latest versions published here. What they say now is kept beside the version, and a
 * package that no longer proves it is told in the audit, for people to look at: nothing is hidden by a job.
 * Ends early, between two batches, once the signal aborts.
 */
export async function recheckPackages(app: App, signal?: AbortSignal): Promise<{ asked: number; lost: number }> {
  const total = { asked: 0, lost: 0 };
  if (!app.config.packages.validate) return total;
  while (total.asked < MAX_A_RUN && !signal?.aborted) {
    const now = app.now();
    const due = await takeDuePackages(app.db.sql, { before: new Date(now.valueOf() - EVERY_MS), now, limit: BATCH });
    if (due.length === 0) break;
    const lost = await Promise.all(due.map((version) => recheck(app, version)));
    total.asked += due.length;
    total.lost += lost.filter(Boolean).length;
  }
  return total;
}

/** Whether a package that proved it does so no more. */
async function recheck(app: App, { id, name, version, document, verdicts }: DueVersion): Promise<boolean> {
  const { packages } = readDocument(JSON.parse(document) as Json);
  const found = await verifyPackages(app.outside.packages, name, packages, { now: app.now });
  const said = found.map((one, position) => ({
    position,
    ...(one.verdict.status === 'unavailable' ? later(one) : toKept(one)),
  }));
  const lost = said.filter((one) => one.status === 'refused' && verdicts[one.position] === 'verified');
  await app.db.transaction(async (sql) => {
    await writeVerdicts(sql, id, said);
    for (const { position, evidence } of lost) {
      const details = { version, package: packages[position]?.identifier, ...evidence };
      await appendAudit(sql, { actor: null, action: 'package.unproven', target: name, outcome: 'done', details });
    }
  });
  return lost.length > 0;
}

/** One that can't be asked says nothing: its last word counts, and it is asked again in an hour. */
const later = ({ checkedAt }: PackageVerdict) => ({
  status: null,
  checkedAt: new Date(checkedAt.valueOf() - EVERY_MS + HOUR_MS).toISOString(),
  evidence: null,
});
