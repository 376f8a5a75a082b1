import type { Sql } from '../db.ts';
import type { Workflow } from './grants.ts';

/** The only workflow that may write a server by OIDC; null where none is named. */
export async function findTrustedPublisher(sql: Sql, nameKey: string): Promise<Workflow | null> {
  const [row] = await sql<Workflow>(
    'SELECT repository, workflow, environment FROM trusted_publishers WHERE name_key = $1',
    [nameKey],
  );
  return row ?? null;
}

/** Names the workflow, in the place of the one before; null takes the restriction away. */
export async function writeTrustedPublisher(
  sql: Sql,
  nameKey: string,
  accountId: number,
  workflow: Workflow | null,
): Promise<void> {
  if (!workflow) {
    await sql('DELETE FROM trusted_publishers WHERE name_key = $1', [nameKey]);
    return;
  }
  await sql(
    `INSERT INTO trusted_publishers (name_key, account_id, repository, workflow, environment) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (name_key) DO UPDATE SET account_id = excluded.account_id, repository = excluded.repository,
       workflow = excluded.workflow, environment = excluded.environment, created_at = now()`,
    [nameKey, accountId, workflow.repository, workflow.workflow, workflow.environment],
  );
}
