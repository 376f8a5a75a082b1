import { randomUUID } from 'node:crypto';
import { appendAudit } from '../audit/audit.db.ts';
import type { Context, Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { readBlock, useProof } from './accounts.db.ts';
import { actorOf } from './write.ts';
import { seal } from './credential.ts';
import type { Grants } from './grants.ts';
import { permissionsOf, type Permission } from './permissions.ts';
import { signRegistryToken } from './registry-token.ts';
import { insertSession } from './sessions.db.ts';
import type { Account, Method, Viewer } from './viewer.ts';

/** What a login gives: a token of one hour, and who it is for. */
export interface Login {
  token: string;
  expiresAt: Date;
  viewer: Viewer;
}

/** A proof that was found good. */
export interface Proof {
  method: Method;
  subject: string;
  /** Counts once, until then. */
  once?: { id: string; until: Date };
  /** The outside credential to ask memberships with, in the clear. */
  credential?: string;
  /** Makes the accounts and claims the namespaces, in the login's transaction. */
  settle(sql: Sql): Promise<{ account: Account; grants: Grants }>;
}

/** Long enough for a CI job, short enough that a lost token is soon worth nothing. */
const LIFETIME_SECONDS = 3600;

/** Turns a proof into a session and its token, in one transaction with the audit; a proof that was used is refused. */
export async function completeLogin({ app, requestId, address }: Context, proof: Proof): Promise<Login> {
  const { method, subject } = proof;
  const now = app.now();
  const expiresAt = new Date(now.valueOf() + LIFETIME_SECONDS * 1000);
  const sealed = proof.credential === undefined ? null : seal(app.keys, proof.credential);
  const id = randomUUID();
  const viewer = await app.db.transaction(async (sql): Promise<Viewer> => {
    await spendProof(sql, proof);
    const { account, grants } = await proof.settle(sql);
    const blocked = await readBlock(sql, account.id);
    if (blocked !== null) throw new RegistryError('BLOCKED', `Your account is blocked: ${blocked}`);
    await insertSession(sql, { id, accountId: account.id, method, subject, grants, sealed, now, expiresAt });
    await appendAudit(sql, {
      actor: actorOf(account),
      action: `login.${method}`,
      target: subject,
      outcome: 'done',
      details: { session: id, requestId, address },
    });
    return {
      account,
      method,
      subject,
      grants,
      credentialId: id,
      scope: null,
      sealed,
      expiresAt: expiresAt.toISOString(),
    };
  });
  return sign({ app }, viewer, now);
}

async function spendProof(sql: Sql, { once }: Proof): Promise<void> {
  if (!once || (await useProof(sql, once.id, once.until))) return;
  throw new RegistryError('PROOF_REJECTED', 'This proof was used before, and counts once: make a new one.');
}

async function sign({ app }: Pick<Context, 'app'>, viewer: Viewer, now: Date): Promise<Login> {
  const { token, expiresAt } = await signRegistryToken(app.keys, {
    publicUrl: app.config.publicUrl,
    sessionId: viewer.credentialId,
    accountId: viewer.account.id,
    method: viewer.method,
    subject: viewer.subject,
    permissions: forToken(await permissionsOf(app, viewer)),
    now,
    lifetimeSeconds: LIFETIME_SECONDS,
  });
  return { token, expiresAt, viewer };
}

/** Old clients read these from the token; it goes into a header, so there must not be too many. */
const forToken = (permissions: Permission[]) =>
  permissions.slice(0, 50).map(({ action, resource }) => ({ action, resource }));
