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
  return [
    await post('GraphQL, page of 30, all typed fields', `${publicUrl}/graphql`, { query: read('page.graphql') }),
    await get('REST, the same page', `${publicUrl}/v0.1/servers?limit=30`),
    await get('REST, one exact version', exact),
    await post('Subgraph, 100 entities', `${internalUrl}/graphql`, {
      query: read('entities.graphql'),
      variables: { representations },
    }),
  ];
}

function get(name: string, url: string): Promise<Case> {
  return answered({ name, url, method: 'GET', headers: { accept: 'application/json' }, body: null });
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
