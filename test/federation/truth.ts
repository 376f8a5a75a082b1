import type { Sql } from '../../src/db.ts';
import { downloads, headline, ranked } from './marketplace.ts';
import type { Offer } from './marketplace-store.ts';
import type { Supergraph } from './supergraph.ts';

/** A version as its row says. */
export interface VersionTruth {
  id: number;
  serverId: number;
  name: string;
  version: string;
  status: string;
  isLatest: boolean;
  digest: string;
  document: Document;
}

interface Document {
  title?: string;
  description: string;
  packages?: { registryType: string; identifier: string }[];
}

/** Everything there is to know, read from the database and the other teams' stores, not from any door. */
export type Truth = Awaited<ReturnType<typeof readTruth>>;

/** Reads it once. */
export async function readTruth(sql: Sql, { store, said }: Supergraph) {
  const versions = await sql<VersionTruth>(
    `SELECT v.id, v.server_id AS "serverId", s.name, v.version, v.status::text, v.is_latest AS "isLatest", v.digest, v.document
     FROM versions v JOIN servers s ON s.id = v.server_id ORDER BY s.name_key, v.published_at DESC, v.id DESC`,
  );
  for (const one of versions) one.document = JSON.parse(String(one.document)) as Document;
  const changes = await sql<{ revision: number; kind: string; name: string; version: string }>(
    `SELECT c.revision::int, c.kind::text, s.name, v.version FROM changes c
     JOIN versions v ON v.id = c.version_id JOIN servers s ON s.id = v.server_id ORDER BY c.revision`,
  );
  const latest = versions.filter((one) => one.isLatest);
  const offer = (name: string): Partial<Offer> => store.offers.get(name) ?? {};
  const of = (name: string) => latest.find((one) => one.name === name);
  const packages = ({ document }: VersionTruth) => document.packages ?? [];
  return {
    versions,
    changes,
    /** Of servers that are not deleted, by name. */
    latest,
    store,
    said,
    of,
    rating: (name: string) => offer(name).rating ?? null,
    installs: (name: string) => offer(name).installs ?? 0,
    listing: (name: string) => offer(name).listing ?? null,
    title: (name: string) => of(name)?.document.title ?? null,
    packages,
    packageKeys: (one: VersionTruth) =>
      packages(one).map(({ registryType, identifier }) => ({ registryType, identifier })),
    vulnerabilities: ({ name, version }: { name: string; version: string }) =>
      store.vulnerabilities.get(`${name}@${version}`) ?? [],
    downloads: (one: VersionTruth) => downloads(store, packages(one)),
    headline: (one: VersionTruth) =>
      headline({
        title: one.document.title ?? null,
        description: one.document.description,
        installs: offer(one.name).installs ?? 0,
      }),
    ranked: () => ranked(store),
    reviews: (name: string) => said.reviews.filter((one) => one.server.name === name),
    complaints: (id: string) => said.complaints.get(id) ?? [],
    globalId: (type: string, id: number) => Buffer.from(`${type}:${id}`).toString('base64'),
  };
}
