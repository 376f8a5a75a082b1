import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { parseDomain } from '../namespaces/domain.ts';
import { claimNamespace } from '../namespaces/namespaces.db.ts';
import { recordKeyProof } from '../namespaces/verification.db.ts';
import { ensureAccounts } from './accounts.db.ts';
import { createChallenge } from './challenge.ts';
import { checkDomainProof, type DomainProof } from './domain-proof.ts';
import { completeLogin, type Login } from './login.ts';
import { login, refuseReadOnly } from './write.ts';

/** Exchanges a signature by a key that the domain publishes for a registry token; each signature counts once. */
export function loginWithDomain(context: Context, proof: DomainProof): Promise<Login> {
  const spec = { action: `login.${proof.method}`, target: proof.domain.slice(0, 253) };
  return login(context, spec, async () => {
    const { app } = context;
    const { keys, outside, config } = app;
    const env = { keys, publicUrl: config.publicUrl, resolver: outside.resolver, readKeyFile: outside.readKeyFile };
    const { domain, replayId, replayUntil } = await checkDomainProof(env, proof, app.now());
    const { name, namespaceKey } = domain;
    return completeLogin(context, {
      method: proof.method,
      subject: name,
      once: { id: replayId, until: replayUntil },
      settle: async (sql) => {
        const [account] = await ensureAccounts(sql, [{ provider: 'domain', subject: name, displayName: name }]);
        const accountId = account!.id;
        const { mine } = await claimNamespace(sql, { namespaceName: namespaceKey, namespaceKey, accountId });
        await recordKeyProof(sql, { accountId, domain: name, method: proof.method, mine, now: app.now() });
        return { account: account!, grants: { domain: { name, subtree: proof.method === 'dns' } } };
      },
    });
  });
}

/** A proof as the doors take it. */
type ProofInput = Pick<DomainProof, 'domain' | 'method' | 'signature'> & {
  challenge?: string | null;
  timestamp?: string | null;
};

/** A proof as it was sent, whichever door it came to: it signs a challenge or a timestamp, and not both. */
export function toProof({ challenge, timestamp, ...rest }: ProofInput): DomainProof {
  if (challenge != null && timestamp == null) return { ...rest, challenge };
  if (timestamp != null && challenge == null) return { ...rest, timestamp };
  throw new RegistryError('BAD_USER_INPUT', 'Send the `challenge` or the `timestamp` that was signed, and not both.');
}

/** A line to sign with the domain's key: good for this registry, this domain and five minutes. */
export async function startDomainProof(
  context: Context,
  { domain, method }: { domain: string; method: 'dns' | 'http' },
): Promise<{ challenge: string; expiresAt: Date }> {
  const { app, spend, address } = context;
  refuseReadOnly(context);
  await spend('login', address);
  const { name } = parseDomain(domain);
  return createChallenge(app.keys, { publicUrl: app.config.publicUrl, domain: name, method, now: app.now() });
}
