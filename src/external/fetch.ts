import { unescape } from 'node:querystring';
import { traced, type Span } from '../tracing.ts';
import type { Lookup } from './address.ts';
import { discard } from './body.ts';
import { agentFor } from './connector.ts';
import { ExternalError, toExternalError } from './external-error.ts';
import { type Hop, nextHop, redirectTarget } from './redirect.ts';
import { type GuardedResponse, type RawAnswer, toResponse } from './response.ts';
import { untilAborted } from './until-aborted.ts';

/** How far one fetch may go; everything that is left out is at its strictest. */
export interface FetchOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  /** For everything, redirects and body included; 10 seconds. */
  timeoutMs?: number;
  /** Without a byte from the other side; `timeoutMs`. */
  idleTimeoutMs?: number;
  /** Of the decompressed body; 2 MiB. */
  maxBytes?: number;
  /** None: a redirect is an error. */
  maxRedirects?: number;
  /** For hosts that the operator named, never for those that a stranger did. */
  allowPrivate?: boolean;
  allowHttp?: boolean;
  /** Holds every other origin that is redirected to, to the public internet, whatever `allowPrivate` says. */
  publicRedirects?: boolean;
  /** The resolver; the system's. */
  lookup?: Lookup;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 2 * 1024 * 1024;
/** Longer timers overflow in Node and fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const DEFAULT_HEADERS = { accept: '*/*', 'accept-encoding': 'gzip, br', 'user-agent': 'mcp-registry' };

/**
 * The one way out of this service: it connects only to checked addresses, within bounds of time and size. Any status
 * is an answer; what goes wrong is an ExternalError, or the reason of the caller's own signal.
 */
export async function guardedFetch(url: string | URL, options: FetchOptions = {}): Promise<GuardedResponse> {
  const timeout = AbortSignal.timeout(Math.min(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS));
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const limit = options.maxRedirects ?? 0;
  const visited = new Set<string>();
  let hop = firstHop(url, options);
  for (;;) {
    const answer = await traced(hop.method, (span) => send(hop, options, signal, span), { kind: 'client' });
    const target = redirectOf(answer);
    if (!target) return toResponse(answer);
    visited.add(`${hop.method} ${hop.url.href}`);
    if (visited.size > limit) throw new ExternalError('redirect', tooMany(hop.url.host, limit));
    const { publicHosts } = agentFor({ lookup: options.lookup, allowPrivate: hop.allowPrivate });
    const { status } = answer;
    hop = nextHop(hop, target, { status, publicHosts, publicOnly: options.publicRedirects });
    if (visited.has(`${hop.method} ${hop.url.href}`)) {
      throw new ExternalError('redirect', `${hop.url.host} redirects in a circle.`);
    }
  }
}

/** The first request: names in lower case, and the URL's own credentials where HTTP wants them. */
function firstHop(from: string | URL, options: FetchOptions): Hop {
  const url = URL.parse(from);
  if (!url) throw new ExternalError('protocol', 'The address to fetch from is no URL.');
  const given = Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const headers: Record<string, string> = { ...DEFAULT_HEADERS, ...Object.fromEntries(given) };
  if (url.username || url.password) headers.authorization ??= basicCredentials(url);
  url.username = '';
  url.password = '';
  const { method = 'GET', body = null, allowPrivate = false } = options;
  return { url, method, headers, body, allowPrivate };
}

async function send(hop: Hop, options: FetchOptions, signal: AbortSignal, span?: Span): Promise<RawAnswer> {
  const { url, method, headers, body } = hop;
  refuseScheme(url, options.allowHttp ?? false);
  span?.set(placeOf(hop));
  const { agent } = agentFor({ lookup: options.lookup, allowPrivate: hop.allowPrivate });
  const idle = Math.min(options.idleTimeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS);
  try {
    // undici looks at the signal only once it is connected.
    const request = agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      body,
      signal,
      headersTimeout: idle,
      bodyTimeout: idle,
    });
    const answer = await untilAborted(request, signal);
    // Without a listener a body that nobody reads would end the process when its time is up.
    answer.body.on('error', () => {});
    span?.set({ 'http.response.status_code': answer.statusCode });
    const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    return {
      url,
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body,
      maxBytes,
      signal: options.signal,
    };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw toExternalError(url.host, error);
  }
}

/** What a trace says of whom we ask: never the path, since signed addresses and those of purges have secrets there too. Nobody outside is told of the trace. */
const placeOf = ({ url, method }: Hop) => ({
  'http.request.method': method,
  'server.address': url.hostname,
  'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
});

/** Where the answer redirects to, if it does; its body is then given up. */
function redirectOf({ url, status, headers, body }: RawAnswer): URL | null {
  try {
    const [location = null] = [headers.location ?? []].flat();
    const target = redirectTarget(status, location, url);
    if (target) discard(body);
    return target;
  } catch (error) {
    discard(body);
    throw error;
  }
}

function refuseScheme(url: URL, allowHttp: boolean): void {
  if (url.protocol === 'https:' || (allowHttp && url.protocol === 'http:')) return;
  const wanted = allowHttp ? 'http:// or https://' : 'https://';
  throw new ExternalError('blocked', `Only ${wanted} addresses are fetched, not ${url.protocol}//.`);
}

function basicCredentials({ username, password }: URL): string {
  const userinfo = `${unescape(username)}:${unescape(password)}`;
  return `Basic ${Buffer.from(userinfo).toString('base64')}`;
}

function tooMany(host: string, limit: number): string {
  return limit === 0 ? `${host} redirects, which is not followed here.` : `${host} redirects more than ${limit} times.`;
}
