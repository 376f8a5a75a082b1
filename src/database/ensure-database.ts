import pg from 'pg';
import { DatabaseStartError, errorCode } from './start-error.ts';

const DATABASE = 'registry';
const CONNECT_WITHIN_MS = 10_000;

/** The connection string of a database of the embedded PostgreSQL, by default the registry's. */
export function databaseUrl(password: string, port: number, database = DATABASE): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** Makes the registry's database if it isn't there; null when it is, else why PostgreSQL can't be asked just now. */
export async function ensureDatabase(password: string, port: number): Promise<string | null> {
  const client = new pg.Client({
    connectionString: databaseUrl(password, port, 'postgres'),
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
    return null;
  } catch (error) {
    // Duplicates: another process made it in the same moment.
    if (['42P04', '23505'].includes(errorCode(error))) return null;
    if (errorCode(error) !== '28P01') return error instanceof Error ? error.message : String(error);
    const reason = 'the password in postgres/cluster/registry.password is not the one it was made with';
    throw new DatabaseStartError(`The embedded database refuses the connection: ${reason}; restore the file.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
