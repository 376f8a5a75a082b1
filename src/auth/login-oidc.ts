import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { ensureAccounts } from './accounts.db.ts';
import { isStorable, onceFor, verifyIdentity } from './identity-token.ts';
import { completeLogin, type Login } from './login.ts';
import { login } from './write.ts';

/** Exchanges an identity token of the administrators' issuer for a registry token; every claim of the configuration must be there. */
export function loginWithOidc(context: Context, token: string): Promise<Login> {
  return login(context, { action: 'login.oidc' }, async () => {
    const { config, outside } = context.app;
    if (!config.oidc || !outside.administrators) {
      throw new RegistryError('NOT_ENABLED', 'Logging in with OIDC is not enabled here.');
    }
    const { issuer, clientId, claims } = config.oidc;
    const payload = await verifyIdentity(outside.administrators, token, { audience: clientId, now: context.app.now() });
    const missing = claims
      .flatMap((one) => Object.entries(one))
      .find(([name, value]) => !isDeepStrictEqual(payload[name], value));
    if (missing) {
      throw new RegistryError('PROOF_REJECTED', `The token's claim ${missing[0]} is not what administrators need.`);
    }
    const { sub } = payload;
    if (!isStorable(sub)) {
      throw new RegistryError('PROOF_REJECTED', 'The token names nobody: its `sub` is missing or too long.');
    }
    const displayName = isStorable(payload.email) ? payload.email : sub;
    return completeLogin(context, {
      method: 'oidc',
      subject: sub,
      once: onceFor(payload, token),
      settle: async (sql) => {
        const [account] = await ensureAccounts(sql, [{ provider: `oidc:${issuer}`, subject: sub, displayName }]);
        return { account: account!, grants: {} };
      },
    });
  });
}
