import type { FastifyRequest } from 'fastify';
import { RegistryError } from '../../errors.ts';

/** The path of a request's target and its query with the question mark; a target with a host is read too. */
export function splitTarget(target: string): { path: string; search: string } {
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const at = local.search(/[?#]/);
  return at === -1 ? { path: local || '/', search: '' } : { path: local.slice(0, at) || '/', search: local.slice(at) };
}

/** Refuses what no route should have to look at: NUL bytes, queries that are no UTF-8, bodies where none belongs. */
export function checkRequest(request: FastifyRequest): void {
  const { path, search } = splitTarget(request.raw.url ?? '/');
  if (path.includes('%00')) throw refused('Invalid request: URL path contains null bytes');
  if (search.includes('%00')) throw refused('Invalid request: query parameters contain null bytes');
  if (!isEncoded(search)) throw refused('Invalid request: query parameters are not valid URL-encoded UTF-8');
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (reading && hasBody(request)) throw refused(`Invalid request: ${request.method} takes no body`);
}

/** Where a path with a slash too many at its end is found; null for all others. Never leads to another host. */
export function withoutTrailingSlash(target: string): string | null {
  const { path, search } = splitTarget(target);
  if (path === '/' || !path.endsWith('/')) return null;
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return `/${path.slice(0, end).replace(/^[/\\]+/, '')}${search}`;
}

/** The refusal of a path whose escapes are no UTF-8, which names the part that is wrong. */
export function badPath(target: string): RegistryError {
  const [, name = '', version = ''] = /\/servers\/([^/]*)(?:\/versions\/([^/]*))?/.exec(splitTarget(target).path) ?? [];
  if (!isEncoded(name)) return refused('Invalid server name encoding');
  if (!isEncoded(version)) return refused('Invalid version encoding');
  return refused('Invalid request: URL path is not valid URL-encoded UTF-8');
}

/** True when the client announced a body. */
export function hasBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isEncoded(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const refused = (message: string) => new RegistryError('BAD_USER_INPUT', message);
