import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ExternalError } from './external-error.ts';

/** Resolves a name to all its addresses; rejects with the system's codes (`ENOTFOUND`, `EAI_AGAIN`). */
export type Lookup = (hostname: string) => Promise<string[]>;

/** The system's resolver, with `/etc/hosts` and search domains as every other program sees them. */
export const lookupAll: Lookup = async (hostname) => {
  const found = await systemLookup(hostname, { all: true, verbatim: true });
  return found.map((one) => one.address);
};

/** True for an address of the public internet (IANA special-purpose registries); text that is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (!isIP(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // ipaddr.js calls all it doesn't know unicast; of IPv6 only 2000::/3 is given out, `::127.0.0.1` is not.
  return parsed instanceof ipaddr.IPv6 ? ((parsed.parts[0] ?? 0) & 0xe000) === 0x2000 : true;
}

/** The address that a URL's host is, without brackets; null when it is a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) ? bare : null;
}

/** All addresses of a host, each checked: one that is not public blocks the host, unless `allowPrivate`. */
export async function resolveHost(hostname: string, lookup: Lookup, allowPrivate: boolean): Promise<string[]> {
  // RFC 6761: these are loopback whatever a name server says.
  if (!allowPrivate && /(^|\.)localhost\.?$/i.test(hostname)) throw blocked(hostname);
  const literal = literalAddress(hostname);
  const addresses = literal ? [literal] : await lookup(hostname);
  if (addresses.length === 0) throw new ExternalError('network', `The name ${hostname} has no address.`);
  if (!allowPrivate && !addresses.every(isPublicAddress)) throw blocked(hostname);
  return addresses;
}

/** The refusal of a host that is not on the public internet. */
export function blocked(hostname: string): ExternalError {
  return new ExternalError('blocked', `${hostname} is not on the public internet, so it was not contacted.`);
}
