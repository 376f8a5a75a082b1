import { createHash } from 'node:crypto';

/** Longer addresses are compared by their hash: an index holds no long text. */
const MAX_KEY = 500;

/**
 * The one spelling that addresses of remotes are compared by: host in lower case, no default port, no fragment, no slash
 * at the end. One with `{variables}` in it is compared as it is written.
 */
export function remoteUrlKey(url: string): string {
  const key = (canonical(url.trim()) ?? url.trim()).replace(/\/+$/, '');
  return key.length <= MAX_KEY ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

function canonical(url: string): string | null {
  const parsed = url.includes('{') ? null : URL.parse(url);
  if (!parsed) return null;
  parsed.hash = '';
  parsed.hostname = parsed.hostname.replace(/\.$/, '');
  return parsed.search === '' ? parsed.origin + parsed.pathname : parsed.href;
}
