import { literalAddress } from './address.ts';
import { ExternalError } from './external-error.ts';

/** One request of a chain of redirects. */
export interface Hop {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  allowPrivate: boolean;
}

/** What a hop is decided by: which hosts are known to be public, and whether every other origin must be. */
export interface RedirectAnswer {
  status: number;
  publicHosts: Set<string>;
  publicOnly?: boolean;
}

const FOLLOWED = new Set([301, 302, 303, 307, 308]);
const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Where the answer points, or null when it is no redirect. */
export function redirectTarget(status: number, location: string | null, from: URL): URL | null {
  if (!FOLLOWED.has(status) || location === null) return null;
  const target = URL.parse(location, from);
  if (!target) throw new ExternalError('redirect', `${from.host} redirects to something that is no URL.`);
  if (from.protocol === 'https:' && target.protocol !== 'https:') {
    throw new ExternalError('redirect', `${from.host} redirects from https to an unencrypted address.`);
  }
  target.username = '';
  target.password = '';
  return target;
}

/**
 * The next request (RFC 9110, 15.4): another origin gets no credentials, and a host on the public internet can't send
 * us to a private one, whatever the operator allowed for the host it came from.
 */
export function nextHop(from: Hop, target: URL, answer: RedirectAnswer): Hop {
  const { status, publicHosts, publicOnly = false } = answer;
  const sameOrigin = target.origin === from.url.origin;
  const asGet = status === 303 ? from.method !== 'HEAD' : status < 307 && from.method === 'POST';
  const dropped = (name: string): boolean =>
    (!sameOrigin && CREDENTIALS.has(name)) || (asGet && name.startsWith('content-'));
  const host = literalAddress(from.url.hostname) ?? from.url.hostname;
  return {
    url: target,
    method: asGet ? 'GET' : from.method,
    headers: Object.fromEntries(Object.entries(from.headers).filter(([name]) => !dropped(name))),
    body: asGet ? null : from.body,
    allowPrivate: from.allowPrivate && (sameOrigin || !(publicOnly || publicHosts.has(host))),
  };
}
