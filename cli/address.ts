import { usage } from './errors.ts';

/** Where `npm start` of the registry listens: what is used when nothing else was said. */
export const DEFAULT_REGISTRY = 'http://localhost:8080';

/** A registry's address as it is kept and compared: no slash at the end, no path of one of its doors. */
export function readRegistry(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw usage(`"${text}" is no address of a registry: write it in full, such as https://registry.example.com`);
  }
  const url = new URL(text);
  if (url.username || url.password) throw usage('An address of a registry holds no password: log in instead.');
  return (url.origin + url.pathname).replace(/\/(graphql|v0(\.1)?)?\/*$/, '').replace(/\/+$/, '');
}

/** Whether what is sent there can be read on the way. */
export function isOpenToAll(registry: string): boolean {
  const { protocol, hostname } = new URL(registry);
  return protocol === 'http:' && !/^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** The page of a server. */
export const pageOf = (registry: string, name: string): string =>
  `${registry}/servers/${name.split('/').map(encodeURIComponent).join('/')}`;
