import type { Sql } from '../db.ts';
import type { Ref } from './rows.ts';

/** A server's name and the version wanted of it; `latest` is the latest one. */
export interface VersionKey {
  name: string;
  version: string;
}

/** Finds servers by name key. */
export function findServers(sql: Sql, nameKeys: readonly string[]): Promise<(Ref & { nameKey: string })[]> {
  return sql(`SELECT id, revision, name_key AS "nameKey" FROM servers WHERE name_key = ANY($1::text[])`, [nameKeys]);
}

/** Finds exact versions by name key and version; `place` says which of the keys each one answers. */
export function findVersions(sql: Sql, keys: readonly VersionKey[]): Promise<(Ref & { place: number })[]> {
  return sql(
    `SELECT v.id, v.revision, k.place::int AS place
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY k(name_key, version, place)
     JOIN versions v ON v.name_key = k.name_key AND v.version = k.version`,
    [keys.map((key) => key.name), keys.map((key) => key.version)],
  );
}

/** Finds the latest versions of servers by name key; a server whose versions are all deleted gives its newest. */
export function findHeads(sql: Sql, nameKeys: readonly string[]): Promise<(Ref & { nameKey: string })[]> {
  return sql(
    `SELECT v.id, v.revision, v.name_key AS "nameKey"
     FROM servers s JOIN versions v ON v.id = s.head_id WHERE s.name_key = ANY($1::text[])`,
    [nameKeys],
  );
}

/** Finds servers by id. */
export function findServersById(sql: Sql, ids: readonly number[]): Promise<Ref[]> {
  return sql(`SELECT id, revision FROM servers WHERE id = ANY($1::int[])`, [ids]);
}

/** Finds versions by id. */
export function findVersionsById(sql: Sql, ids: readonly number[]): Promise<Ref[]> {
  return sql(`SELECT id, revision FROM versions WHERE id = ANY($1::int[])`, [ids]);
}
