import type { Sql } from '../db.ts';
import type { Workflow } from './grants.ts';
import type { Viewer } from './viewer.ts';

/** A domain that the viewer's account was seen to control. */
export interface VerifiedDomain {
  domain: string;
  method: 'txt' | 'dns' | 'http';
  status: 'pending' | 'verified' | 'suspended' | 'disputed';
}

/** All that is looked up to decide whether a viewer may write under a name: as it is now, not as it was at login. */
export interface Facts {
  /** Whether the session or API token was revoked or has expired since. */
  ended: boolean;
  /** Ids of the viewer's accounts that are blocked. */
  blockedAccounts: number[];
  /** The account that the namespace belongs to; null when nobody proved it yet. */
  owner: number | null;
  ownerName: string | null;
  /** The nearest namespace at or above this one that is blocked, and why. */
  block: { namespace: string; reason: string } | null;
  domains: VerifiedDomain[];
  /** The only workflow that may write this server by OIDC, where one is named. */
  trusted: Workflow | null;
}

/** Every account that a viewer speaks for: its own, and the organisations that its login owned. */
export const accountIds = ({ account, grants }: Viewer): number[] => [
  ...new Set([account.id, ...(grants.github ?? []).map((grant) => grant.accountId)]),
];

/** Looks the facts up in one statement; `serverKey` is null for a whole namespace. */
export async function readFacts(
  sql: Sql,
  viewer: Viewer,
  name: { namespaceKey: string; serverKey: string | null },
  now: Date,
): Promise<Facts> {
  const table = viewer.scope ? 'api_tokens' : 'sessions';
  const [facts] = await sql<Facts>(
    `SELECT
       NOT EXISTS (SELECT FROM ${table} WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2) AS ended,
       ARRAY(SELECT id FROM accounts WHERE id = ANY($3::int[]) AND blocked_at IS NOT NULL) AS "blockedAccounts",
       n.account_id AS owner, a.display_name AS "ownerName",
       (SELECT jsonb_build_object('namespace', name, 'reason', coalesce(blocked_reason, 'No reason was given.'))
        FROM namespaces WHERE name_key = ANY($5::text[]) AND blocked_at IS NOT NULL
        ORDER BY length(name_key) DESC LIMIT 1) AS block,
       coalesce((SELECT jsonb_agg(jsonb_build_object('domain', domain, 'method', method, 'status', status) ORDER BY id)
        FROM domain_verifications WHERE account_id = $6), '[]') AS domains,
       (SELECT jsonb_build_object('repository', repository, 'workflow', workflow, 'environment', environment)
        FROM trusted_publishers WHERE name_key = $7) AS trusted
     FROM (SELECT $4::text AS key) k
     LEFT JOIN namespaces n ON n.name_key = k.key LEFT JOIN accounts a ON a.id = n.account_id`,
    [
      viewer.credentialId,
      now.toISOString(),
      accountIds(viewer),
      name.namespaceKey,
      upwards(name.namespaceKey),
      viewer.account.id,
      name.serverKey,
    ],
  );
  return facts!;
}

/** `com.example.team` → itself, `com.example`, `com`. */
export function upwards(namespaceKey: string): string[] {
  const labels = namespaceKey.split('.');
  return labels.map((_, i) => labels.slice(0, labels.length - i).join('.'));
}
