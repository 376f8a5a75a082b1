import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { askRouter } from './ask.ts';
import { startGateway, type Router } from './gateway.ts';
import { records } from './records.ts';
import { joinRegistry, type Supergraph } from './supergraph.ts';

const SECRET = 'a secret of routers';

let registry: TestApp;
let supergraph: Supergraph;
let router: Router;

beforeAll(async () => {
  registry = await createTestApp({ MCP_REGISTRY_ROUTER_SECRET: SECRET });
  await registry.seed(records);
  supergraph = await joinRegistry(`${registry.internalUrl}/graphql`, { 'router-authorization': SECRET });
  router = await startGateway({ supergraph: supergraph.compose(), routerSecret: SECRET });
});

afterAll(async () => {
  await router?.close();
  await supergraph?.close();
  await registry?.close();
});

/** Requests to the registry so far. */
const requests = () =>
  registry.logged().filter(({ door, path, method }) => door === 'internal' && path === '/graphql' && method === 'POST')
    .length;

async function countOf(query: string) {
  const before = requests();
  supergraph.marketplace.takeRequests();
  supergraph.reviews.takeRequests();
  registry.takeStatements();
  const { errors, headers } = await askRouter(router.url, { query });
  expect(errors).toBeUndefined();
  const statements = registry.takeStatements().filter((text) => text !== 'SELECT n FROM revision');
  return {
    registry: requests() - before,
    marketplace: supergraph.marketplace.takeRequests().length,
    reviews: supergraph.reviews.takeRequests().length,
    statements: statements.length,
    cacheControl: headers.get('cache-control'),
  };
}

const SERVER = '{ server(name: "com.example/server-04") { name title rating } }';
const PAGE = `{ servers(first: 30) { edges { node { name rating latestVersion { version packages { registryType identifier } } } } } }`;

describe('a query to the supergraph costs as little as its plan allows', () => {
  it.each([
    ['a server and its rating', SERVER, { registry: 1, marketplace: 1, reviews: 0, statements: 1 }],
    [
      "a page of 30, ratings and the latest version's packages",
      PAGE,
      { registry: 1, marketplace: 1, reviews: 0, statements: 1 },
    ],
    [
      'a page of 30 and @requires of two types, for which this router asks on its own each',
      '{ servers(first: 30) { edges { node { headline latestVersion { downloads } } } } }',
      { registry: 1, marketplace: 2, reviews: 0, statements: 1 },
    ],
    [
      'the best ten with titles and versions: one look-up by key',
      '{ topRated { edges { node { name title latestVersion { version } } } } }',
      { registry: 1, marketplace: 1, reviews: 0, statements: 1 },
    ],
    [
      'reviews with servers and versions, for which this router asks on its own each',
      '{ reviewsBy(author: "ada") { server { title } version { digest } } }',
      { registry: 2, marketplace: 0, reviews: 1, statements: 2 },
    ],
    [
      'what another team provides',
      '{ reviewsBy(author: "ada") { server { name rating } } }',
      { registry: 0, marketplace: 0, reviews: 1, statements: 0 },
    ],
  ])('%s', async (what, query, expected) => {
    await countOf(query);
    const counted = await countOf(query);
    console.log(
      `${what}: ${counted.registry} requests to the registry, ${counted.statements} statements, ` +
        `${counted.marketplace} to the marketplace, ${counted.reviews} to reviews`,
    );
    expect(counted).toMatchObject(expected);
  });
});

it('how long answers keep comes through the router, where all that it asked say so', async () => {
  const onlyOurs = '{ servers(first: 5) { edges { node { name } } } }';
  expect((await countOf(onlyOurs)).cacheControl).toBe('max-age=30, public');
  // The marketplace says nothing.
  expect((await countOf(SERVER)).cacheControl).toBe('no-store');
});

it('a router without the secret is told so, and nothing else', async () => {
  const stranger = await startGateway({ supergraph: supergraph.compose() });
  const { data, errors } = await askRouter(stranger.url, { query: SERVER });
  expect(data).toEqual({ server: null });
  expect(errors?.[0]?.message).toContain('401');
  await stranger.close();
});

it('router and subgraph take a bounded multiple of the public door', async () => {
  const query = `{ servers(first: 30) { edges { node { name title description status latestVersion { version packages { registryType identifier } } } } } }`;
  const doors: Record<string, { url: string; headers?: Record<string, string> }> = {
    public: { url: `${registry.url}/graphql` },
    subgraph: { url: `${registry.internalUrl}/graphql`, headers: { 'router-authorization': SECRET } },
    router: { url: `${router.url}/graphql` },
  };
  const ask = async ({ url, headers }: (typeof doors)[string]) => {
    const init = { method: 'POST', body: JSON.stringify({ query }) };
    const response = await fetch(url, { ...init, headers: { 'content-type': 'application/json', ...headers } });
    return response.text();
  };
  const times: Record<string, number[]> = { public: [], subgraph: [], router: [] };
  for (let round = 0; round < 60; round += 1) {
    for (const [name, door] of Object.entries(doors)) {
      const start = performance.now();
      expect(await ask(door)).toContain('"servers"');
      if (round >= 20) times[name]!.push(performance.now() - start);
    }
  }
  const median = (name: string) => times[name]!.sort((a, b) => a - b)[20]!;
  const [direct, inside, through] = ['public', 'subgraph', 'router'].map(median) as [number, number, number];
  console.log(
    `a page of 30, one caller: public door ${direct.toFixed(1)} ms, subgraph ${(inside / direct).toFixed(2)} times, ` +
      `router and subgraph ${(through / direct).toFixed(2)} times`,
  );
  expect(through / direct).toBeLessThan(10);
});
