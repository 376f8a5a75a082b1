import type { Sql } from '../db.ts';

/** Whether any version that is not deleted ships the package. */
export async function isPublished(sql: Sql, registryType: string, identifier: string): Promise<boolean> {
  const rows = await sql(
    `SELECT 1 FROM packages p JOIN versions v ON v.id = p.version_id
     WHERE p.registry_type = $1 AND (p.identifier = $2 OR p.name = $2) AND v.status <> 'deleted' LIMIT 1`,
    [registryType, identifier],
  );
  return rows.length > 0;
}
