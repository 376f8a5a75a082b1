import type { Context, Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import type { GithubName } from '../external/github.ts';
import { claimNamespaces } from '../namespaces/namespaces.db.ts';
import { githubNamespace } from '../namespaces/reserved.ts';
import { ensureAccounts, type Proven } from './accounts.db.ts';
import type { GithubGrant } from './grants.ts';
import { completeLogin, type Login } from './login.ts';
import { orUnavailable } from './outage.ts';
import type { Account } from './viewer.ts';
import { login } from './write.ts';

/** Exchanges a GitHub access token, issued to our own OAuth app where that is configured, for a registry token. */
export function loginWithGithub(context: Context, token: string): Promise<Login> {
  return login(context, { action: 'login.github-at' }, async () => {
    const { github } = context.app.outside;
    const { user, organisations } = await orUnavailable('GitHub', async (signal) => {
      const found = await github.user(token, signal);
      if (!found.ok) throw refused(found.reason);
      return { user: found.user, organisations: await github.ownedOrganisations(token, signal) };
    });
    return completeLogin(context, {
      method: 'github-at',
      subject: user.login,
      credential: organisations.length > 0 ? token : undefined,
      settle: async (sql) => {
        const [account, ...owned] = await ensureAccounts(sql, [user, ...organisations].map(toProven));
        const github = await claimGithubNames(sql, [
          { account: account!, name: user, isOrganisation: false },
          ...organisations.map((name, i) => ({ account: owned[i]!, name, isOrganisation: true })),
        ]);
        return { account: account!, grants: { github } };
      },
    });
  });
}

/** A GitHub account as we keep it: by its number, for logins are renamed, freed and taken by others. */
export const toProven = ({ id, login }: GithubName): Proven => ({
  provider: 'github',
  subject: String(id),
  displayName: login,
});

/** Claims `io.github.<login>` for each, where it is nobody's yet, and gives the grants; a login that can be no namespace gives none. */
export async function claimGithubNames(
  sql: Sql,
  owners: { account: Account; name: GithubName; isOrganisation: boolean }[],
): Promise<GithubGrant[]> {
  const named = owners.flatMap(({ account, name, isOrganisation }) => {
    const namespace = githubNamespace(name.login);
    return namespace ? [{ account, name, isOrganisation, namespace }] : [];
  });
  await claimNamespaces(
    sql,
    named.map(({ account, namespace }) => ({
      namespaceName: namespace.name,
      namespaceKey: namespace.key,
      accountId: account.id,
    })),
  );
  return named.map(({ account, name, isOrganisation, namespace }) => ({
    namespaceKey: namespace.key,
    accountId: account.id,
    organisation: isOrganisation ? { id: name.id, login: name.login } : null,
  }));
}

function refused(reason: 'invalid' | 'foreign-app'): RegistryError {
  const why =
    reason === 'invalid'
      ? 'GitHub does not accept this token: log in again.'
      : "This token was issued to another app, which could publish in your name: log in through the registry's own.";
  return new RegistryError('PROOF_REJECTED', why);
}
