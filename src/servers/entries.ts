import { readDocument, type Document, type Json } from './document.ts';
import { NEWEST_KEPT, type Ref, type ServerRow, type ServerStatus, type VersionRow } from './rows.ts';

/** How the publisher proved the namespace, and as whom. */
export interface Publisher {
  method: string;
  subject: string;
}

/** A version ready to serve, at one revision; it never changes, so it may be kept for ever. */
export interface VersionEntry extends Omit<VersionRow, 'publisherMethod' | 'publisherSubject'> {
  publisher: Publisher | null;
  /** Typed views of the document, made when first asked for. */
  readonly views: Document;
  /** `{"server":…,"_meta":…}` with the document byte for byte as it came in, made when first asked for. */
  readonly wire: string;
}

/** A server ready to serve, at one revision, with its head: the latest version or, when all are deleted, the newest. */
export interface ServerEntry extends Ref {
  name: string;
  nameKey: string;
  status: ServerStatus;
  createdAt: string;
  updatedAt: string;
  head: VersionEntry;
  /** Its newest versions, newest first; null when there are more than are kept. */
  versions: ServerRow['newest'] | null;
}

/** Makes an entry of a row. */
export function toVersionEntry(row: VersionRow): VersionEntry {
  const { publisherMethod, publisherSubject, ...kept } = row;
  let views: Document | undefined;
  let wire: string | undefined;
  return {
    ...kept,
    publisher: publisherMethod && publisherSubject ? { method: publisherMethod, subject: publisherSubject } : null,
    get views() {
      return (views ??= readDocument(JSON.parse(row.document) as Json));
    },
    get wire() {
      return (wire ??= `{"server":${row.document},"_meta":${metaOf(row)}}`);
    },
  };
}

/** Makes an entry of a row of readServers. */
export function toServerEntry(row: ServerRow & VersionRow, head: VersionEntry): ServerEntry {
  return {
    id: row.serverId,
    revision: row.serverRevision,
    name: row.name,
    nameKey: row.nameKey,
    status: row.serverStatus,
    createdAt: row.createdAt,
    updatedAt: row.serverUpdatedAt,
    head,
    versions: row.newest.length > NEWEST_KEPT ? null : row.newest,
  };
}

/** The official registry's metadata of a version, its keys in the official order. */
function metaOf(row: VersionRow): string {
  return JSON.stringify({
    'io.modelcontextprotocol.registry/official': {
      status: row.status,
      statusChangedAt: row.statusChangedAt,
      ...(row.statusMessage === null ? {} : { statusMessage: row.statusMessage }),
      publishedAt: row.publishedAt,
      updatedAt: row.updatedAt,
      isLatest: row.isLatest,
    },
  });
}
