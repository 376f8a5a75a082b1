import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { traceStatements, tracePool } from './database/trace-pool.ts';
import { RegistryError } from './errors.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { createTurns } from './turns.ts';

/** Runs one SQL statement and gives its rows; times are RFC 3339 strings in UTC to the microsecond, bigint is number. */
export type Sql = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;

/** The database: Prisma for what is not hot, `sql` for the read path, `transaction` for writes. */
export interface Db {
  readonly prisma: PrismaClient;
  readonly sql: Sql;
  /** Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it throws; again when PostgreSQL breaks a deadlock by it. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Opens a view of this moment, on a connection of its own: what is read from it may take minutes. */
  snapshot(): Promise<Snapshot>;
  /** Calls `heard` with the text of each notification on `channel` until the connection ends, which `lost` tells. */
  listen(channel: string, heard: (text: string) => void, lost: () => void): Promise<() => Promise<void>>;
  /** What the pool's connections do, and how many wait for one. */
  connections(): Record<'busy' | 'idle' | 'waiting', number>;
  close(): Promise<void>;
}

/** The database as it was at one moment, for reading; whoever opened it closes it. */
export interface Snapshot {
  readonly sql: Sql;
  close(): Promise<void>;
}

export interface DbOptions {
  url: string;
  /** Connections at most; 10 when left out. */
  connections?: number;
  /** Told of every statement's text, for tests and metrics. */
  onStatement?: (text: string) => void;
  /** Told of every statement that ended, well or not, and how long it took, waiting for a connection included. */
  onDone?: (text: string, ms: number) => void;
  /** Told how long someone waited who found no connection free. */
  onWait?: (ms: number) => void;
  /** Whether statements are parts of traces. */
  traced?: boolean;
}

/** Who gets no connection within that time is told to come back: the longest that a full pool keeps anyone waiting. */
const WAIT_FOR_CONNECTION_MS = 1_000;

/** Opens the pool that Prisma and plain SQL share; nothing connects before the first statement. */
export function createDb(options: DbOptions): Db {
  const connections = options.connections ?? 10;
  const pool = openPool({ connectionString: options.url, max: connections, traced: options.traced });
  if (options.onWait) watchWaits(pool, options.onWait);
  const inTurn = createTurns({
    atATime: Math.max(1, Math.floor(connections * FOR_WRITES)),
    waiting: MAX_WAITING,
    waitMs: LONGEST_WAIT_MS,
    refusal: 'Too many are writing at the moment; try again shortly.',
  });
  const told: Told = { onStatement: options.onStatement ?? (() => {}), onDone: options.onDone ?? (() => {}) };
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: false }),
    log: [{ emit: 'event', level: 'query' }],
  });
  prisma.$on('query', ({ query, duration }) => {
    told.onStatement(query);
    told.onDone(query, duration);
  });
  return {
    prisma,
    sql: runner(pool, told),
    transaction: (work) => inTurn(() => unlessDeadlocked(() => inTransaction(pool, told, work))),
    snapshot: () => openSnapshot(options, told),
    listen: (channel, heard, lost) => listen(options.url, channel, heard, lost),
    connections: () => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Opens a pool of connections that all have the same time zone and limits. */
export function openPool({ traced, ...config }: pg.PoolConfig & Pick<DbOptions, 'traced'>): pg.Pool {
  const pool = new pg.Pool({
    connectionTimeoutMillis: WAIT_FOR_CONNECTION_MS,
    options: '-c TimeZone=UTC -c statement_timeout=5000 -c idle_in_transaction_session_timeout=5000',
    ...config,
  });
  // A connection that breaks fails its statement and is replaced; without listeners, idle or lent, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  if (traced) tracePool(pool);
  return pool;
}

type Connected = (error: Error | undefined, ...rest: unknown[]) => void;

/** Tells how long each waits who finds all connections taken; others go the way that they always go. */
function watchWaits(pool: pg.Pool, told: (ms: number) => void): void {
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => unknown;
  pool.connect = ((callback?: Connected) => {
    if (pool.idleCount > 0 || pool.totalCount < pool.options.max) return callback ? connect(callback) : connect();
    const began = performance.now();
    const waited = () => told(performance.now() - began);
    if (!callback) return (connect() as Promise<unknown>).finally(waited);
    return connect((...args: Parameters<Connected>) => {
      waited();
      callback(...args);
    });
  }) as pg.Pool['connect'];
}

/** Who is told of statements. */
export type Told = Required<Pick<DbOptions, 'onStatement' | 'onDone'>>;

type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.ClientBase, 'query'>;

/** Statement names are hashes of their text, so that PostgreSQL parses each once a connection. */
const names = new Map<string, string>();

/** Each name is a prepared statement in every connection, and lists come in many shapes: rarer ones stay unnamed. */
const MAX_NAMES = 500;

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= MAX_NAMES) return known;
  const name = createHash('sha1').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === pg.types.builtins.TIMESTAMPTZ) return isoTime;
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.JSON) return asText;
    return pg.types.getTypeParser(oid, format);
  },
};

const asText = (value: string) => value;

/** `2025-09-09 00:16:49.16262+00` → `2025-09-09T00:16:49.16262Z`; the session's time zone is UTC. */
function isoTime(value: string): string {
  // Joined, it is one text in memory: over texts of several pieces JSON.stringify takes more than twice as long (measured).
  return [value.slice(0, 10), 'T', value.slice(11, -3), 'Z'].join('');
}

/** Runs statements on one connection, for who needs another kind of it than the pool's. */
export function sqlOn(client: pg.Client): Sql {
  return runner(client, { onStatement: () => {}, onDone: () => {} });
}

/** Runs statements on a pool or a connection; names them, and reads times and numbers as everywhere. */
export function runner(queryable: Queryable, { onStatement, onDone }: Told): Sql {
  return async <Row extends object>(text: string, values: unknown[] = []) => {
    onStatement(text);
    const started = performance.now();
    try {
      const result = await queryable.query<Row>({ name: nameOf(text), text, values, types });
      return result.rows;
    } finally {
      onDone(text, performance.now() - started);
    }
  };
}

/** The part of the connections that writes may hold: a burst of them waits, and reads go on. */
export const FOR_WRITES = 0.6;
const MAX_WAITING = 1_000;
const LONGEST_WAIT_MS = 10_000;

const DEADLOCK = '40P01';
const TRIES = 3;

async function unlessDeadlocked<T>(run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (tried >= TRIES || !(error instanceof pg.DatabaseError) || error.code !== DEADLOCK) throw error;
    }
  }
}

/** Each statement has its own limit; a transaction of many slow ones would hold its locks for a minute. */
const LONGEST_TRANSACTION_MS = 15_000;

/** Begins no statement after the time is over; what throws is rolled back, so it is clear that nothing was written. */
function withinTime(sql: Sql): Sql {
  const ends = performance.now() + LONGEST_TRANSACTION_MS;
  return async (text, values) => {
    if (performance.now() < ends) return sql(text, values);
    throw new RegistryError('UNAVAILABLE', 'The database is too slow at the moment; try again shortly.');
  };
}

async function inTransaction<T>(pool: pg.Pool, told: Told, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(withinTime(runner(client, told)));
    told.onStatement('COMMIT');
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: Error) => {
      broken = rollback;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** A reader who is slow pauses between statements, never longer than a minute; none of them is long. */
const SNAPSHOT_LIMITS = '-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000';

/** Opens a view of the moment of its first statement, on a connection of its own. */
export async function openSnapshot({ url, traced }: Pick<DbOptions, 'url' | 'traced'>, told: Told): Promise<Snapshot> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 2_000,
    options: `-c TimeZone=UTC ${SNAPSHOT_LIMITS}`,
  });
  // What breaks it is told by the statement that fails.
  client.on('error', () => {});
  if (traced) traceStatements(client);
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return { sql: runner(client, told), close: () => client.end() };
}

async function listen(
  url: string,
  channel: string,
  heard: (text: string) => void,
  lost: () => void,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  client.on('error', lost);
  client.on('end', lost);
  client.on('notification', ({ payload = '' }) => heard(payload));
  await client.connect();
  await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  return () => {
    client.off('end', lost);
    return client.end();
  };
}
