import { nameKey, namespaceOf } from '../namespaces/server-name.ts';
import { importedDigestOf } from '../servers/digest.ts';
import { readDocument, type Json } from '../servers/document.ts';
import type { ServerStatus } from '../servers/rows.ts';
import { facetsOf, packageName } from '../servers/facets.ts';
import { precedenceOf } from '../servers/precedence.ts';
import { remoteUrlKey } from './remote-url.ts';

/** A version to write. Times are RFC 3339 in UTC, to the microsecond; null means now or, of one that is there, as it is. */
export interface VersionInput {
  name: string;
  version: string;
  /** server.json, byte for byte as it came. */
  document: string;
  status: ServerStatus;
  statusMessage: string | null;
  publishedAt: string | null;
  updatedAt: string | null;
  statusChangedAt: string | null;
  /** Where it was imported from; null when it is published here. */
  source: string | null;
  /** Who publishes it here. */
  publisher?: PublishedBy;
}

/** A package as it can be found, and what its registry said of whom it belongs to, if it was asked. */
export interface PreparedPackage {
  registryType: string;
  identifier: string;
  name: string;
  verdict?: { status: string; checkedAt: string; evidence: Record<string, unknown> };
}

/** How a publisher proved the namespace, and as whom. */
export interface PublishedBy {
  accountId: number;
  method: string;
  subject: string;
}

/** A version with everything that the database keeps beside the document. */
export interface PreparedVersion extends VersionInput {
  nameKey: string;
  namespace: string;
  precedence: string;
  digest: string;
  title: string;
  description: string;
  facets: string[];
  /** Its remotes' addresses, in the spelling that they are compared by. */
  remoteUrls: string[];
  packages: PreparedPackage[];
}

/** Derives what the database keeps beside a document; throws a SyntaxError or RangeError where it is no usable JSON. */
export function prepareVersion(input: VersionInput): PreparedVersion {
  const parsed = JSON.parse(input.document) as Json;
  const views = readDocument(parsed);
  return {
    ...input,
    nameKey: nameKey(input.name),
    namespace: namespaceOf(input.name),
    precedence: precedenceOf(input.version),
    digest: importedDigestOf(parsed, input.document),
    title: storable(views.title ?? ''),
    description: storable(views.description),
    facets: facetsOf(views),
    remoteUrls: [...new Set(views.remotes.flatMap(({ url }) => (url ? [storable(remoteUrlKey(url))] : [])))],
    packages: views.packages.map((one) => ({
      registryType: storable(one.registryType.toLowerCase()),
      identifier: storable(one.identifier),
      name: storable(packageName(one)),
    })),
  };
}

/** PostgreSQL's text holds no NUL. */
const storable = (text: string) => text.replaceAll('\0', '');

/** Two spellings of a name are one server, so its versions are one set. */
export const keyOf = (version: { nameKey: string; version: string }) => `${version.nameKey}\0${version.version}`;
