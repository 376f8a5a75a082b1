import { pipeline } from 'node:stream/promises';
import type { Readable, Transform } from 'node:stream';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { explainConnectionError } from '../database/connection-error.ts';
import { sqlOn, type Sql } from '../db.ts';
import { BackupError } from './backup-error.ts';

/** One transaction on a connection of its own, which may take as long as it needs. */
export interface Session {
  readonly sql: Sql;
  /** Opens the text of what a query gives, as COPY writes it, and how many rows it had once it was read. */
  copyOut(query: string): { source: Readable; rows: () => number };
  /** Reads such a text into a table; how many rows it had. */
  copyIn(target: string, source: Readable, meter: Transform): Promise<number>;
}

/** A table that somebody holds for longer is told instead of waited for, as everyone else would wait behind us. */
const SETTINGS = '-c TimeZone=UTC -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=10s';

/** Does `work` in one transaction, all of it or nothing; what PostgreSQL refuses is told in one line, as a BackupError. */
export async function inSession<T>(
  url: string,
  begin: string,
  work: (session: Session) => Promise<T>,
  interrupted?: AbortSignal,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    options: SETTINGS,
    application_name: 'mcp-registry backup',
  });
  // A connection that breaks shows as the failure of what runs on it.
  client.on('error', () => {});
  interrupted?.addEventListener('abort', () => client.connection.stream.destroy());
  try {
    await client.connect();
    await client.query(begin);
    const result = await work(sessionOn(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    interrupted?.throwIfAborted();
    if (!isDatabases(error)) throw error;
    throw new BackupError(explainConnectionError(url, error), { cause: error });
  } finally {
    // One that is in the middle of a COPY would wait for the rest of it.
    client.connection.stream.destroy();
  }
}

function sessionOn(client: pg.Client): Session {
  return {
    sql: sqlOn(client),
    copyOut: (query) => {
      const source = client.query(to(`COPY (${query}) TO STDOUT`));
      return { source, rows: () => source.rowCount };
    },
    copyIn: async (target, source, meter) => {
      const sink = client.query(from(`COPY ${target} FROM STDIN`));
      await pipeline(source, meter, sink);
      return sink.rowCount;
    },
  };
}

/** PostgreSQL's refusals, and the system's of a connection. */
function isDatabases(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return true;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return /^E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_)/.test(code) || /Connection terminated|timeout expired|SASL/.test(message);
}
