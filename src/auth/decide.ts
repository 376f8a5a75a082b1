import type { Config } from '../config.ts';
import { RegistryError } from '../errors.ts';
import { covers, parseDomain, type Domain } from '../namespaces/domain.ts';
import { reservedFor } from '../namespaces/reserved.ts';
import { upwards, type Facts, type VerifiedDomain } from './facts.db.ts';
import type { GithubGrant, Workflow } from './grants.ts';
import { matchesAny } from './patterns.ts';
import type { Action, Viewer } from './viewer.ts';

/** What is asked: an action on a server, or on a whole namespace (`key` is then `<namespace>/*`). */
export interface Target {
  /** As it was written, for sentences. */
  name: string;
  key: string;
  namespaceKey: string;
}

/** A yes: the account that the namespace belongs to by it, and what else must be asked before it counts. */
export interface Permit {
  /** Whom the namespace belongs to, from now on if it was nobody's; null for administrators and the anonymous. */
  accountId: number | null;
  /** The organisation whose membership must still hold. */
  organisation: { id: number; login: string } | null;
}

/** Says, from facts of this moment, whether a viewer may do this; throws the refusal that says which rule and what would help. */
export function decide(
  viewer: Viewer,
  facts: Facts,
  action: Action,
  asked: { target: Target; config: Config },
): Permit {
  const { target, config } = asked;
  if (facts.ended) throw new RegistryError('UNAUTHENTICATED', 'This login has ended: log in again.');
  if (facts.blockedAccounts.includes(viewer.account.id)) throw new RegistryError('BLOCKED', 'Your account is blocked.');
  checkScope(viewer, action, target);
  if (isAdministrator(viewer, action, target.key, config)) return { accountId: null, organisation: null };
  if (action === 'edit') {
    throw new RegistryError(
      'FORBIDDEN',
      'You do not have edit permissions for this server: they are for administrators.',
    );
  }
  checkBlocks(facts, target, config);
  if (viewer.method === 'none') return anonymous(target);
  checkReserved(viewer, target);
  checkTrusted(viewer, facts.trusted);
  return byGithub(viewer, facts, target) ?? byDomain(viewer, facts, target) ?? refuse(viewer, facts, target);
}

function checkScope({ scope }: Viewer, action: Action, { name, key }: Target): void {
  if (!scope) return;
  if (!scope.actions.includes(action)) {
    const may = scope.actions.join(', ');
    throw new RegistryError('FORBIDDEN', `This API token may only ${may}, not ${action}: create one with that action.`);
  }
  if (!matchesAny(scope.names, key)) {
    const names = scope.names.join(', ');
    throw new RegistryError('FORBIDDEN', `This API token is limited to ${names}: ${name} is not among them.`);
  }
}

/** Whether configuration gives this administrator the action on this name. */
export function isAdministrator({ method }: Viewer, action: Action, key: string, { oidc }: Config): boolean {
  if (method !== 'oidc' || !oidc) return false;
  if (action !== 'edit' && matchesAny(oidc.publish, key)) return true;
  return action !== 'publish' && matchesAny(oidc.edit, key);
}

/** The namespace, at or above this one, that configuration blocks. */
export function blockedByConfig(namespaceKey: string, { blockedNamespaces }: Config): string | undefined {
  const above = upwards(namespaceKey);
  return blockedNamespaces.map((one) => one.toLowerCase()).find((one) => above.includes(one));
}

function checkBlocks({ block }: Facts, { namespaceKey }: Target, config: Config): void {
  const listed = blockedByConfig(namespaceKey, config);
  if (!block && !listed) return;
  const why = block ? `${block.namespace} is blocked: ${block.reason}` : `${listed} is blocked by the operators.`;
  throw new RegistryError('BLOCKED', `Your namespace ${why} Ask the operators if you think this is a mistake.`);
}

const ANONYMOUS = 'io.modelcontextprotocol.anonymous';

function anonymous({ name, namespaceKey }: Target): Permit {
  if (namespaceKey === ANONYMOUS) return { accountId: null, organisation: null };
  throw forbidden([`${ANONYMOUS}/*`], name, 'Log in with a proof of yours to publish under another name.');
}

function checkReserved(viewer: Viewer, { name, namespaceKey }: Target): void {
  const reserved = reservedFor(namespaceKey);
  if (reserved === null || reserved === 'github') return;
  const why =
    reserved === 'public-suffix'
      ? 'It is a public suffix, under which anyone can register, so it belongs to nobody.'
      : 'It is reserved for the registry itself.';
  throw forbidden(patternsOf(viewer), name, why);
}

function checkTrusted({ method, grants }: Viewer, trusted: Workflow | null): void {
  if (method !== 'github-oidc' || !trusted) return;
  const { workflow } = grants;
  const same =
    workflow !== undefined &&
    workflow.repository.toLowerCase() === trusted.repository.toLowerCase() &&
    workflow.workflow === trusted.workflow &&
    (trusted.environment === null || workflow.environment?.toLowerCase() === trusted.environment.toLowerCase());
  if (same) return;
  throw new RegistryError(
    'FORBIDDEN',
    `This server's trusted publisher is ${say(trusted)}, and this is ${workflow ? say(workflow) : 'none'}: publish from there.`,
  );
}

const say = ({ repository, workflow, environment }: Workflow) =>
  `${workflow} of ${repository}${environment ? ` in the environment ${environment}` : ''}`;

/** A grant counts by the account's number: who was renamed keeps what was theirs, whoever has the login now gets nothing. */
function byGithub({ grants }: Viewer, facts: Facts, { namespaceKey }: Target): Permit | null {
  const usable = (grants.github ?? []).filter((grant) => !facts.blockedAccounts.includes(grant.accountId));
  const isMine = (grant: GithubGrant) =>
    facts.owner === null ? grant.namespaceKey === namespaceKey : facts.owner === grant.accountId;
  // By domain goes what an account owns beside its GitHub names.
  const grant = reservedFor(namespaceKey) === 'github' ? usable.find(isMine) : undefined;
  return grant ? { accountId: grant.accountId, organisation: grant.organisation } : null;
}

function byDomain(viewer: Viewer, facts: Facts, { namespaceKey }: Target): Permit | null {
  if (facts.owner !== null && facts.owner !== viewer.account.id) return null;
  const proof = domainsOver(viewer, facts, namespaceKey).find((one) => one.status === 'verified');
  return proof ? { accountId: viewer.account.id, organisation: null } : null;
}

/** The viewer's domains, proved or not, that this namespace lies under. */
function domainsOver({ method, grants }: Viewer, { domains, trusted }: Facts, namespaceKey: string): VerifiedDomain[] {
  return domains.filter((one) => {
    if (one.method === 'txt') {
      // Any workflow of an account would be too many: one that its owner named may.
      if (method === 'github-oidc' && !trusted) return false;
      return isOver(one.domain, namespaceKey, true);
    }
    const { domain } = grants;
    if (domain?.name !== one.domain || method !== one.method) return false;
    return isOver(one.domain, namespaceKey, domain.subtree);
  });
}

function isOver(name: string, namespaceKey: string, subtree: boolean): boolean {
  const domain = stillDomain(name);
  return domain !== null && covers(domain, namespaceKey, subtree);
}

/** A domain that was proved; null for one that became a public suffix, or reserved, since. */
function stillDomain(name: string): Domain | null {
  try {
    return parseDomain(name);
  } catch {
    return null;
  }
}

function refuse(viewer: Viewer, facts: Facts, { name, namespaceKey }: Target): never {
  const [lapsed] = domainsOver(viewer, facts, namespaceKey).filter((one) => one.status !== 'pending');
  if (lapsed?.status === 'suspended') {
    const help = `The proof of ${lapsed.domain} was gone for three days: publish its record again and verify the domain.`;
    throw forbidden(patternsOf(viewer), name, help);
  }
  if (facts.owner !== null && facts.blockedAccounts.includes(facts.owner)) {
    const whose = `The account ${facts.ownerName}, which ${namespaceKey} belongs to, is blocked.`;
    throw new RegistryError('BLOCKED', `${whose} Ask the operators if you think this is a mistake.`);
  }
  const covered = lapsed !== undefined || (viewer.grants.github ?? []).some((one) => one.namespaceKey === namespaceKey);
  if (covered && facts.owner !== null) {
    throw new RegistryError(
      'NAMESPACE_DISPUTED',
      `Another account (${facts.ownerName}) proved ${namespaceKey} first, so it stays theirs. If that is wrong, ask the operators.`,
      { namespaces: patternsOf(viewer) },
    );
  }
  throw forbidden(patternsOf(viewer), name, helpFor(viewer, namespaceKey));
}

function helpFor({ method }: Viewer, namespaceKey: string): string {
  if (reservedFor(namespaceKey) !== 'github') {
    return 'A domain of yours has to be proved first: log in with its key, or verify it with an mcp-verify record.';
  }
  if (method === 'github-at') {
    return "If it is an organisation's, you must be one of its owners and log in with the scope read:org.";
  }
  return 'Names under io.github.* are for who logs in with GitHub.';
}

/** The names that a login proved, as the official registry writes them. */
export function patternsOf({ grants, method, scope }: Viewer): string[] {
  if (scope) return scope.names;
  if (method === 'none') return [`${ANONYMOUS}/*`];
  const github = (grants.github ?? []).map((grant) => `${grant.namespaceKey}/*`);
  return grants.domain ? [...github, ...patternsOfDomain(grants.domain.name, grants.domain.subtree)] : github;
}

/** The names that a domain gives, with `subtree` those below it too. */
export function patternsOfDomain(domain: string, subtree: boolean): string[] {
  const known = stillDomain(domain);
  if (!known) return [];
  return [`${known.namespaceKey}/*`, ...(subtree ? [`${known.namespaceKey}.*`] : [])];
}

/** The official registry's sentence (section 1.5), with the names for programs beside it. */
function forbidden(namespaces: string[], name: string, help: string): RegistryError {
  const have =
    namespaces.length > 0
      ? `You have permission to publish: ${namespaces.slice(0, 20).join(', ')}. Attempting to publish: ${name}`
      : `You do not have any publish permissions. Attempting to publish: ${name}`;
  const sentence = `You do not have permission to publish this server. ${have}. ${help}`;
  return new RegistryError('NAMESPACE_FORBIDDEN', sentence, { namespaces: namespaces.slice(0, 100) });
}
