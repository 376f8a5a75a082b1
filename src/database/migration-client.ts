import pg from 'pg';
import { explainConnectionError } from './connection-error.ts';
import { MigrationError } from './migration-error.ts';

const CONNECT_WITHIN_MS = 10_000;
const OLDEST_VERSION = 15;

/** Does `work` on a connection of its own; a database that can't be reached or is too old is told in one line. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError(explainConnectionError(url, error));
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: assertUrl(url),
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    application_name: 'mcp-registry migrate',
  });
  // A connection that breaks shows as the failure of the statement that runs on it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await assertVersion(client);
    return client;
  } catch (error) {
    // A connection that was not let in would stay open until the server tires of it.
    client.connection.stream.destroy();
    if (error instanceof MigrationError) throw error;
    throw new MigrationError(explainConnectionError(url, error));
  }
}

function assertUrl(url: string): string {
  const wanted = 'a connection string (postgresql://user:password@host:port/database)';
  const refusal = new MigrationError(`MCP_REGISTRY_DATABASE_URL is not ${wanted}.`);
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) throw refusal;
  try {
    decodeURIComponent(url);
    return url;
  } catch {
    // A lone percent sign: its error would show the URL.
    throw refusal;
  }
}

async function assertVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const version = rows[0]?.server_version ?? '';
  if (parseInt(version, 10) >= OLDEST_VERSION) return;
  throw new MigrationError(`The database is PostgreSQL ${version}: ${OLDEST_VERSION} or newer is needed.`);
}
