import { randomUUID } from 'node:crypto';
import { appendAudit } from '../audit/audit.db.ts';
import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { checkText } from '../input.ts';
import { createApiToken as makeApiToken } from './api-token.ts';
import {
  insertApiToken,
  listApiTokens,
  lockApiTokens,
  revokeApiToken as revokeRow,
  type ApiTokenRow,
} from './api-tokens.db.ts';
import { authorize, namespaceTarget, serverTarget } from './authorize.ts';
import type { Action } from './viewer.ts';
import { actorOf, refuseUnattended, write } from './write.ts';

/** What a new token is to be good for. */
export interface ApiTokenInput {
  /** What its owner calls it. */
  name: string;
  /** Whole names, or whole namespaces: `io.github.alice/*`. */
  names: string[];
  actions: Action[];
  /** 1 to 365. */
  expiresInDays: number;
}

const MAX_TOKENS = 100;
const MAX_NAMES = 50;
const DAY_MS = 24 * 3_600_000;

/** Makes a token for CI and shows it, once; it can do no more than its maker, who must be able to do all of it now. */
export function createApiToken(context: Context, input: ApiTokenInput): Promise<{ token: string; row: ApiTokenRow }> {
  return write(context, { action: 'token.create' }, async (viewer) => {
    refuseUnattended(viewer);
    const { app } = context;
    checkInput(input);
    const targets = input.names.map((name) => (name.endsWith('/*') ? namespaceTarget(name) : serverTarget(name)));
    for (const target of targets) for (const action of input.actions) await authorize(app, viewer, action, target);
    const now = app.now();
    const { token, hash } = makeApiToken();
    const row = await app.db.transaction(async (sql) => {
      await lockApiTokens(sql, viewer.account.id);
      if ((await listApiTokens(sql, viewer.account.id, now)).length >= MAX_TOKENS) {
        throw new RegistryError('LIMIT_REACHED', `An account has at most ${MAX_TOKENS} tokens: revoke one first.`);
      }
      const made = await insertApiToken(sql, viewer, {
        id: randomUUID(),
        name: input.name,
        hash,
        scope: { names: targets.map((target) => target.key), actions: [...new Set(input.actions)] },
        now,
        expiresAt: new Date(now.valueOf() + input.expiresInDays * DAY_MS),
      });
      const { id, name, names, actions, expiresAt } = made;
      const details = { name, names, actions, expiresAt };
      await appendAudit(sql, {
        actor: actorOf(viewer.account),
        action: 'token.create',
        target: id,
        outcome: 'done',
        details,
      });
      return made;
    });
    return { token, row };
  });
}

function checkInput({ name, names, actions, expiresInDays }: ApiTokenInput): void {
  checkText(name, "A token's name", 100);
  if (name.trim() === '') {
    throw new RegistryError('BAD_USER_INPUT', 'A token needs a name, by which you know it again.');
  }
  if (names.length === 0 || names.length > MAX_NAMES) {
    throw new RegistryError(
      'BAD_USER_INPUT',
      `A token is for 1 to ${MAX_NAMES} names, such as io.github.alice/* or io.github.alice/weather.`,
    );
  }
  if (actions.length === 0) throw new RegistryError('BAD_USER_INPUT', 'A token needs at least one action.');
  if (!Number.isInteger(expiresInDays) || expiresInDays < 1 || expiresInDays > 365) {
    throw new RegistryError('BAD_USER_INPUT', 'A token lasts 1 to 365 days.');
  }
}

/** Revokes one of the viewer's own tokens, at once; throws NOT_FOUND for any other. */
export function revokeApiToken(context: Context, id: string): Promise<string> {
  return write(context, { action: 'token.revoke', target: id.slice(0, 100) }, async (viewer) => {
    // A token may end itself, which is what one does who finds it in a log.
    if (viewer.credentialId !== id) refuseUnattended(viewer);
    await context.app.db.transaction(async (sql) => {
      const known = isUuid(id) && (await revokeRow(sql, viewer.account.id, id, context.app.now()));
      if (!known) throw new RegistryError('NOT_FOUND', 'You have no such token, or it was revoked before.');
      await appendAudit(sql, { actor: actorOf(viewer.account), action: 'token.revoke', target: id, outcome: 'done' });
    });
    return id;
  });
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
