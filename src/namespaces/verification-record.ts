import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Resolver } from '../external/dns.ts';

/** A record to publish in DNS. */
export interface DnsRecord {
  type: 'TXT';
  name: string;
  value: string;
}

const PREFIX = 'mcp-verify=';

/** A new random key for a record, 256 bits. */
export const newChallenge = (): string => randomBytes(32).toString('base64url');

/** The value of an account's record: everyone can read it, and it is good for no other account, domain or registry. */
export function recordValue(
  challenge: string,
  bound: { publicUrl: string; accountId: number; domain: string },
): string {
  const { publicUrl, accountId, domain } = bound;
  const mac = createHmac('sha256', challenge).update(`${publicUrl}\n${accountId}\n${domain}`);
  return PREFIX + mac.digest('base64url');
}

/** The names at which a record counts: the domain itself, and one below it for domains whose own name is taken by a CNAME. */
export const recordNames = (domain: string): string[] => [domain, `_mcp-registry.${domain}`];

/** What asking for a record found. */
export interface Found {
  /** The name that had it; null when none did. */
  at: string | null;
  /** Why it did not count, or what stands there instead, for the refusal. */
  instead: string;
}

/** Asks for a record at its names; one that a wildcard answers everywhere does not count. Throws an ExternalError when it can't be told. */
export async function findRecord(resolver: Resolver, domain: string, value: string): Promise<Found> {
  const names = recordNames(domain);
  const seen = await Promise.allSettled(names.map((name) => look(resolver, name, value)));
  const at = (sight: Sight) => names.filter((_, i) => seen[i]?.status === 'fulfilled' && seen[i].value === sight);
  const [found] = at('found');
  if (found !== undefined) return { at: found, instead: '' };
  // It may stand at the name that can't be told.
  const failed = seen.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return { at: null, instead: sayInstead(at('wildcard'), at('other')) };
}

/** What stands at a name: the record, the record because it stands everywhere, another of its kind, or nothing. */
type Sight = 'found' | 'wildcard' | 'other' | 'nothing';

async function look(resolver: Resolver, name: string, value: string): Promise<Sight> {
  const records = await resolver.txt(name);
  if (records.some((one) => isSame(one, value))) {
    return (await isWildcard(resolver, name, value)) ? 'wildcard' : 'found';
  }
  return records.some((one) => one.startsWith(PREFIX)) ? 'other' : 'nothing';
}

/** Whether a name that nobody made, beside this one, has the record too. */
async function isWildcard(resolver: Resolver, name: string, value: string): Promise<boolean> {
  const sibling = [`mcp-${randomBytes(8).toString('hex')}`, ...name.split('.').slice(1)].join('.');
  return (await resolver.txt(sibling)).some((one) => isSame(one, value));
}

function sayInstead(wildcards: string[], [other]: string[]): string {
  if (wildcards.length > 0) {
    return `The record at ${wildcards.join(' and ')} is a wildcard's, which answers for every name: publish it at the name itself.`;
  }
  if (other !== undefined) {
    return `At ${other} stands an mcp-verify record, but not yours: replace its value, or add yours beside it.`;
  }
  return 'There is no mcp-verify record at either name. New records take minutes, sometimes hours, to be seen.';
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given.trim()), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
