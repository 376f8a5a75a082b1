import { getPublicSuffix } from 'tldts';
import { nameKey } from './server-name.ts';

/** Why a namespace can't be had by proving a domain. */
export type Reservation = 'github' | 'anonymous' | 'registry' | 'public-suffix';

/** Whom a namespace is reserved for: GitHub's proofs, trials, the registry itself; public suffixes are for nobody. */
export function reservedFor(namespaceKey: string): Reservation | null {
  if (namespaceKey.startsWith('io.github.')) return 'github';
  if (namespaceKey === 'io.modelcontextprotocol.anonymous') return 'anonymous';
  if (isAtOrBelow(namespaceKey, 'io.modelcontextprotocol')) return 'registry';
  return isPublicSuffix(namespaceKey.split('.').reverse().join('.')) ? 'public-suffix' : null;
}

const isAtOrBelow = (key: string, above: string) => key === above || key.startsWith(`${above}.`);

/** Whether anyone may register below a domain: both lists of publicsuffix.org. */
export const isPublicSuffix = (domain: string): boolean =>
  getPublicSuffix(domain, { allowPrivateDomains: true }) === domain;

/** The namespace of a GitHub login; null for one that no namespace can hold, such as `alice_acme` of managed users. */
export function githubNamespace(login: string): { name: string; key: string } | null {
  if (login.length > 39 || !/^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/.test(login)) return null;
  const name = `io.github.${login}`;
  return { name, key: nameKey(name) };
}
