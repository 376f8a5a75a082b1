import type { Sql } from '../db.ts';

/** A version whose packages are to be asked about again. */
export interface DueVersion {
  id: number;
  name: string;
  version: string;
  document: string;
  /** The last verdict of each package, in the order of the document. */
  verdicts: (string | null)[];
}

/** Takes latest versions with packages that were asked about before `before`, oldest first, and marks these as asked now, so that no other process takes them. */
export function takeDuePackages(
  sql: Sql,
  { before, now, limit }: { before: Date; now: Date; limit: number },
): Promise<DueVersion[]> {
  return sql<DueVersion>(
    `WITH due AS (
       SELECT p.version_id, p.position FROM packages p JOIN versions v ON v.id = p.version_id
       WHERE p.checked_at <= $1 AND v.is_latest AND v.source IS NULL AND v.status <> 'deleted'
       ORDER BY p.checked_at, p.version_id LIMIT $3 FOR UPDATE OF p SKIP LOCKED),
     taken AS (
       UPDATE packages SET checked_at = $2 WHERE version_id IN (SELECT version_id FROM due) AND checked_at <= $1 RETURNING version_id)
     SELECT v.id, s.name, v.version, v.document,
       ARRAY(SELECT verdict FROM packages WHERE version_id = v.id ORDER BY position) AS verdicts
     FROM versions v JOIN servers s ON s.id = v.server_id WHERE v.id IN (SELECT version_id FROM taken)`,
    [before.toISOString(), now.toISOString(), limit],
  );
}

/** Keeps what packages' registries said, by their place in the document; null leaves what they said before. */
export async function writeVerdicts(
  sql: Sql,
  versionId: number,
  said: { position: number; status: string | null; checkedAt: string; evidence: Record<string, unknown> | null }[],
): Promise<void> {
  await sql(
    `UPDATE packages p SET verdict = coalesce(x.verdict, p.verdict), checked_at = x.checked_at, evidence = coalesce(x.evidence, p.evidence)
     FROM unnest($2::int[], $3::text[], $4::timestamptz[], $5::jsonb[]) x(position, verdict, checked_at, evidence)
     WHERE p.version_id = $1 AND p.position = x.position`,
    [
      versionId,
      said.map((one) => one.position),
      said.map((one) => one.status),
      said.map((one) => one.checkedAt),
      said.map((one) => one.evidence && JSON.stringify(one.evidence)),
    ],
  );
}
