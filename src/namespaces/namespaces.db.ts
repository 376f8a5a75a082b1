import type { Db, Sql } from '../db.ts';

/** A namespace, and the account that has just proved it. */
export interface Claim {
  /** As it was written. */
  namespaceName: string;
  namespaceKey: string;
  accountId: number;
}

/** Finds a namespace by its key. */
export function findNamespace({ prisma }: Pick<Db, 'prisma'>, nameKey: string): Promise<{ name: string } | null> {
  return prisma.namespace.findUnique({ select: { name: true }, where: { nameKey } });
}

/** Claims a namespace: it belongs to whoever proves it first, also of many at once. */
export async function claimNamespace(sql: Sql, claim: Claim): Promise<{ ownerId: number; mine: boolean }> {
  const [owner] = await claimNamespaces(sql, [claim]);
  return { ownerId: owner!, mine: owner === claim.accountId };
}

/** The same for several; gives the owners in their order. */
export async function claimNamespaces(sql: Sql, claims: Claim[]): Promise<number[]> {
  if (claims.length === 0) return [];
  const keys = claims.map((claim) => claim.namespaceKey);
  // In one order, so that two claims of the same namespaces can't wait for each other.
  await sql(
    `INSERT INTO namespaces (name, name_key, account_id)
     SELECT DISTINCT ON (name_key COLLATE "C") name, name_key, account_id
     FROM unnest($1::text[], $2::text[], $3::int[]) x(name, name_key, account_id)
     WHERE NOT EXISTS (SELECT FROM namespaces n WHERE n.name_key = x.name_key AND n.account_id IS NOT NULL)
     ORDER BY name_key COLLATE "C"
     ON CONFLICT (name_key) DO UPDATE SET account_id = excluded.account_id WHERE namespaces.account_id IS NULL`,
    [claims.map((claim) => claim.namespaceName), keys, claims.map((claim) => claim.accountId)],
  );
  const rows = await sql<{ key: string; owner: number }>(
    'SELECT name_key AS key, account_id AS owner FROM namespaces WHERE name_key = ANY($1::text[])',
    [keys],
  );
  const owners = new Map(rows.map((row) => [row.key, row.owner]));
  return keys.map((key) => owners.get(key)!);
}
