import type { Sql } from '../db.ts';
import { upwards } from './facts.db.ts';

/** A namespace of a viewer's, and why it can't be written at the moment; null when it can. */
export interface OwnedNamespace {
  name: string;
  problem: string | null;
}

/** The namespaces that belong to these accounts or that the viewer's own proved too late, by name; at most 1,000. */
export function listNamespaces(sql: Sql, accounts: number[], viewer: number): Promise<OwnedNamespace[]> {
  return sql<OwnedNamespace>(
    `SELECT n.name, CASE
       WHEN n.blocked_at IS NOT NULL THEN 'It is blocked: ' || coalesce(n.blocked_reason, 'no reason was given.')
       WHEN d.status = 'disputed' THEN 'Another account proved it first. If that is wrong, ask the operators.'
       WHEN d.status = 'suspended' THEN 'The proof of ' || d.domain || ' was gone for three days: publish its record again.'
     END AS problem
     FROM namespaces n
     LEFT JOIN LATERAL (
       SELECT domain, status FROM domain_verifications
       WHERE account_id = $2 AND status <> 'pending' AND domain = (
         SELECT string_agg(label, '.' ORDER BY place DESC)
         FROM unnest(string_to_array(n.name_key, '.')) WITH ORDINALITY l(label, place))
       ORDER BY status <> 'verified' LIMIT 1) d ON true
     WHERE n.account_id = ANY($1::int[]) OR n.name_key = ANY(ARRAY(
       SELECT (SELECT string_agg(label, '.' ORDER BY place DESC)
               FROM unnest(string_to_array(v.domain, '.')) WITH ORDINALITY l(label, place))
       FROM domain_verifications v WHERE v.account_id = $2 AND v.status = 'disputed'))
     ORDER BY n.name_key LIMIT 1000`,
    [accounts, viewer],
  );
}

/** Those of some namespaces, in lower case, that another account than these has, or that are blocked, by themselves or from above. */
export async function refusedNamespaces(sql: Sql, keys: string[], accounts: number[]): Promise<Set<string>> {
  const pairs = keys.flatMap((key) => upwards(key).map((above) => [key, above] as const));
  const rows = await sql<{ key: string }>(
    `SELECT DISTINCT x.key FROM unnest($1::text[], $2::text[]) x(key, above) JOIN namespaces n ON n.name_key = x.above
     WHERE n.blocked_at IS NOT NULL OR (x.key = x.above AND n.account_id <> ALL($3::int[]))`,
    [pairs.map(([key]) => key), pairs.map(([, above]) => above), accounts],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Blocks a namespace and all below it, whether it was published yet or not; a null reason lets it go. */
export async function setNamespaceBlock(
  sql: Sql,
  namespace: { name: string; key: string },
  reason: string | null,
  now: Date,
): Promise<void> {
  await sql(
    `INSERT INTO namespaces (name, name_key, blocked_at, blocked_reason) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name_key) DO UPDATE SET blocked_at = excluded.blocked_at, blocked_reason = excluded.blocked_reason`,
    [namespace.name, namespace.key, reason === null ? null : now.toISOString(), reason],
  );
}

/** Gives a namespace to an account, and its domain's verifications their new standing: the owner's hold, all others are disputed. */
export async function assignNamespace(
  sql: Sql,
  namespace: { name: string; key: string },
  domain: string,
  accountId: number,
): Promise<void> {
  await sql(
    `INSERT INTO namespaces (name, name_key, account_id) VALUES ($1, $2, $3)
     ON CONFLICT (name_key) DO UPDATE SET account_id = excluded.account_id`,
    [namespace.name, namespace.key, accountId],
  );
  await sql(
    `UPDATE domain_verifications SET status = CASE WHEN account_id = $2 THEN 'verified' ELSE 'disputed' END
     WHERE domain = $1 AND status IN ('verified', 'disputed')`,
    [domain, accountId],
  );
}
