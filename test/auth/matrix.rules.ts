import type { Action } from '../../src/auth/viewer.ts';

/** The names that everyone tries. */
export const targets = {
  own: 'io.github.alice/weather',
  other: 'io.github.bob/weather',
  'prefix trap': 'io.github.alice2/weather',
  'case variant': 'IO.GitHub.Alice/Weather',
  organisation: 'io.github.acme/weather',
  domain: 'com.example/weather',
  'nested subdomain': 'com.example.team/weather',
  'lapsed domain': 'net.example/weather',
  reserved: 'io.modelcontextprotocol/weather',
  anonymous: 'io.modelcontextprotocol.anonymous/weather',
} as const;
export type Target = keyof typeof targets;
export const all = Object.keys(targets) as Target[];

/** Whom a token is worth nothing to, or is refused whatever it asks for. */
export const refused: Record<string, string> = {
  nobody: 'UNAUTHENTICATED',
  'no token at all': 'UNAUTHENTICATED',
  'an expired login': 'UNAUTHENTICATED',
  "another registry's login": 'UNAUTHENTICATED',
  'a login without a session': 'UNAUTHENTICATED',
  'a revoked login': 'UNAUTHENTICATED',
  'a blocked account': 'BLOCKED',
};

/** What each of the others may publish; all else is not theirs, or beyond their API token. */
const mayPublish: Record<string, Target[]> = {
  alice: ['own', 'case variant'],
  bob: ['other'],
  "carol, acme's owner": ['organisation'],
  "dave, acme's member": [],
  "alice's workflow": ['own', 'case variant'],
  "bob's workflow": ['other'],
  "alice's API token": ['own', 'case variant'],
  "alice's API token for another server": [],
  "alice's API token for statuses": [],
  'example.com by DNS': ['domain', 'nested subdomain'],
  'example.com by HTTP': ['domain'],
  'example.net, lapsed': [],
  'the anonymous account': ['anonymous'],
  'an administrator': all,
};

export const isApiToken = (name: string) => name.includes('API token');
export const isAdministrator = (name: string) => name === 'an administrator';
/** Who is nobody's own login, and must not make more of itself. */
export const isUnattended = (name: string) =>
  isApiToken(name) || name.includes('workflow') || name === 'the anonymous account';

/** What the rule behind every write says of a principal, an action and a target: `ok` or the code of its refusal. */
export function expectedRule(name: string, action: Action, target: Target): string {
  if (refused[name]) return refused[name];
  if (action === 'edit') return isAdministrator(name) ? 'ok' : 'FORBIDDEN';
  if (name === "alice's API token for statuses") {
    return action === 'status' && ['own', 'case variant'].includes(target) ? 'ok' : 'FORBIDDEN';
  }
  if (isApiToken(name)) return action === 'publish' && mayPublish[name]!.includes(target) ? 'ok' : 'FORBIDDEN';
  return mayPublish[name]!.includes(target) ? 'ok' : 'NAMESPACE_FORBIDDEN';
}
