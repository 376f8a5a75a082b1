import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { startEmbeddedPostgres } from './database/embedded.ts';
import { migrate } from './database/migrate.ts';
import { createDb, type Db } from './db.ts';
import { watchRevision, type RevisionWatch } from './servers/revision.ts';
import { createStore, type Store } from './servers/store.ts';

/** Everything that outlives a request, made once. */
export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly db: Db;
  readonly store: Store;
  readonly revision: RevisionWatch;
  /** Stops what was started, in reverse. */
  close(): Promise<void>;
}

/** What tests put in the place of the real thing. */
export interface Overrides {
  log?: Logger;
  onStatement?: (text: string) => void;
}

const STORE_BYTES = 128 * 1024 * 1024;

/** A connection to the database, and how to let go of it. */
export interface Connection {
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
    const db = createDb({ url, onStatement: overrides.onStatement });
    return {
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
  const log = overrides.log ?? pino({ level: config.logLevel });
  const { db, close } = await connect(config, { ...overrides, log });
  const revision = await watchRevision(db, log);
  return {
    config,
    log,
    db,
    store: createStore(db, STORE_BYTES),
    revision,
    close: async () => {
      await revision.stop();
      await close();
    },
  };
}
