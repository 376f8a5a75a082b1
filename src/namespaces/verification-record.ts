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
  const answers = await Promise.all(names.map((name) => resolver.txt(name)));
  const wildcards: string[] = [];
  for (const [i, name] of names.entries()) {
    if (!answers[i]!.some((one) => isSame(one, value))) continue;
    if (!(await isWildcard(resolver, name, value))) return { at: name, instead: '' };
    wildcards.push(name);
  }
  if (wildcards.length > 0) {
    return {
      at: null,
      instead: `The record at ${wildcards.join(' and ')} is a wildcard's, which answers for every name: publish it at the name itself.`,
    };
  }
  const stale = names.find((_, i) => answers[i]!.some((one) => one.startsWith(PREFIX)));
  if (stale) {
    return {
      at: null,
      instead: `At ${stale} stands an mcp-verify record, but not yours: replace its value, or add yours beside it.`,
    };
  }
  return {
    at: null,
    instead: 'There is no mcp-verify record at either name. New records take minutes, sometimes hours, to be seen.',
  };
}

/** Whether a name that nobody made, beside this one, has the record too. */
async function isWildcard(resolver: Resolver, name: string, value: string): Promise<boolean> {
  const sibling = [`mcp-${randomBytes(8).toString('hex')}`, ...name.split('.').slice(1)].join('.');
  return (await resolver.txt(sibling)).some((one) => isSame(one, value));
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given.trim()), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
