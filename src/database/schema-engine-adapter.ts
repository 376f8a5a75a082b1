import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

const CHAR_OID = 18;
// Stands in for the type "char", which the adapter doesn't know; PostgreSQL's catalogs hold no times of day.
const TIMETZ_OID = 1266;

/** Connects Prisma's schema engine to PostgreSQL; `close` ends every connection and drops what the engine left behind. */
export function createEngineAdapter(url: string) {
  const opened: { dispose(): Promise<void> }[] = [];
  const open = async (database?: string): Promise<SqlDriverAdapter> => {
    const adapter = await connect(url, database);
    opened.push(adapter);
    return adapter;
  };
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => open(),
    connectToShadowDb: async () => {
      const database = `prisma_migrate_shadow_db_${randomUUID()}`;
      await telling(() => runOnce(url, `CREATE DATABASE "${database}" TEMPLATE template0`));
      opened.push({ dispose: () => runOnce(url, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`) });
      return open(database);
    },
  });
  const close = async () => {
    for (const { dispose } of opened.splice(0).reverse()) await dispose();
  };
  return { factory, close };
}

async function connect(url: string, database?: string): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool({ connectionString: withDatabase(url, database), max: 2 });
  disguiseChar(pool);
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
      const result = await queryRaw(query);
      const { Time, Character } = ColumnTypeEnum;
      return { ...result, columnTypes: result.columnTypes.map((type) => (type === Time ? Character : type)) };
    },
    // The adapter's own splits the script at every semicolon, also inside function bodies.
    executeScript: (script: string) => telling(async () => void (await pool.query(script))),
    dispose: async () => {
      if (!pool.ended) await pool.end();
    },
  });
}

/** Hands PostgreSQL's own words on, which the engine would otherwise not show. */
async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code = '', severity = '', message, detail, column, hint } = error;
    throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
  }
}

function withDatabase(url: string, database?: string): string {
  if (!database) return url;
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}

function disguiseChar(pool: pg.Pool): void {
  const query: (config: pg.QueryConfig) => Promise<pg.QueryResult | pg.QueryResult[]> = pool.query.bind(pool);
  Object.assign(pool, {
    query: async (config: pg.QueryConfig) => {
      const result = await query(config);
      const fields = Array.isArray(result) ? [] : result.fields;
      for (const field of fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TIMETZ_OID;
      return result;
    },
  });
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
