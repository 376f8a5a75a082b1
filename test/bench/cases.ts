import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Load } from './load.ts';
import type { Registry } from './registry.ts';

/** A request to measure, with the bytes that answered it once. */
export interface Case extends Pick<Load, 'url' | 'method' | 'headers' | 'body'> {
  name: string;
  answer: Buffer;
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

interface RestPage {
  servers: { server: { name: string; version: string } }[];
}

/** The requests that are measured, each answered once and found right. */
export async function prepareCases({ publicUrl, internalUrl }: Registry): Promise<Case[]> {
  const { servers } = (await (await fetch(`${publicUrl}/v0.1/servers?limit=100`)).json()) as RestPage;
  const versions = servers.map(({ server }) => ({ name: server.name, version: server.version }));
  const { name, version } = versions[Math.floor(versions.length / 2)]!;
  const exact = `${publicUrl}/v0.1/servers/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
  const representations = Array.from({ length: 100 }, (_, i) => {
    const key = versions[i % versions.length]!;
    return i % 2 ? { __typename: 'Server', name: key.name } : { __typename: 'ServerVersion', ...key };
  });
  const query = read('page.graphql');
  const persisted = await register(publicUrl, query);
  const list = `${publicUrl}/v0.1/servers?limit=30`;
  return [
    await get('Kept: GraphQL, persisted page of 30', persisted),
    await get('Kept: REST, the same page', list),
    await get('GraphQL, page of 30, all typed fields', persisted, UNSHARED),
    await post('GraphQL, the same as text', `${publicUrl}/graphql`, { query }),
    await get('REST, the same page', list, UNSHARED),
    await get('REST, one exact version', exact, UNSHARED),
    await post('Subgraph, 100 entities', `${internalUrl}/graphql`, {
      query: read('entities.graphql'),
      variables: { representations },
    }),
  ];
}

/** What was asked with a cookie is nobody else's: it is made each time. */
const UNSHARED = { cookie: 'bench=1' };

/** Registers a query, and gives the address of its answers. */
async function register(publicUrl: string, query: string): Promise<string> {
  const sha256Hash = hash('sha256', query);
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  await post('registration', `${publicUrl}/graphql`, { query, extensions });
  return `${publicUrl}/graphql?documentId=sha256:${sha256Hash}`;
}

function get(name: string, url: string, headers: Record<string, string> = {}): Promise<Case> {
  return answered({ name, url, method: 'GET', headers: { accept: 'application/json', ...headers }, body: null });
}

function post(name: string, url: string, body: object): Promise<Case> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return answered({ name, url, method: 'POST', headers, body: JSON.stringify(body) });
}

async function answered(request: Omit<Case, 'answer'>): Promise<Case> {
  const { url, method, headers, body } = request;
  const response = await fetch(url, { method, headers: { ...headers, 'accept-encoding': 'identity' }, body });
  const answer = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200 || 'errors' in (JSON.parse(answer.toString()) as object)) {
    throw new Error(`${method} ${url} answered ${response.status}: ${answer.toString().slice(0, 300)}`);
  }
  return { ...request, answer };
}
