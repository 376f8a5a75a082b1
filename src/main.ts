import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, type App } from './app.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';
import { openDoors } from './http/server.ts';
import { seedIfEmpty } from './sync/seed.ts';
import { startWork } from './work.ts';
import { startWorkers, tellOpened, WorkerError, type Opened } from './workers.ts';

/** How long requests go on being served after readiness is off, so that load balancers notice. */
const NOTICE_MS = 3_000;

/** How long what runs may take to finish after that. */
const GRACE_MS = 20_000;

/** Starts the whole service in this process, or as one of several, and stops it in reverse on SIGTERM or SIGINT. */
async function serve(config: Config): Promise<void> {
  const started = performance.now();
  const app = await createApp(config);
  if (!cluster.isWorker) await seedIfEmpty(app);
  const doors = await openDoors(app);
  const work = await startWork(app);
  if (cluster.isWorker) tellOpened(doors);
  else tellPeople(started, app, doors);
  onStop(app, async (signal) => {
    doors.readiness.draining = true;
    // A person at the keyboard does not wait for load balancers.
    if (signal === 'SIGTERM' && config.production) await sleep(NOTICE_MS);
    await doors.close(GRACE_MS);
    await work.stop();
  });
}

/** Starts the database and as many processes as are wanted, which share the ports; it opens no door itself. */
async function lead(config: Config): Promise<void> {
  const started = performance.now();
  const app = await createApp(config);
  await seedIfEmpty(app);
  const count = config.workers || availableParallelism();
  const workers = await startWorkers(count, { MCP_REGISTRY_DATABASE_URL: app.databaseUrl }, app.log);
  tellPeople(started, app, workers);
  onStop(app, workers.stop);
}

function tellPeople(started: number, app: App, { publicUrl, internalUrl }: Opened): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`MCP Registry is up after ${seconds} s, at revision ${app.revision.current()}.
  GraphQL   ${publicUrl}/graphql   (a browser gets GraphiQL)
  REST      ${publicUrl}/v0.1/servers   docs at ${publicUrl}/docs
  Subgraph  ${internalUrl}/graphql
  Health    ${internalUrl}/health/ready`);
}

function onStop(app: App, stop: (signal: NodeJS.Signals) => Promise<void>): void {
  let stopping = false;
  const end = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    app.log.info(`${signal}: stopping`);
    await stop(signal);
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void end(signal));
  process.on('SIGINT', (signal) => void end(signal));
}

try {
  const config = loadConfig();
  await (config.workers === 1 || cluster.isWorker ? serve(config) : lead(config));
} catch (error) {
  if (error instanceof WorkerError) process.exit(error.exitCode);
  if (error instanceof ConfigError) {
    console.error(error.message);
    process.exit(2);
  }
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
