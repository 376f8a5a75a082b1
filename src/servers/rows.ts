export type ServerStatus = 'active' | 'deprecated' | 'deleted';

/** A row at a revision: what lists are made of. */
export interface Ref {
  id: number;
  revision: number;
}

/** A version's row, with its server's name. */
export interface VersionRow {
  id: number;
  revision: number;
  serverId: number;
  name: string;
  nameKey: string;
  version: string;
  status: ServerStatus;
  statusMessage: string | null;
  statusChangedAt: string;
  isLatest: boolean;
  publishedAt: string;
  updatedAt: string;
  /** The text of server.json as it came in. */
  document: string;
  digest: string;
  publisherMethod: string | null;
  publisherSubject: string | null;
}

/** A server's row with its head's, and its newest versions, newest first. */
export interface ServerRow {
  serverId: number;
  serverRevision: number;
  serverStatus: ServerStatus;
  createdAt: string;
  serverUpdatedAt: string;
  newest: { id: number; revision: number; status: ServerStatus; publishedAt: string }[];
}

/** How many versions of a server are remembered with it; longer lists are read page by page. */
export const NEWEST_KEPT = 100;
