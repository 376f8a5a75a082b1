import type { Sql } from '../db.ts';
import type { ServerStatus } from '../servers/rows.ts';
import type { VersionChange } from './latest.db.ts';
import { keyOf, type PreparedVersion } from './prepared.ts';

/** A version that is there already, as far as a writer compares it. */
export interface ExistingVersion {
  id: number;
  serverId: number;
  nameKey: string;
  version: string;
  digest: string;
  status: ServerStatus;
  statusMessage: string | null;
  publishedAt: string;
  updatedAt: string;
  statusChangedAt: string;
  source: string | null;
}

/** Makes sure that the namespaces and servers exist and locks the servers, always in the order of names; ids by key. */
export async function ensureServers(sql: Sql, versions: PreparedVersion[]): Promise<Map<string, number>> {
  const first = new Map<string, PreparedVersion>();
  for (const version of versions) if (!first.has(version.nameKey)) first.set(version.nameKey, version);
  const keys = [...first.keys()];
  // Most publishes are of a server that is there.
  const known = keys.length === 1 ? await lockServers(sql, keys) : [];
  if (known.length > 0) return new Map(known.map((row) => [row.nameKey, row.id]));
  const named = [...first.values()];
  const names = named.map((one) => one.name);
  const namespaces = named.map((one) => one.namespace);
  await sql(
    `INSERT INTO namespaces (name, name_key) SELECT DISTINCT ON (key) name, key
     FROM (SELECT n AS name, lower(n COLLATE "C") AS key FROM unnest($1::text[]) n) x
     WHERE NOT EXISTS (SELECT FROM namespaces WHERE name_key = key) ORDER BY key
     ON CONFLICT (name_key) DO NOTHING`,
    [namespaces],
  );
  await sql(
    `INSERT INTO servers (name, name_key, namespace_id)
     SELECT x.name, lower(x.name COLLATE "C"), n.id FROM unnest($1::text[], $2::text[]) x(name, namespace)
     JOIN namespaces n ON n.name_key = lower(x.namespace COLLATE "C")
     WHERE NOT EXISTS (SELECT FROM servers WHERE name_key = lower(x.name COLLATE "C")) ORDER BY 2
     ON CONFLICT (name_key) DO NOTHING`,
    [names, namespaces],
  );
  return new Map((await lockServers(sql, keys)).map((row) => [row.nameKey, row.id]));
}

const lockServers = (sql: Sql, nameKeys: string[]) =>
  sql<{ id: number; nameKey: string }>(
    `SELECT id, name_key AS "nameKey" FROM servers WHERE name_key = ANY($1::text[]) ORDER BY name_key FOR NO KEY UPDATE`,
    [nameKeys],
  );

/** Finds which of these versions exist, by name key and version. */
export async function findExisting(sql: Sql, versions: PreparedVersion[]): Promise<Map<string, ExistingVersion>> {
  const rows = await sql<ExistingVersion>(
    `SELECT v.id, v.server_id AS "serverId", v.name_key AS "nameKey", v.version, v.digest, v.status,
       v.status_message AS "statusMessage", v.published_at AS "publishedAt", v.updated_at AS "updatedAt",
       v.status_changed_at AS "statusChangedAt", v.source
     FROM unnest($1::text[], $2::text[]) k(name_key, version)
     JOIN versions v ON v.name_key = k.name_key AND v.version = k.version`,
    [versions.map((one) => one.nameKey), versions.map((one) => one.version)],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

const columnsOf = (versions: PreparedVersion[]) => [
  versions.map((one) => one.document),
  versions.map((one) => one.digest),
  versions.map((one) => one.title),
  versions.map((one) => one.description),
  versions.map((one) => JSON.stringify(one.facets)),
  versions.map((one) => one.status),
  versions.map((one) => one.statusMessage),
  versions.map((one) => one.publishedAt),
  versions.map((one) => one.updatedAt),
  versions.map((one) => one.statusChangedAt),
  versions.map((one) => one.source),
  versions.map((one) => JSON.stringify(one.remoteUrls)),
];

const columns = `unnest($2::json[], $3::text[], $4::text[], $5::text[], $6::text[], $7::server_status[], $8::text[],
  $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[]`;
const columnNames =
  'document, digest, title, description, facets, status, status_message, published_at, updated_at, status_changed_at, source, remote_urls';
const listed = (column: string) => `ARRAY(SELECT json_array_elements_text(x.${column}::json))`;

/** Inserts versions and their packages; their latest and revision come with settling. Times that are not given are of the moment when the server is locked, so that they follow the order of commits. */
export async function insertVersions(
  sql: Sql,
  versions: PreparedVersion[],
  servers: Map<string, number>,
): Promise<VersionChange[]> {
  if (versions.length === 0) return [];
  const rows = await sql<{ id: number; serverId: number; nameKey: string; version: string }>(
    `WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now)
     INSERT INTO versions (server_id, name_key, version, precedence, publisher_id, publisher_method, publisher_subject, ${columnNames})
     SELECT x.server_id, x.name_key, x.version, x.precedence, x.publisher_id, x.publisher_method, x.publisher_subject,
       x.document, x.digest, x.title, x.description, ${listed('facets')}, x.status, x.status_message,
       coalesce(x.published_at, now), coalesce(x.updated_at, x.published_at, now),
       coalesce(x.status_changed_at, CASE x.status WHEN 'active' THEN x.published_at ELSE x.updated_at END, now),
       x.source, ${listed('remote_urls')}
     FROM moment, ${columns}, $1::int[], $14::text[], $15::text[], $16::text[], $17::int[], $18::text[], $19::text[])
       x(${columnNames}, server_id, name_key, version, precedence, publisher_id, publisher_method, publisher_subject)
     RETURNING id, server_id AS "serverId", name_key AS "nameKey", version`,
    [
      versions.map((one) => servers.get(one.nameKey)),
      ...columnsOf(versions),
      versions.map((one) => one.nameKey),
      versions.map((one) => one.version),
      versions.map((one) => one.precedence),
      versions.map((one) => one.publisher?.accountId ?? null),
      versions.map((one) => one.publisher?.method ?? null),
      versions.map((one) => one.publisher?.subject ?? null),
    ],
  );
  const ids = new Map(rows.map((row) => [keyOf(row), row]));
  const inserted = versions.map((version) => ids.get(keyOf(version))!);
  await insertPackages(sql, versions, inserted);
  return inserted.map((row) => ({ versionId: row.id, serverId: row.serverId, kind: 'published' }));
}

/** Overwrites versions with what their registry says of them now. */
export async function updateVersions(
  sql: Sql,
  versions: PreparedVersion[],
  existing: Map<string, ExistingVersion>,
): Promise<VersionChange[]> {
  if (versions.length === 0) return [];
  const before = versions.map((version) => existing.get(keyOf(version))!);
  const ids = before.map((row) => row.id);
  await sql(
    `UPDATE versions v SET document = x.document, digest = x.digest, title = x.title, description = x.description,
       facets = ${listed('facets')}, status = x.status, status_message = x.status_message, source = x.source,
       remote_urls = ${listed('remote_urls')},
       is_latest = v.is_latest AND x.status <> 'deleted', published_at = coalesce(x.published_at, v.published_at),
       updated_at = coalesce(x.updated_at, v.updated_at),
       status_changed_at = coalesce(x.status_changed_at, CASE WHEN x.status = v.status THEN v.status_changed_at END, x.updated_at, now())
     FROM ${columns}, $1::int[]) x(${columnNames}, id)
     WHERE v.id = x.id`,
    [ids, ...columnsOf(versions)],
  );
  await sql('DELETE FROM packages WHERE version_id = ANY($1::int[])', [ids]);
  await insertPackages(sql, versions, before);
  return versions.map((version, i) => {
    const row = before[i]!;
    return {
      versionId: row.id,
      serverId: row.serverId,
      kind: version.digest === row.digest ? 'status_changed' : 'edited',
    };
  });
}

async function insertPackages(sql: Sql, versions: PreparedVersion[], rows: { id: number }[]): Promise<void> {
  const packages = versions.flatMap((version, i) =>
    version.packages.map((one, position) => ({ ...one, position, versionId: rows[i]!.id })),
  );
  if (packages.length === 0) return;
  await sql(
    `INSERT INTO packages (version_id, position, registry_type, identifier, name, verdict, checked_at, evidence)
     SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[])`,
    [
      packages.map((one) => one.versionId),
      packages.map((one) => one.position),
      packages.map((one) => one.registryType),
      packages.map((one) => one.identifier),
      packages.map((one) => one.name),
      packages.map((one) => one.verdict?.status ?? null),
      packages.map((one) => one.verdict?.checkedAt ?? null),
      packages.map((one) => (one.verdict ? JSON.stringify(one.verdict.evidence) : null)),
    ],
  );
}

/** The server that a version would be of, as far as publishing it depends on that. */
export interface Place {
  /** The server's name as it is written. */
  serverName: string;
  /** How many versions it has, deleted ones too. */
  versions: number;
  /** The version that is there already. */
  existing: { id: number; digest: string; status: ServerStatus } | null;
}

/** Looks up where a version would go; null when there is no such server. */
export async function findPlace(sql: Sql, nameKey: string, version: string): Promise<Place | null> {
  const [row] = await sql<Place>(
    `SELECT s.name AS "serverName", (SELECT count(*) FROM versions WHERE server_id = s.id) AS versions,
       CASE WHEN v.id IS NOT NULL THEN jsonb_build_object('id', v.id, 'digest', v.digest, 'status', v.status) END AS existing
     FROM servers s LEFT JOIN versions v ON v.name_key = s.name_key AND v.version = $2 WHERE s.name_key = $1`,
    [nameKey, version],
  );
  return row ?? null;
}
