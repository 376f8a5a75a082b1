import type { IncomingMessage, ServerResponse } from 'node:http';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { Caller, Context } from '../context.ts';
import { isPublicAddress } from '../external/address.ts';

/** Who sends a request, as far as the connection and its head tell. */
export const callerOf = (request: IncomingMessage, requestId: string): Caller => ({
  requestId,
  authorization: request.headers.authorization,
  address: knownAddress(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for']),
});

/** Callers come again, and their addresses take a while to read. */
const known = new LRUCache<string, string>({ max: 5_000 });
const LONG = 100;

function knownAddress(peer: string, forwarded: string | string[] | undefined): string {
  const key = `${peer} ${forwarded}`;
  if (key.length > LONG) return addressOf(peer, forwarded);
  const address = known.get(key) ?? addressOf(peer, forwarded);
  known.set(key, address);
  return address;
}

/**
 * The address that requests are counted by. Only a peer of our own network, a load balancer, is believed when it names
 * another, and so on through all of ours; of an IPv6 address the network counts, of which a caller has as many addresses
 * as it likes.
 */
export function addressOf(peer: string, forwarded: string | string[] | undefined): string {
  let address = peer;
  for (const named of [forwarded ?? []].flat().join(',').split(',').reverse()) {
    if (isPublicAddress(address) || !ipaddr.isValid(named.trim())) break;
    address = named.trim();
  }
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : parsed.toString();
}

/** Tells a caller what is left of the budget that the request spent (draft-ietf-httpapi-ratelimit-headers). */
export function budgetHeaders({ budget }: Pick<Context, 'budget'>): Record<string, string> {
  if (!budget) return {};
  return {
    'ratelimit-limit': String(budget.limit),
    'ratelimit-remaining': String(budget.remaining),
    'ratelimit-reset': String(budget.reset),
    ...(budget.exceeded && { 'retry-after': String(budget.reset) }),
  };
}

/** Sets headers on an answer that has not begun. */
export function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
