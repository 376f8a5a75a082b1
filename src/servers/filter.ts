import { RegistryError } from '../errors.ts';
import { nameKey } from '../namespaces/server-name.ts';
import type { ServerStatus } from './rows.ts';
import { deliveryFacet, registryFacet, repositoryFacet, transportFacet } from './facets.ts';
import { checkText } from '../input.ts';
import type { Where } from './where.ts';

/** What both servers (by their head) and versions can be filtered by. */
export interface CommonFilter {
  /** A namespace, or all below one: `com.example.*`. */
  namespace?: string | null;
  /** A namespace as it is called, whatever its name looks like. */
  namespaceName?: string;
  status?: ServerStatus[] | null;
  registryType?: string[] | null;
  transport?: string[] | null;
  delivery?: ('package' | 'remote')[] | null;
  repositoryUrl?: string | null;
  updatedSince?: string | null;
}

/** Longest list of alternatives in one filter. */
const MAX_ALTERNATIVES = 20;

/** Adds the conditions of a filter, but `updatedSince` (since.ts); `row` is the alias with name_key and status, `version` the one with facets. */
export function addFilter(where: Where, filter: CommonFilter, row: string, version: string): void {
  if (filter.namespace != null) addNamespace(where, filter.namespace, `${row}.name_key`);
  if (filter.namespaceName !== undefined) addPrefix(where, `${nameKey(filter.namespaceName)}/`, `${row}.name_key`);
  const statuses = filter.status ?? (filter.updatedSince == null ? ['active', 'deprecated'] : null);
  if (statuses) where.and(`${row}.status = ANY(${where.value(alternatives('status', statuses))}::server_status[])`);
  addFacets(where, version, 'registryType', filter.registryType?.map(registryFacet));
  addFacets(where, version, 'transport', filter.transport?.map(transportFacet));
  addFacets(where, version, 'delivery', filter.delivery?.map(deliveryFacet));
  addFacets(
    where,
    version,
    'repositoryUrl',
    filter.repositoryUrl == null ? null : [repositoryFacet(filter.repositoryUrl)],
  );
}

/** True when the filter asks for something that only the version's facets tell. */
export function asksForFacets(filter: CommonFilter): boolean {
  return [filter.registryType, filter.transport, filter.delivery, filter.repositoryUrl].some((one) => one != null);
}

/** `com.example` is that namespace alone, `com.example.*` all below it: ranges of the one index on names. */
function addNamespace(where: Where, pattern: string, column: string): void {
  const key = nameKey(checkText(pattern, 'A namespace'));
  if (key === '*') return;
  addPrefix(where, key.endsWith('.*') ? key.slice(0, -1) : `${key}/`, column);
}

function addPrefix(where: Where, prefix: string, column: string): void {
  where.within(`${column} >= ${where.value(prefix)}`);
  where.within(`${column} < ${where.value(prefix + String.fromCodePoint(0x10ffff))}`);
}

function addFacets(where: Where, version: string, name: string, facets: string[] | null | undefined): void {
  if (facets == null) return;
  const checked = alternatives(name, facets).map((facet) => checkText(facet, `The filter ${name}`, 2_000));
  where.and(`${version}.facets && ${where.value(checked)}::text[]`);
}

function alternatives<T>(name: string, values: T[]): T[] {
  if (values.length > MAX_ALTERNATIVES) {
    throw new RegistryError(
      'BAD_USER_INPUT',
      `The filter ${name} takes at most ${MAX_ALTERNATIVES} values, not ${values.length}.`,
    );
  }
  return values;
}
