import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import { send, startPublishWorld, type PublishWorld } from '../publish/world.ts';
import { HEADER_SECRET, startCollector, type Collector } from './collector.ts';

let collector: Collector;
let world: PublishWorld;

beforeAll(async () => {
  collector = await startCollector();
  world = await startPublishWorld(collector.settings);
});

afterAll(async () => {
  await world.close();
  await collector.close();
});

test('no secret, no variable and no query string leaves in a span', async () => {
  const canary = 'canary-8f2c';
  const query = `mutation ($input: ExchangeGithubTokenInput!) { exchangeGithubToken(input: $input) { __typename } }`;
  await world.registry.graphql(query, { input: { githubToken: `gho_${canary}` } }, `mcp_${canary}`);
  await world.registry.graphql(
    'query ($n: String!) { server(name: $n) { name } }',
    { n: `io.github.${canary}/x` },
    world.alice,
  );
  await world.registry.rest(`/v0.1/servers?search=${canary}&token=${canary}&limit=5`, {
    headers: {
      cookie: `session=${canary}`,
      'x-api-key': canary,
      tracestate: `vendor=${canary}`,
      baggage: `a=${canary}`,
    },
  });
  await send(world, { path: '/v0.1/auth/github-at', body: { github_token: `gho_${canary}` } }).catch(() => null);
  await send(world, {
    path: '/v0.1/auth/dns',
    body: { domain: 'example.com', timestamp: canary, signed_timestamp: canary },
  });
  await send(world, {
    path: '/v0.1/publish',
    token: world.alice,
    body: { ...aServer('io.github.alice/secrets'), description: canary },
  });
  await collector.trace(({ name }) => name === 'POST /v0.1/publish');
  const sent = collector.posts.filter(({ path }) => path === '/v1/traces');
  const everything = sent.map(({ body }) => body.toString()).join('\n');
  expect(everything.length).toBeGreaterThan(10_000);
  const { config } = world.registry.app;
  const secrets = {
    canary,
    token: world.alice,
    header: HEADER_SECRET,
    github: config.github.clientSecret!,
    database: new URL(config.databaseUrl!).password || 'no password',
    key: config.jwtPrivateKeys[0]!,
  };
  const found = Object.entries(secrets).flatMap(([name, secret]) => (everything.includes(secret) ? [name] : []));
  expect(found).toEqual([]);
  // The collector itself is told who we are, by the header that the operator set.
  expect(sent[0]!.headers.authorization).toBe(`Bearer ${HEADER_SECRET}`);
});
