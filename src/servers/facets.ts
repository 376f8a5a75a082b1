import type { Document, Package } from './document.ts';

/** What a version can be filtered by, as the database indexes it: `registry:npm`, `transport:sse`, `delivery:remote`… */
export function facetsOf(document: Document): string[] {
  const facets = new Set<string>();
  for (const one of document.packages) {
    facets.add('delivery:package');
    facets.add(registryFacet(one.registryType));
    if (one.transport.type) facets.add(transportFacet(one.transport.type));
  }
  for (const one of document.remotes) {
    facets.add('delivery:remote');
    if (one.type) facets.add(transportFacet(one.type));
  }
  if (document.repository) facets.add(repositoryFacet(document.repository.url));
  return [...facets].map((facet) => facet.replaceAll('\0', ''));
}

export const registryFacet = (registryType: string) => `registry:${registryType.toLowerCase()}`;

export const transportFacet = (type: string) => `transport:${type}`;

export const deliveryFacet = (delivery: 'package' | 'remote') => `delivery:${delivery}`;

/** Two spellings of one repository are one facet: without case, `.git` and a slash at the end. */
export function repositoryFacet(url: string): string {
  return `repository:${url
    .trim()
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')}`;
}

/** A package's identifier without an OCI image's tag and digest; all other identifiers as they stand. */
export function packageName({ registryType, identifier }: Pick<Package, 'registryType' | 'identifier'>): string {
  if (registryType.toLowerCase() !== 'oci') return identifier;
  return identifier.replace(/@[a-z0-9+._-]+:[0-9a-f]+$/i, '').replace(/:[^/:]+$/, '');
}
