import { appendAudit } from '../audit/audit.db.ts';
import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { revokeSession as revokeRow } from './sessions.db.ts';
import { actorOf, write } from './write.ts';

/** Ends the login that the request came with, at once and for good. */
export function revokeSession(context: Context): Promise<string> {
  return write(context, { action: 'session.revoke' }, async ({ account, credentialId, scope }) => {
    if (scope) {
      throw new RegistryError('FORBIDDEN', 'This is an API token, not a login: revoke it with revokeApiToken.');
    }
    await context.app.db.transaction(async (sql) => {
      await revokeRow(sql, credentialId, context.app.now());
      const entry = { actor: actorOf(account), action: 'session.revoke', target: credentialId };
      await appendAudit(sql, { ...entry, outcome: 'done' });
    });
    return credentialId;
  });
}
