import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { ensureAccounts } from './accounts.db.ts';
import { completeLogin, type Login } from './login.ts';
import { login } from './write.ts';

/** For local trials: one account that all share, which may write io.modelcontextprotocol.anonymous/* and nothing else. */
export function loginAnonymously(context: Context): Promise<Login> {
  return login(context, { action: 'login.none' }, async () => {
    if (!context.app.config.anonymousAuth) {
      throw new RegistryError('NOT_ENABLED', 'Logging in anonymously is not enabled here: log in with a proof.');
    }
    return completeLogin(context, {
      method: 'none',
      subject: 'anonymous',
      settle: async (sql) => {
        const anonymous = { provider: 'anonymous', subject: 'anonymous', displayName: 'Anonymous' };
        const [account] = await ensureAccounts(sql, [anonymous]);
        return { account: account!, grants: {} };
      },
    });
  });
}
