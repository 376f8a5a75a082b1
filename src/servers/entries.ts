import { readDocument, type Document, type Json } from './document.ts';
import { NEWEST_KEPT, type Ref, type ServerRow, type ServerStatus, type VersionRow } from './rows.ts';

/** How the publisher proved the namespace, and as whom. */
export interface Publisher {
  method: string;
  subject: string;
}

/** A version ready to serve, at one revision; it never changes, so it may be kept for ever. */
export class VersionEntry implements Omit<VersionRow, 'publisherMethod' | 'publisherSubject'> {
  readonly id: number;
  readonly revision: number;
  readonly serverId: number;
  readonly name: string;
  readonly nameKey: string;
  readonly version: string;
  readonly status: ServerStatus;
  readonly statusMessage: string | null;
  readonly statusChangedAt: string;
  readonly isLatest: boolean;
  readonly publishedAt: string;
  readonly updatedAt: string;
  readonly document: string;
  readonly digest: string;
  readonly publisher: Publisher | null;
  #views: Document | null = null;
  #wire: string | null = null;

  constructor(row: VersionRow) {
    this.id = row.id;
    this.revision = row.revision;
    this.serverId = row.serverId;
    this.name = row.name;
    this.nameKey = row.nameKey;
    this.version = row.version;
    this.status = row.status;
    this.statusMessage = row.statusMessage;
    this.statusChangedAt = row.statusChangedAt;
    this.isLatest = row.isLatest;
    this.publishedAt = row.publishedAt;
    this.updatedAt = row.updatedAt;
    this.document = row.document;
    this.digest = row.digest;
    const { publisherMethod: method, publisherSubject: subject } = row;
    this.publisher = method && subject ? { method, subject } : null;
  }

  /** Typed views of the document, made when first asked for. */
  get views(): Document {
    return (this.#views ??= readDocument(JSON.parse(this.document) as Json));
  }

  /** `{"server":…,"_meta":…}` with the document byte for byte as it came in, made when first asked for. */
  get wire(): string {
    return (this.#wire ??= `{"server":${this.document},"_meta":${metaOf(this)}}`);
  }
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
function metaOf(row: Omit<VersionRow, 'publisherMethod' | 'publisherSubject'>): string {
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
