import { createHash } from 'node:crypto';
import { aServer, type TestApp } from '../app.ts';

/** What a door answered, and after how many milliseconds. */
export interface Answer {
  status: number;
  retryAfter: string | null;
  body: string;
  ms: number;
}

/** The names of the doors that are asked. */
export type Door = keyof ReturnType<typeof requests>;

/** Servers that the rounds below look for. */
export const seeds = Array.from({ length: 40 }, (_, i) => ({ server: aServer(`io.github.alice/known-${i}`) }));

const QUERY = 'query ($s: String) { servers(filter: { search: $s }, first: 3) { edges { node { name } } } }';
const sha256Hash = createHash('sha256').update(QUERY).digest('hex');

/** Logs in, registers the operation and asks once for what is to be in memory. */
export async function prepareDoors(registry: TestApp): Promise<string> {
  const login = await registry.rest('/v0.1/auth/none', { method: 'POST' });
  const { registry_token: token } = (await login.json()) as { registry_token: string };
  const body = { query: QUERY, variables: { s: 'x' }, extensions: { persistedQuery: { version: 1, sha256Hash } } };
  const headers = { 'content-type': 'application/json' };
  await (await registry.rest('/graphql', { method: 'POST', headers, body: JSON.stringify(body) })).text();
  await remember(registry);
  return token;
}

/** Asks once for what is to be in memory, as a publish makes all of it out of date. */
export async function remember(registry: TestApp): Promise<void> {
  for (const path of ['/v0.1/servers', persisted('kept')]) await (await registry.rest(path)).text();
}

const persisted = (search: string) =>
  `/graphql?documentId=sha256:${sha256Hash}&variables=${encodeURIComponent(JSON.stringify({ s: search }))}`;

/** One request of each kind; what a round asks for, no round before it did. */
function requests({ url, internalUrl }: TestApp, token: string, round: number) {
  const name = `io.github.alice/known-${round}`;
  const post =
    (address: string, body: object, headers = {}) =>
    () =>
      fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
        body: JSON.stringify(body),
      });
  const get = (address: string) => () => fetch(address);
  const document = aServer(`io.modelcontextprotocol.anonymous/round-${round}`);
  const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Server { name description } } }`;
  return {
    'REST, a list in memory': get(`${url}/v0.1/servers`),
    'REST, another list': get(`${url}/v0.1/servers?search=known-${round}`),
    'REST, one version': get(`${url}/v0.1/servers/${encodeURIComponent(name)}/versions/1.0.0`),
    GraphQL: post(`${url}/graphql`, { query: QUERY, variables: { s: `g${round}` } }),
    'GraphQL by hash, in memory': get(`${url}${persisted('kept')}`),
    'GraphQL by hash, another': get(`${url}${persisted(`p${round}`)}`),
    subgraph: post(`${internalUrl}/graphql`, { query: entities, variables: { r: [{ __typename: 'Server', name }] } }),
    'a login': post(`${url}/v0.1/auth/none`, {}),
    'a publish': post(`${url}/v0.1/publish`, document, { authorization: `Bearer ${token}` }),
    'health/live': get(`${internalUrl}/health/live`),
    'health/ready': get(`${internalUrl}/health/ready`),
    metrics: get(`${internalUrl}/metrics`),
  };
}

/** Asks all doors at once. */
export async function askDoors(registry: TestApp, token: string, round: number): Promise<Record<Door, Answer>> {
  const all = Object.entries(requests(registry, token, round)).map(async ([door, ask]) => [door, await timed(ask)]);
  return Object.fromEntries(await Promise.all(all)) as Record<Door, Answer>;
}

/** Asks, and tells what was answered and after how long. */
export async function timed(ask: () => Promise<Response>): Promise<Answer> {
  const started = performance.now();
  const answer = await ask();
  const body = await answer.text();
  const ms = Math.round(performance.now() - started);
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body, ms };
}

/** Shows them as a table. */
export function show(what: string, answers: Record<Door, Answer>): void {
  const rows = Object.entries(answers).map(([door, { status, ms }]) => `  ${door.padEnd(28)} ${status} after ${ms} ms`);
  console.log(`${what}:\n${rows.join('\n')}`);
}
