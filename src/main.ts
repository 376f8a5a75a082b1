import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';
import { openDoors } from './http/server.ts';
import { seedIfEmpty } from './sync/seed.ts';
import { startWork } from './work.ts';

/** How long requests go on being served after readiness is off, so that load balancers notice. */
const NOTICE_MS = 3_000;

/** How long what runs may take to finish after that. */
const GRACE_MS = 20_000;

/** Starts the service, and stops it in reverse on SIGTERM or SIGINT. */
async function start(config: Config): Promise<void> {
  const started = performance.now();
  const app = await createApp(config);
  await seedIfEmpty(app);
  const doors = await openDoors(app);
  const work = await startWork(app);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`MCP Registry is up after ${seconds} s, at revision ${app.revision.current()}.
  GraphQL   ${doors.publicUrl}/graphql   (a browser gets GraphiQL)
  REST      ${doors.publicUrl}/v0.1/servers   docs at ${doors.publicUrl}/docs
  Subgraph  ${doors.internalUrl}/graphql
  Health    ${doors.internalUrl}/health/ready`);
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    app.log.info(`${signal}: stopping`);
    doors.readiness.draining = true;
    // A person at the keyboard does not wait for load balancers.
    if (signal === 'SIGTERM' && config.production) await sleep(NOTICE_MS);
    await doors.close(GRACE_MS);
    await work.stop();
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}

try {
  await start(loadConfig());
} catch (error) {
  if (error instanceof ConfigError) {
    console.error(error.message);
    process.exit(2);
  }
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
