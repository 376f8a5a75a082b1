import pg from 'pg';
import { namespaceOf } from '../../../src/namespaces/server-name.ts';
import { copyInto } from './copy.ts';
import { nameOf, timeText, versionAt } from './document.ts';
import { playHistory, type History } from './history.ts';
import { planRegistry, type Plan, type Size } from './plan.ts';
import type { Templates } from './templates.ts';

/** What a registry came to. */
export interface Filled {
  servers: number;
  versions: number;
  seconds: number;
  /** Of the whole database, its indexes too. */
  bytes: number;
}

/** What a server shows of its head. */
interface Shown {
  title: string;
  description: string;
}

const VERSION_COLUMNS = ['id', 'server_id', 'name_key', 'version', 'precedence', 'status', 'status_changed_at'].concat(
  ['is_latest', 'published_at', 'updated_at', 'revision', 'document', 'digest', 'title', 'description', 'facets'],
  ['remote_urls', 'source'],
);
const PACKAGE_COLUMNS = ['version_id', 'position', 'registry_type', 'identifier', 'name'];
const SERVER_COLUMNS = ['id', 'namespace_id', 'name', 'name_key', 'head_id', 'status', 'title', 'description'].concat([
  'created_at',
  'published_at',
  'updated_at',
  'revision',
]);

/**
 * Fills an empty, migrated database with as many versions as wanted: rows by COPY, everything that follows from them as
 * the service would have made it, the real indexes made anew at the end. The same templates, size and seed give the same rows.
 */
export async function fillDatabase(url: string, templates: Templates, size: Size): Promise<Filled> {
  const began = performance.now();
  const plan = planRegistry(templates, size);
  const history = playHistory(plan);
  const client = new pg.Client({ connectionString: url, options: '-c session_replication_role=replica' });
  await client.connect();
  try {
    const indexes = await dropIndexes(client);
    const shown = await copyVersions(url, { templates, plan, size, history });
    await copyServers(url, { templates, plan, size, history }, shown);
    await copyChanges(url, history);
    await derive(client, history);
    await client.query(`SET maintenance_work_mem = '1GB'`);
    for (const { definition } of indexes) await client.query(definition);
    // As a database that has been in use: autovacuum has come by.
    await client.query('VACUUM (ANALYZE)');
    const { rows } = await client.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
    const seconds = (performance.now() - began) / 1000;
    return { servers: plan.servers.length, versions: size.versions, seconds, bytes: Number(rows[0]!.bytes) };
  } finally {
    await client.end();
  }
}

interface Making {
  templates: Templates;
  plan: Plan;
  size: Size;
  history: History;
}

/** Drops the indexes that no constraint stands on; gives what makes them. */
async function dropIndexes(client: pg.Client): Promise<{ name: string; definition: string }[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
     WHERE i.indrelid IN ('servers'::regclass, 'versions'::regclass, 'packages'::regclass, 'changes'::regclass,
         'namespaces'::regclass, 'remote_urls'::regclass, 'search_words'::regclass)
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows;
}

/** Writes the versions and their packages in the order of publishing; gives what each server shows. */
async function copyVersions(url: string, { templates, plan, size, history }: Making): Promise<Shown[]> {
  const versions = await copyInto(url, 'versions', VERSION_COLUMNS);
  const packages = await copyInto(url, 'packages', PACKAGE_COLUMNS);
  const shown: Shown[] = [];
  for (const [place, s] of plan.serverAt.entries()) {
    const one = versionAt(templates, plan, size, place);
    if (history.head[s] === place) shown[s] = { title: one.title, description: one.description };
    await versions.write([
      ...[place + 1, s + 1, one.nameKey, one.version, one.precedence, one.status, one.statusChangedAt],
      ...[history.latest[s] === place, one.publishedAt, one.updatedAt, history.revisionAt[place]!, one.document],
      ...[one.digest, one.title, one.description, one.facets, one.remoteUrls, one.source],
    ]);
    for (const [position, { registryType, identifier, name }] of one.packages.entries()) {
      await packages.write([place + 1, position, registryType, identifier, name]);
    }
  }
  await Promise.all([versions.end(), packages.end()]);
  return shown;
}

/** Writes the servers, which show what their heads say, and the namespaces. */
async function copyServers(url: string, { templates, plan, history }: Making, shown: Shown[]): Promise<void> {
  const { first, last, revision } = boundsOf(plan, history);
  const namespaces = new Map<string, number>();
  const servers = await copyInto(url, 'servers', SERVER_COLUMNS);
  const rows = await copyInto(url, 'namespaces', ['id', 'name', 'name_key']);
  for (const [s, server] of plan.servers.entries()) {
    const name = nameOf(templates, server);
    const namespace = namespaceOf(name);
    const key = namespace.toLowerCase();
    if (!namespaces.has(key)) {
      namespaces.set(key, namespaces.size + 1);
      await rows.write([namespaces.size, namespace, key]);
    }
    const head = history.head[s]!;
    const status = server.statuses[plan.versionAt[head]!]!;
    await servers.write([
      ...[s + 1, namespaces.get(key)!, name, name.toLowerCase(), head + 1, status],
      ...[shown[s]!.title, shown[s]!.description, timeText(first[s]!), timeText(plan.timeAt[head]!)],
      ...[timeText(last[s]!), revision[s]!],
    ]);
  }
  await Promise.all([servers.end(), rows.end()]);
}

/** When each server was first and last published to, and its newest revision. */
function boundsOf(plan: Plan, { revisionAt }: History) {
  const first = new Float64Array(plan.servers.length);
  const last = new Float64Array(plan.servers.length);
  const revision = new Int32Array(plan.servers.length);
  for (const [place, s] of plan.serverAt.entries()) {
    first[s] ||= plan.timeAt[place]!;
    last[s] = plan.timeAt[place]!;
    revision[s] = Math.max(revision[s]!, revisionAt[place]!);
  }
  return { first, last, revision };
}

async function copyChanges(url: string, { changes }: History): Promise<void> {
  const rows = await copyInto(url, 'changes', ['revision', 'version_id', 'kind', 'changed_at']);
  for (const [i, { place, kind, at }] of changes.entries()) {
    await rows.write([i + 1, place + 1, kind, timeText(at)]);
  }
  await rows.end();
}

/** What the service keeps beside its rows: whose remotes are whose, the words of searches and who has them, counters. */
async function derive(client: pg.Client, { changes }: History): Promise<void> {
  // As src/publish/remotes.db.ts: an address belongs to the owner who comes first.
  await client.query(
    `INSERT INTO remote_urls (url, holders)
     SELECT url, array_agg(server_id ORDER BY server_id) FROM (
       SELECT DISTINCT u.url, v.server_id, o.owner, first_value(o.owner) OVER (PARTITION BY u.url ORDER BY v.server_id) AS first
       FROM versions v CROSS JOIN LATERAL unnest(v.remote_urls) u(url)
       JOIN (SELECT s.id, coalesce(n.account_id, -n.id) AS owner FROM servers s JOIN namespaces n ON n.id = s.namespace_id) o
         ON o.id = v.server_id
       WHERE v.is_latest AND v.status = 'active') x
     WHERE owner = first GROUP BY url`,
  );
  await client.query(
    `INSERT INTO search_words (word) SELECT DISTINCT unnest(tsvector_to_array(search)) COLLATE "C" FROM servers ORDER BY 1`,
  );
  await client.query(
    `INSERT INTO search_postings SELECT p.* FROM servers s CROSS JOIN LATERAL search_postings_of(s.id, s.search) p
     ORDER BY p.word, p.rank, p.server_id`,
  );
  await client.query('UPDATE revision SET n = $1, at = $2', [changes.length, timeText(changes.at(-1)!.at)]);
  for (const table of ['servers', 'versions', 'namespaces']) {
    await client.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`);
  }
}
