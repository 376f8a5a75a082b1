import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { clusterPaths } from '../../../src/database/cluster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/database/embedded.ts';
import { findPostmaster } from '../../../src/database/postmaster.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { prepareJobs } from '../../../src/jobs/jobs.ts';
import { fillDatabase, type Filled } from './fill.ts';
import type { Size } from './plan.ts';
import { readTemplates, type Templates } from './templates.ts';

/** One PostgreSQL with a database for each size of registry. */
export interface Databases {
  postgres: EmbeddedPostgres;
  /** The process of PostgreSQL whose children do its work. */
  postmaster: number;
  /** Makes a registry of this size unless it is there. */
  grown(size: Size): Promise<Grown>;
}

/** A registry that was grown; `filled` tells of when it was. */
export interface Grown {
  url: string;
  filled: Filled;
}

/** Starts PostgreSQL in a folder, which keeps what was grown there for the next time. */
export async function openDatabases(folder: string, dump: string): Promise<Databases> {
  const postgres = await startEmbeddedPostgres({ dataDir: folder, settings: { max_wal_size: '4GB' } });
  const templates = readTemplates(dump);
  const postmaster = findPostmaster(clusterPaths(folder).lock)!.pid;
  return { postgres, postmaster, grown: (size) => grown(postgres.url, templates, size) };
}

async function grown(serverUrl: string, templates: Templates, size: Size): Promise<Grown> {
  const name = `grown_${size.versions}`;
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const from = fingerprint(templates, size);
  const known = await noteOf(serverUrl, name);
  if (known?.from === from) return { url, filled: known.filled };
  await run(serverUrl, `DROP DATABASE IF EXISTS ${name}`, `CREATE DATABASE ${name} TEMPLATE template0`);
  await migrate(url);
  await prepareJobs(url);
  const filled = await fillDatabase(url, templates, size);
  await run(serverUrl, `COMMENT ON DATABASE ${name} IS '${JSON.stringify({ from, filled })}'`);
  return { url, filled };
}

/** What the rows depend on: the records, the schema and the seed. */
function fingerprint({ digest }: Templates, { seed }: Size): string {
  const migrations = readdirSync(resolve(import.meta.dirname, '../../../prisma/migrations')).toSorted();
  return hash('sha256', JSON.stringify([digest, seed, migrations, LAYOUT])).slice(0, 16);
}

/** Raised when the generator makes other rows. */
const LAYOUT = 3;

interface Note {
  from: string;
  filled: Filled;
}

/** What was written down when the database was complete. */
async function noteOf(serverUrl: string, name: string): Promise<Note | null> {
  const [row] = await run<{ note: string | null }>(
    serverUrl,
    `SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database WHERE datname = '${name}'`,
  );
  return row?.note ? (JSON.parse(row.note) as Note) : null;
}

/** Runs statements one by one; gives the rows of the last. */
async function run<Row extends object>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
