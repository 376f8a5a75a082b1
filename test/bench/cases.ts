import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Child } from './children.ts';
import type { Contestants } from './contestants.ts';
import type { Target } from './load.ts';

/** Something to measure: what is sent to whom. */
export interface Case {
  /** What bars (bars.ts) call it. */
  key: string;
  name: string;
  /** The registry that it is about, in versions. */
  versions: number;
  child: Child;
  targets: Target[];
  /** Of the first answer's body. */
  bytes: number;
  /** The page that a bare node:http server answers beside it; null: none does. */
  bare: Buffer | null;
  /** Starts another process of who is asked. */
  another: Contestants['another'];
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** What was asked with a cookie is nobody else's: it is made each time. */
const UNSHARED = { cookie: 'bench=1' };

interface RestPage {
  servers: { server: { name: string; version: string } }[];
}

/** Makes the cases of one registry; each is answered once and found right. */
export async function prepareCases(versions: number, contestants: Contestants, words: string[]): Promise<Case[]> {
  const { registry, another, storeOff, postgraphile, sql } = contestants;
  const { publicUrl, internalUrl, child } = registry;
  const { servers } = (await (await fetch(`${publicUrl}/v0.1/servers?limit=100`)).json()) as RestPage;
  const keys = servers.map(({ server }) => ({ name: server.name, version: server.version }));
  const { name, version } = keys[Math.floor(keys.length / 2)]!;
  const exact = `${publicUrl}/v0.1/servers/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
  const query = read('page.graphql');
  const page = await register(publicUrl, query);
  const pageStoreOff = await register(storeOff.publicUrl, query);
  const rest = `${publicUrl}/v0.1/servers?limit=30`;
  const of = (who: Child) => ({ versions, child: who, another });
  return Promise.all([
    kept('kept-graphql', 'Kept: GraphQL, persisted page of 30', of(child), page),
    kept('kept-rest', 'Kept: REST, page of 30', of(child), rest),
    notModified('304-graphql', 'Kept: GraphQL, 304', of(child), page),
    notModified('304-rest', 'Kept: REST, 304', of(child), rest),
    one('graphql', 'GraphQL, page of 30, all fields, persisted', of(child), get(page, UNSHARED)),
    one('graphql-text', 'GraphQL, the same as text', of(child), post(`${publicUrl}/graphql`, { query })),
    one('graphql-off', 'GraphQL, the same, store off', of(storeOff.child), get(pageStoreOff, UNSHARED)),
    one(
      'postgraphile',
      'PostGraphile 5, the same page',
      of(postgraphile.child),
      get(`${postgraphile.url}/graphql?documentId=page`),
    ),
    one('sql', 'SQL by hand on node:http, the same page', of(sql.child), get(`${sql.url}/graphql`)),
    one('rest', 'REST, page of 30', of(child), get(rest, UNSHARED)),
    one('sql-rest', 'SQL by hand on node:http, the REST page', of(sql.child), get(`${sql.url}/rest`)),
    one('exact', 'REST, one exact version', of(child), get(exact, UNSHARED)),
    one('entities', 'Subgraph, 100 entities', of(child), post(`${internalUrl}/graphql`, entities(keys))),
    one(
      'search',
      `GraphQL, search of one word of ${words.length}`,
      of(child),
      ...words.map((word) => search(publicUrl, word)),
    ),
  ]);
}

/** Requests that ask for as much as one may: a page of 100 with every field, and searches of what very many have. */
export async function prepareCostly({ registry: { publicUrl, child }, another }: Contestants): Promise<Target[]> {
  const query = read('page.graphql').replace('first: 30', 'first: 100');
  const requests = [post(`${publicUrl}/graphql`, { query }), search(publicUrl, 'server'), search(publicUrl, 'mcp')];
  return (await one('costly', 'costly', { versions: 0, child, another }, ...requests)).targets;
}

function entities(keys: { name: string; version: string }[]) {
  const representations = Array.from({ length: 100 }, (_, i) => {
    const key = keys[i % keys.length]!;
    return i % 2 ? { __typename: 'Server', name: key.name } : { __typename: 'ServerVersion', ...key };
  });
  return { query: read('entities.graphql'), variables: { representations } };
}

/** What a person sees of a search; asked as text, which nobody keeps. */
function search(publicUrl: string, word: string): Request {
  const query = read('search.graphql');
  return post(`${publicUrl}/graphql`, { query, variables: { word } });
}

type Request = Pick<Target, 'url' | 'method' | 'headers' | 'body'>;

/** Registers a query, and gives the address of its answers. */
async function register(publicUrl: string, query: string): Promise<string> {
  const sha256Hash = hash('sha256', query);
  await answered(post(`${publicUrl}/graphql`, { query, extensions: { persistedQuery: { version: 1, sha256Hash } } }));
  return `${publicUrl}/graphql?documentId=sha256:${sha256Hash}`;
}

function get(url: string, headers: Record<string, string> = {}): Request {
  return { url, method: 'GET', headers: { accept: 'application/json', ...headers }, body: null };
}

function post(url: string, body: object): Request {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return { url, method: 'POST', headers, body: JSON.stringify(body) };
}

type Of = Pick<Case, 'versions' | 'child' | 'another'>;

async function one(key: string, name: string, of: Of, ...requests: Request[]): Promise<Case> {
  const targets: Target[] = [];
  for (const request of requests) {
    const { body } = await answered(request);
    targets.push({ ...request, status: 200, bytes: body.length });
  }
  return { ...of, key, name, targets, bytes: targets[0]!.bytes, bare: null };
}

async function kept(key: string, name: string, of: Of, url: string): Promise<Case> {
  return { ...(await one(key, name, of, get(url))), bare: (await answered(get(url))).body };
}

async function notModified(key: string, name: string, of: Of, url: string): Promise<Case> {
  const { body, etag } = await answered(get(url));
  const target = { ...get(url, { 'if-none-match': etag }), status: 304, bytes: 0 };
  return { ...of, key, name, targets: [target], bytes: 0, bare: body };
}

async function answered({ url, method, headers, body }: Request): Promise<{ body: Buffer; etag: string }> {
  const response = await fetch(url, { method, headers: { ...headers, 'accept-encoding': 'identity' }, body });
  const answer = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200 || 'errors' in (JSON.parse(answer.toString()) as object)) {
    throw new Error(`${method} ${url} answered ${response.status}: ${answer.toString().slice(0, 300)}`);
  }
  return { body: answer, etag: response.headers.get('etag') ?? '' };
}
