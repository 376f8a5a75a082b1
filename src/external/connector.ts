import { isIP, type LookupFunction, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { blocked, isPublicAddress, type Lookup, lookupAll, resolveHost } from './address.ts';
import { ExternalError } from './external-error.ts';
import { untilAborted } from './until-aborted.ts';

/** Who may be contacted, and who says where a name points. */
export interface ConnectPolicy {
  lookup: Lookup;
  allowPrivate: boolean;
}

/** An undici agent whose every connection went to a checked address, and which hosts turned out to be public. */
export interface GuardedAgent {
  agent: Agent;
  publicHosts: Set<string>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const LOOKUP_TIMEOUT_MS = 10_000;
/** So many names are remembered as public; the oldest goes first. */
const PUBLIC_HOSTS_KEPT = 1_000;

const agents = new WeakMap<Lookup, Map<boolean, GuardedAgent>>();

/** The agent for a policy: one each, so that requests to the same host share connections. */
export function agentFor({ lookup = lookupAll, allowPrivate = false }: Partial<ConnectPolicy>): GuardedAgent {
  const forLookup = agents.get(lookup) ?? new Map<boolean, GuardedAgent>();
  agents.set(lookup, forLookup);
  const known = forLookup.get(allowPrivate);
  if (known) return known;
  const publicHosts = new Set<string>();
  const connect = guardedConnector({ lookup, allowPrivate }, publicHosts);
  const made = { agent: new Agent({ connect, allowH2: false }), publicHosts };
  forLookup.set(allowPrivate, made);
  return made;
}

/** Connects in two steps, TCP to a checked address, then TLS, so that no byte leaves before the peer was checked. */
function guardedConnector(policy: ConnectPolicy, publicHosts: Set<string>): buildConnector.connector {
  const secure = buildConnector({ allowH2: false, timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    const { hostname } = options;
    const fail = (error: Error): void => callback(error, null);
    const timeout = AbortSignal.timeout(LOOKUP_TIMEOUT_MS);
    const resolved = resolveHost(hostname, policy.lookup, policy.allowPrivate);
    untilAborted(resolved, timeout).then((addresses) => {
      const connect = buildConnector({
        timeout: CONNECT_TIMEOUT_MS,
        autoSelectFamily: true,
        lookup: pinned(addresses),
      });
      connect({ ...options, protocol: 'http:', port: portOf(options), servername: undefined }, (error, socket) => {
        if (error) return fail(error);
        const refusal = refusePeer(socket, hostname, policy);
        if (refusal) return fail(refusal);
        if (isPublicAddress(socket.remoteAddress ?? '')) remember(publicHosts, hostname);
        if (options.protocol !== 'https:') return callback(null, socket);
        secure({ ...options, httpSocket: socket }, callback);
      });
    }, fail);
  };
}

function portOf({ port, protocol }: buildConnector.Options): string {
  return port || (protocol === 'https:' ? '443' : '80');
}

/** A lookup for node:net that knows only the addresses that were checked: what it connects to is what we saw. */
function pinned(addresses: string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = entries;
    if (options.all || !first) callback(null, entries);
    else callback(null, first.address, first.family);
  };
}

/** The last look, at the peer itself; a refused or lost socket is closed. */
function refusePeer(socket: Socket, hostname: string, { allowPrivate }: ConnectPolicy): ExternalError | null {
  const peer = socket.remoteAddress;
  if (peer && (allowPrivate || isPublicAddress(peer))) return null;
  socket.destroy();
  return peer ? blocked(hostname) : new ExternalError('network', `${hostname} closed the connection at once.`);
}

function remember(publicHosts: Set<string>, hostname: string): void {
  const [oldest] = publicHosts;
  if (publicHosts.size >= PUBLIC_HOSTS_KEPT && oldest !== undefined) publicHosts.delete(oldest);
  publicHosts.add(hostname);
}
