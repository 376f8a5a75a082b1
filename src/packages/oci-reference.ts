import type { OciImage } from '../external/oci.ts';

/** Docker Hub by its other names. */
const ALIASES: Record<string, string> = { 'index.docker.io': 'docker.io', 'registry-1.docker.io': 'docker.io' };
const COMPONENT = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;
const LONGEST = 400;

/** Reads `registry/namespace/image:tag@digest` as Docker does: Docker Hub and `latest` when left out; null for what is none. */
export function parseImage(text: string): OciImage | null {
  if (text.length > LONGEST) return null;
  const [rest = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return null;
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const [path, tag] = colon === -1 ? [rest, undefined] : [rest.slice(0, colon), rest.slice(colon + 1)];
  if (tag !== undefined && !TAG.test(tag)) return null;
  const components = path.split('/');
  const [first = ''] = components;
  const host =
    components.length > 1 && /[.:]|^localhost$/.test(first) ? components.shift()!.toLowerCase() : 'docker.io';
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/.test(host) || !components.every((one) => COMPONENT.test(one))) return null;
  const registry = Object.hasOwn(ALIASES, host) ? ALIASES[host]! : host;
  // Docker's own images have no namespace in their name.
  if (registry === 'docker.io' && components.length === 1) components.unshift('library');
  return { registry, repository: components.join('/'), reference: digest ?? tag ?? 'latest' };
}
