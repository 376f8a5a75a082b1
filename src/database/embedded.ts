import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseAccount, makeLaunch } from './account.ts';
import { locateBinaries } from './binaries.ts';
import { clusterPaths, findLastPort, findOwner, hasCluster, makeDirectories, readPassword } from './cluster.ts';
import { databaseUrl, ensureDatabase } from './ensure-database.ts';
import { initialiseCluster } from './initialise.ts';
import { keepRunning, type Running } from './keep-running.ts';
import { findPostmaster } from './postmaster.ts';
import { DatabaseStartError, OR_USE_YOUR_OWN } from './start-error.ts';
import { type Started, startPostmaster, stopStarted } from './start-postmaster.ts';

export interface EmbeddedOptions {
  /** The directory that holds the database's files; made when absent. */
  dataDir: string;
  /** The TCP port on 127.0.0.1; when left out, the one it had last or a free one. */
  port?: number;
  /** PostgreSQL settings over the defaults, such as `fsync: 'off'` for tests. */
  settings?: Record<string, string>;
  log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** A connection string of the database `registry`, with its password. */
  url: string;
  /** True while another process has the database: then `stop` leaves it running. */
  readonly attached: boolean;
  stop(): Promise<void>;
}

const POLL_MS = 25;
const GIVE_UP_AFTER_MS = 120_000;
const PORTS_TRIED = 5;

/**
 * Starts PostgreSQL on a data directory, or joins the one that runs there; throws DatabaseStartError.
 * It ends with the thread that started it, so start it from the main one.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => undefined);
  const running = await attachOrStart({ ...options, dataDir, log });
  const revive = (port: number) => attachOrStart({ ...options, dataDir, log, port });
  const keeper = keepRunning(running, { lock: clusterPaths(dataDir).lock, revive, log });
  return {
    url: databaseUrl(readPassword(dataDir), running.port),
    get attached() {
      return keeper.attached;
    },
    stop: () => keeper.stop(),
  };
}

type Options = EmbeddedOptions & Required<Pick<EmbeddedOptions, 'log'>>;

async function attachOrStart(options: Options): Promise<Running> {
  const { lock, home } = clusterPaths(options.dataDir);
  let problem = 'it neither gets ready nor ends';
  for (const deadline = Date.now() + GIVE_UP_AFTER_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const found = findPostmaster(lock);
    if (found && !found.ready) continue;
    const server = found ? { ...found, started: null } : await start(options);
    if (!server) continue;
    const refusal = await tryDatabase(options.dataDir, server);
    if (refusal === null) return server;
    problem = refusal;
  }
  const remedy = `stop the process named in ${lock}`;
  throw new DatabaseStartError(`The embedded database in ${home} can't be used: ${problem}; ${remedy}.`);
}

/** Null when the database can be used, else why not just now; one that was started in vain is stopped again. */
async function tryDatabase(dataDir: string, { port, started }: Running): Promise<string | null> {
  try {
    const refusal = await ensureDatabase(readPassword(dataDir), port);
    if (refusal !== null && started) await stopStarted(started);
    return refusal;
  } catch (error) {
    if (started) await stopStarted(started);
    throw error;
  }
}

/** Starts PostgreSQL, on a new cluster if there is none; null when another process is about to do the same. */
async function start({ dataDir, port, settings = {}, log }: Options): Promise<Running | null> {
  const binaries = locateBinaries();
  const { home, cluster } = clusterPaths(dataDir);
  const account = chooseAccount(findOwner(dataDir));
  makeDirectories(dataDir, account);
  const launch = makeLaunch(account, binaries.postgres, home);
  if (!hasCluster(dataDir, log)) {
    const durable = settings.fsync !== 'off';
    const made = await initialiseCluster({ dataDir, initdb: binaries.initdb, account, launch, durable });
    if (!made) return null;
  }
  // Told before anything runs that could not be used.
  readPassword(dataDir);
  const ports = port === undefined ? [findLastPort(dataDir), ...Array<undefined>(PORTS_TRIED)] : [port];
  for (const candidate of ports) {
    const started = await startPostmaster({
      cluster,
      program: binaries.postgres,
      launch,
      port: candidate,
      settings,
      log,
    });
    if (started === 'busy') return null;
    if (started !== 'port taken') return running(started);
  }
  const taken = port === undefined ? 'No port is free' : `Port ${port} is taken`;
  throw new DatabaseStartError(
    `${taken} on 127.0.0.1: stop what listens there, take another port, ${OR_USE_YOUR_OWN}.`,
  );
}

function running(started: Started): Running {
  return { pid: started.pid, port: started.port, started };
}
