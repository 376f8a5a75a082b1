import { appendAudit } from '../audit/audit.db.ts';
import type { Context, Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { checkText } from '../input.ts';
import { domainOfNamespace } from '../namespaces/domain.ts';
import { parseNamespace } from '../namespaces/server-name.ts';
import { findAccount, setAccountBlock as blockAccount } from './accounts.db.ts';
import { isAdministrator } from './decide.ts';
import { assignNamespace as assignRow, setNamespaceBlock as blockRow } from './namespaces.db.ts';
import type { Account } from './viewer.ts';
import { actorOf, write } from './write.ts';

/** An account by how it was proved: `github` and its number, `domain` and its name. */
export interface AccountKey {
  provider: string;
  subject: string;
}

/** Blocks a namespace and all below it, or lets it go; for administrators. */
export function setNamespaceBlock(
  context: Context,
  input: { namespace: string; blocked: boolean; reason: string },
): Promise<string> {
  const { blocked, reason } = input;
  const action = blocked ? 'namespace.block' : 'namespace.unblock';
  return moderate(context, { action, target: input.namespace, reason }, async (sql) => {
    const namespace = parseNamespace(input.namespace);
    await blockRow(sql, namespace, blocked ? reason : null, context.app.now());
    return namespace.name;
  });
}

/** Stops an account from logging in and writing, its tokens included, or lets it again; for administrators. */
export function setAccountBlock(
  context: Context,
  input: { account: AccountKey; blocked: boolean; reason: string },
): Promise<Account> {
  const { account: key, blocked, reason } = input;
  const action = blocked ? 'account.block' : 'account.unblock';
  return moderate(context, { action, target: `${key.provider}:${key.subject}`, reason }, async (sql) => {
    const account = await accountOf(sql, key);
    await blockAccount(sql, account.id, blocked ? reason : null, context.app.now());
    return account;
  });
}

/** Decides who a namespace belongs to, which ends a dispute; for administrators. */
export function assignNamespace(
  context: Context,
  input: { namespace: string; account: AccountKey; reason: string },
): Promise<string> {
  const { account: key, reason } = input;
  return moderate(context, { action: 'namespace.assign', target: input.namespace, reason }, async (sql) => {
    const namespace = parseNamespace(input.namespace);
    const { id } = await accountOf(sql, key);
    await assignRow(sql, namespace, domainOfNamespace(namespace.key), id);
    return namespace.name;
  });
}

async function accountOf(sql: Sql, { provider, subject }: AccountKey): Promise<Account> {
  const account = await findAccount(sql, checkText(provider, 'A provider'), checkText(subject, 'A subject'));
  if (account) return account;
  throw new RegistryError(
    'NOT_FOUND',
    `No account ${provider}:${subject} ever logged in: a GitHub account goes by its number.`,
  );
}

/** Runs an administrator's decision in one transaction with its audit, which has the reason. */
function moderate<T>(
  context: Context,
  { action, target, reason }: { action: string; target: string; reason: string },
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  return write(context, { action, target: target.slice(0, 255) }, (viewer) => {
    if (!isAdministrator(viewer, 'edit', '*', context.app.config)) {
      throw new RegistryError('FORBIDDEN', 'This is for administrators: log in through their OIDC issuer.');
    }
    if (checkText(reason, 'A reason', 500).trim() === '') {
      throw new RegistryError('BAD_USER_INPUT', 'Say the reason: the audit keeps it, and who is affected reads it.');
    }
    return context.app.db.transaction(async (sql) => {
      const result = await work(sql);
      const entry = { actor: actorOf(viewer.account), action, target, details: { reason } };
      await appendAudit(sql, { ...entry, outcome: 'done' });
      return result;
    });
  });
}
