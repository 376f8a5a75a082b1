import { appendAudit } from '../audit/audit.db.ts';
import type { Context } from '../context.ts';
import { catalogue, RegistryError } from '../errors.ts';
import { loginTried, outcomeOf } from '../events.ts';
import type { Account, Viewer } from './viewer.ts';

/** What is about to be written, for the audit: `login.dns`, `token.create`, … and what it is done to. */
export interface WriteSpec {
  action: string;
  target?: string;
}

/** An account as the audit names it: `github:583231`. */
export const actorOf = ({ provider, subject }: Account): string => `${provider}:${subject}`;

/** Runs a login, which has no viewer yet: within its address's budget, and every refusal is audited. */
export async function login<T>(context: Context, spec: WriteSpec, work: () => Promise<T>): Promise<T> {
  try {
    refuseReadOnly(context);
    await context.spend('login', context.address);
    const done = await auditRefusals(context, null, spec, work);
    loginTried(context.app, spec.action, 'done');
    return done;
  } catch (error) {
    loginTried(context.app, spec.action, outcomeOf(error));
    throw error;
  }
}

/** Runs a write for its viewer: within the account's budget, and every refusal is audited. Throws UNAUTHENTICATED without a viewer. */
export async function write<T>(context: Context, spec: WriteSpec, work: (viewer: Viewer) => Promise<T>): Promise<T> {
  refuseReadOnly(context);
  const viewer = await auditRefusals(context, null, spec, async () => {
    // Whoever sends tokens that are worth nothing spends the budget of where they come from.
    const found = await context.viewer().catch(async (error: unknown) => {
      await context.spend('login', context.address);
      throw error;
    });
    if (found) return found;
    throw new RegistryError('UNAUTHENTICATED', 'This needs a login: send its token as Authorization: Bearer <token>.');
  });
  await context.spend('write', String(viewer.account.id));
  return auditRefusals(context, viewer, spec, () => work(viewer));
}

/** For what only a person's own login may do: tokens and workflows must not make more of themselves. */
export function refuseUnattended(viewer: Viewer): void {
  if (viewer.scope) throw new RegistryError('FORBIDDEN', 'An API token can not do this: log in yourself.');
  if (viewer.method === 'github-oidc') {
    throw new RegistryError('FORBIDDEN', 'A workflow can not do this: log in yourself.');
  }
  if (viewer.method === 'none') {
    throw new RegistryError('FORBIDDEN', 'The anonymous account can not do this: log in with a proof.');
  }
}

/** Refuses whatever is for writing while the registry is read-only. */
export function refuseReadOnly({ app }: Context): void {
  if (!app.config.readOnly) return;
  throw new RegistryError('READ_ONLY', 'The registry is read-only at the moment: try again later.', { retryAfter: 60 });
}

async function auditRefusals<T>(
  { app, requestId, address }: Context,
  viewer: Viewer | null,
  { action, target }: WriteSpec,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RegistryError && catalogue[error.code].status < 500 && error.code !== 'RATE_LIMITED') {
      const details = { code: error.code, message: error.message, requestId, address };
      const actor = viewer && actorOf(viewer.account);
      await appendAudit(app.db.sql, { actor, action, target: target ?? null, outcome: 'refused', details });
    }
    throw error;
  }
}
