import { z } from 'zod';
import { ExternalError } from './external-error.ts';
import { guardedFetch } from './fetch.ts';
import type { GuardedResponse } from './response.ts';

/** A user or an organisation; the number stays, the login may be another's tomorrow. */
export interface GithubName {
  id: number;
  login: string;
}

/**
 * What is asked of GitHub; each throws an ExternalError when GitHub can't be asked, or answers what makes no sense, and
 * the signal's reason once that aborts.
 */
export interface Github {
  /** Whom a token is for; not ok when GitHub doesn't take it, or it was issued to another app than ours. */
  user(
    token: string,
    signal: AbortSignal,
  ): Promise<{ ok: true; user: GithubName } | { ok: false; reason: 'invalid' | 'foreign-app' }>;
  /** The organisations that the token's user owns, by all pages; none when the token may not ask (no scope `read:org`). */
  ownedOrganisations(token: string, signal: AbortSignal): Promise<GithubName[]>;
  /** Whether the token's user owns the organisation still. */
  owns(token: string, organisation: GithubName, signal: AbortSignal): Promise<boolean>;
}

/** Where the API is, and our OAuth app: with both, tokens of other apps are refused. */
export interface GithubOptions {
  apiUrl: string;
  clientId: string | null;
  clientSecret: string | null;
}

interface OwnApp {
  id: string;
  secret: string;
}

const Name = z.object({ id: z.int().positive(), login: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/) });
const Membership = z.object({ state: z.string(), role: z.string(), organization: z.unknown() });

const PAGE = 100;
const MAX_PAGES = 100;

/** Makes the client; every call goes through the one guarded fetch, to the host that the operator named. */
export function createGithub({ apiUrl, clientId, clientSecret }: GithubOptions): Github {
  const call = (path: string, authorization: string, { signal, body }: { signal: AbortSignal; body?: object }) =>
    guardedFetch(apiUrl + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        authorization,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
      signal,
      allowPrivate: true,
      allowHttp: true,
    });
  const get = (path: string, token: string, signal: AbortSignal) => call(path, `Bearer ${token}`, { signal });

  /** Asks with the app's own secret who a token was issued to: GitHub knows only our tokens there. */
  const ownUser = async ({ id, secret }: OwnApp, token: string, signal: AbortSignal): Promise<GithubName | null> => {
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const path = `/applications/${encodeURIComponent(id)}/token`;
    const answer = await call(path, basic, { signal, body: { access_token: token } });
    if (answer.status === 404 || answer.status === 422) return dropped(answer, null);
    return read(z.object({ user: Name }), await okJson(answer)).user;
  };

  const anyUser = async (token: string, signal: AbortSignal): Promise<GithubName | null> => {
    const answer = await get('/user', token, signal);
    if (answer.status === 401) return dropped(answer, null);
    return read(Name, await okJson(answer));
  };

  return {
    user: async (token, signal) => {
      if (!isToken(token)) return { ok: false, reason: 'invalid' };
      const ours = clientId !== null && clientSecret !== null ? { id: clientId, secret: clientSecret } : null;
      const user = ours ? await ownUser(ours, token, signal) : await anyUser(token, signal);
      if (user) return { ok: true, user };
      return { ok: false, reason: ours && (await anyUser(token, signal)) ? 'foreign-app' : 'invalid' };
    },
    ownedOrganisations: async (token, signal) => {
      const found: GithubName[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const answer = await get(`/user/memberships/orgs?state=active&per_page=${PAGE}&page=${page}`, token, signal);
        if (isRefused(answer)) return dropped(answer, found);
        const memberships = read(z.array(z.unknown()).max(PAGE), await okJson(answer));
        found.push(...memberships.flatMap((one) => ownedBy(one) ?? []));
        if (memberships.length < PAGE && !/rel="?next/.test(answer.headers.get('link') ?? '')) return found;
      }
      return found;
    },
    owns: async (token, { id, login }, signal) => {
      const answer = await get(`/user/memberships/orgs/${encodeURIComponent(login)}`, token, signal);
      if (answer.status === 404 || answer.status === 401 || isRefused(answer)) return dropped(answer, false);
      return ownedBy(await okJson(answer))?.id === id;
    },
  };
}

/** What can be sent in a header at all. */
const isToken = (token: string) => /^[\x21-\x7e]{1,512}$/.test(token);

/** The organisation that a membership makes its user an owner of; one with an odd login is passed over. */
function ownedBy(membership: unknown): GithubName | null {
  const { data } = Membership.safeParse(membership);
  if (!data || data.state !== 'active' || data.role !== 'admin') return null;
  return Name.safeParse(data.organization).data ?? null;
}

/** Forbidden for good, by a missing scope: not by a rate limit or an organisation's single sign-on, which are outages. */
function isRefused({ status, headers }: GuardedResponse): boolean {
  if (status !== 403) return false;
  return headers.get('x-ratelimit-remaining') !== '0' && !headers.has('retry-after') && !headers.has('x-github-sso');
}

/** The body of an answer that is as it should be; all else is GitHub's trouble. */
async function okJson(answer: GuardedResponse): Promise<unknown> {
  if (answer.status === 200) return answer.json();
  answer.discard();
  throw new ExternalError('network', `GitHub answered with status ${answer.status}.`);
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const { success, data } = schema.safeParse(body);
  if (success) return data;
  throw new ExternalError('protocol', 'GitHub answered something that makes no sense.');
}

function dropped<T>(answer: GuardedResponse, value: T): T {
  answer.discard();
  return value;
}
