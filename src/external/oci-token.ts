import { z } from 'zod';
import { type FetchOptions, guardedFetch } from './fetch.ts';
import { badStatus, readAnswer, UpstreamError } from './upstream.ts';

/** A registry, and who besides itself gives out its tokens. */
export interface Realm {
  name: string;
  baseUrl: string;
  tokenHosts: string[];
}

const Token = z.string().regex(/^[\x21-\x7e]{1,16384}$/);
const Answer = z.object({ token: Token.optional(), access_token: Token.optional() });

/**
 * Asks for an anonymous token to pull one repository, as the challenge of a 401 says; null when none is given to anyone.
 * Tokens come from the registry's own host or one that is known to be its: no answer sends us anywhere else.
 */
export async function askToken(
  realm: Realm,
  challenge: string,
  repository: string,
  options: FetchOptions,
): Promise<string | null> {
  const url = URL.parse(parameter(challenge, 'realm') ?? '');
  if (!/^bearer /i.test(challenge) || !url) return null;
  const own = url.origin === new URL(realm.baseUrl).origin;
  if (!own && !realm.tokenHosts.some((host) => url.origin === `https://${host}`)) {
    throw new UpstreamError(
      'redirect',
      `${realm.name} sends us to ${url.host.slice(0, 200)} for a token, which is not its.`,
    );
  }
  const service = parameter(challenge, 'service');
  if (service !== null) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${repository}:pull`);
  const guard = own ? {} : { allowPrivate: false, allowHttp: false };
  const answer = await guardedFetch(url, { ...options, ...guard });
  if (answer.status === 401 || answer.status === 403) {
    answer.discard();
    return null;
  }
  if (answer.status !== 200) throw badStatus(realm.name, answer);
  const { token, access_token } = readAnswer(realm.name, Answer, await answer.json());
  return token ?? access_token ?? null;
}

/** A parameter of a challenge: `Bearer realm="https://…",service="…"`. */
function parameter(challenge: string, name: 'realm' | 'service'): string | null {
  return new RegExp(`[ ,]${name}="([^"]{1,1000})"`, 'i').exec(challenge)?.[1] ?? null;
}
