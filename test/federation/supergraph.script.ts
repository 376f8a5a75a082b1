// npm run supergraph: the registry with its samples, two other teams' subgraphs, and a real router over all of them.
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openDoors } from '../../src/http/server.ts';
import { seedIfEmpty } from '../../src/sync/seed.ts';
import { examplePage, examples } from './examples.ts';
import { startGateway } from './gateway.ts';
import { joinRegistry } from './supergraph.ts';

/** Opens everything, and gives what closes it again. */
async function start(): Promise<() => Promise<void>> {
  const port = Number(process.env.PORT ?? 4000);
  const config = loadConfig();
  const app = await createApp({ ...config, logLevel: 'warn' });
  await seedIfEmpty(app);
  const doors = await openDoors(app);
  const headers = config.routerSecret === null ? undefined : { 'router-authorization': config.routerSecret };
  const supergraph = await joinRegistry(`${doors.internalUrl}/graphql`, headers);
  const router = await startGateway({
    supergraph: supergraph.compose(),
    port,
    page: examplePage(examples(supergraph.store)),
    routerSecret: config.routerSecret ?? undefined,
  });
  console.log(`A supergraph is up.
  Router       ${router.url}/graphql   (queries to try: ${router.url})
  Registry     ${doors.internalUrl}/graphql   (its SDL: ${doors.internalUrl}/graphql?sdl)
  Marketplace  ${supergraph.marketplace.url}
  Reviews      ${supergraph.reviews.url}`);
  return async () => {
    await router.close();
    await supergraph.close();
    await doors.close(1_000);
    await app.close();
  };
}

try {
  const stop = await start();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
