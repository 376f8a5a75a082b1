import { pino, type Logger } from 'pino';
import { loadOrCreateSeed, readKeys, type SigningKeys } from './auth/keys.ts';
import { ConfigError, type Config } from './config.ts';
import { startEmbeddedPostgres } from './database/embedded.ts';
import { migrate } from './database/migrate.ts';
import { createReads, type AllReads } from './database/reads.ts';
import { createDb, type Db } from './db.ts';
import { askedOutside, readFrom, statementDone, storeAsked, waitedForConnection } from './events.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { connectOutside, type Outside, type OutsideOptions } from './outside.ts';
import { createRateLimits, type RateLimits } from './rate-limits.ts';
import { ManifestError, readManifests } from './operations/manifests.ts';
import { createOperations, type Operations } from './operations/operations.ts';
import { prepareJobs } from './jobs/jobs.ts';
import { watchRevision, type RevisionWatch } from './servers/revision.ts';
import { createFeed, type Feed } from './servers/feed.ts';
import { createStore, type Store } from './servers/store.ts';
import { createSeats, type Seats } from './seats.ts';
import { traceOfLine, type Tracing } from './tracing.ts';

/** Everything that outlives a request, made once. */
export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly db: Db;
  readonly databaseUrl: string;
  /** Where what is in the registry is read from. */
  readonly reads: AllReads;
  readonly store: Store;
  readonly operations: Operations;
  readonly revision: RevisionWatch;
  readonly feed: Feed;
  /** Who may do what lasts: follow changes, read the whole registry. */
  readonly seats: { follow: Seats; export: Seats };
  /** What registry tokens are signed with, and secrets derived from. */
  readonly keys: SigningKeys;
  readonly outside: Outside;
  readonly limits: RateLimits;
  /** Null: no traces are made. */
  readonly tracing: Tracing | null;
  /** The clock. */
  now(): Date;
  /** Stops what was started, in reverse. */
  close(): Promise<void>;
}

/** What tests put in the place of the real thing. */
export interface Overrides {
  log?: Logger;
  onStatement?: (text: string) => void;
  onDone?: (text: string, ms: number) => void;
  onWait?: (ms: number) => void;
  now?: () => Date;
  outside?: OutsideOptions;
  /** How large the version store may grow. */
  storeBytes?: number;
}

const STORE_BYTES = 128 * 1024 * 1024;

/** A connection to the database, and how to let go of it. */
export interface Connection {
  url: string;
  db: Db;
  close(): Promise<void>;
}

/** Connects to the database, starting the embedded one where no other is named, and brings its schema up to date. */
export async function connect(config: Config, overrides: Overrides = {}): Promise<Connection> {
  const tell = (line: string) => overrides.log?.info(line);
  const embedded = config.databaseUrl ? null : await startEmbeddedPostgres({ dataDir: config.dataDir, log: tell });
  try {
    const url = config.databaseUrl ?? embedded!.url;
    await migrate(url, { log: tell });
    await prepareJobs(url);
    const { onStatement, onDone, onWait } = overrides;
    const db = createDb({ url, onStatement, onDone, onWait, traced: config.tracing !== null });
    return {
      url,
      db,
      close: async () => {
        await db.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** Makes the app. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  // Lines are written together, and the last of them at the exit: one write for each would be felt.
  const log = overrides.log ?? createLog(config);
  const keys = await readKeys(await seedsOf(config));
  const trusted = await trustedOperations(config);
  const metrics = createMetrics();
  const tracing = await startTracing(config, log);
  const onDone = (text: string, ms: number) => statementDone({ log, metrics }, text, ms);
  const onWait = (ms: number) => waitedForConnection(metrics, ms);
  const { url, db, close } = await connect(config, { onDone, onWait, ...overrides, log });
  const revision = await watchRevision(db, log);
  const reads = createReads({
    urls: config.databaseReplicaUrls,
    db,
    known: revision,
    log,
    told: { onStatement: overrides.onStatement ?? (() => {}), onDone: overrides.onDone ?? onDone },
    traced: tracing !== null,
    onRead: (target) => readFrom(metrics, target),
  });
  const store = createStore(reads.primary, overrides.storeBytes ?? STORE_BYTES, ({ hits, misses }) =>
    storeAsked(metrics, hits, misses),
  );
  return {
    config,
    log,
    metrics,
    operations: createOperations(db.sql, trusted, config.persistedOnly),
    keys,
    outside: connectOutside(config, (...asked) => askedOutside(metrics, ...asked), overrides.outside),
    limits: createRateLimits(config.rateLimits),
    tracing,
    now: overrides.now ?? (() => new Date()),
    databaseUrl: url,
    db,
    reads,
    store,
    revision,
    feed: createFeed({ db: reads.anywhere, store: store.reading(reads.anywhere.sql) }, revision),
    seats: createAllSeats(config),
    close: async () => {
      await revision.stop();
      await reads.close();
      await Promise.all([close(), tracing?.stop()]);
    },
  };
}

function createLog({ logLevel, tracing }: Config): Logger {
  const destination = pino.destination({ sync: false });
  return pino({ level: logLevel, ...(tracing && { mixin: traceOfLine }) }, destination);
}

async function startTracing({ tracing }: Config, log: Logger): Promise<Tracing | null> {
  return tracing && (await import('./external/traces.ts')).startTracing(tracing, log);
}

/** Followers cost a little memory each, an export a connection and a good part of a core. */
function createAllSeats({ rateLimits }: Config): App['seats'] {
  const each = (most: number) => (rateLimits ? most : Infinity);
  return {
    follow: createSeats({ total: 1_000, each: each(100) }),
    export: createSeats({ total: 4, each: each(2) }),
  };
}

async function trustedOperations({ operationManifests }: Config): Promise<Map<string, string>> {
  try {
    return await readManifests(operationManifests);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new ConfigError(`MCP_REGISTRY_OPERATION_MANIFESTS must name manifests of operations, but ${error.message}`);
  }
}

/** The seeds of the signing keys: named by configuration or, in development only, one that is kept in the data directory. */
async function seedsOf({ jwtPrivateKeys, production, dataDir }: Config): Promise<string[]> {
  if (jwtPrivateKeys.length > 0) return jwtPrivateKeys;
  if (production) {
    throw new ConfigError(
      'MCP_REGISTRY_JWT_PRIVATE_KEY must be set in production: 64 hex digits (make them with: openssl rand -hex 32)',
    );
  }
  return [await loadOrCreateSeed(dataDir)];
}
