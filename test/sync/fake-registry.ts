import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from '../external/servers.ts';

/** A version that the fake registry holds. */
export interface FakeVersion {
  name: string;
  version: string;
  updatedAt: string;
}

/** What the fake does instead of answering, by the number of the request (from 1); nothing: it answers. */
export type Misbehaviour = (request: number, response: ServerResponse, asked: URL) => boolean;

export interface FakeRegistry {
  base: string;
  versions: FakeVersion[];
  /** Paths and queries asked, in order. */
  asked: string[];
  misbehave: Misbehaviour;
  /** The registry's clock, which its Date header tells. */
  now: string;
}

/** Answers as the official registry does: by name and version, `name:version` cursors, strict `updated_since`. */
export async function fakeRegistry(versions: FakeVersion[], paths = ['/v0.1/servers', '/v0/servers']) {
  const registry: FakeRegistry = { base: '', versions, asked: [], misbehave: () => false, now: '2026-01-01T12:00:00Z' };
  registry.base = await serve((request, response) => answer(registry, paths, { request, response }));
  return registry;
}

/** So many versions, one a minute from the first of December 2025. */
export function someVersions(count: number): FakeVersion[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `com.example/s${String(i).padStart(4, '0')}`,
    version: '1.0.0+b:c d',
    updatedAt: new Date(Date.UTC(2025, 11, 1, 0, i)).toISOString().replace('.000', '.000001'),
  }));
}

/** The text of a version as it stands in the list. */
export function textOf({ name, version, updatedAt }: FakeVersion): string {
  const server = `{ "name": "${name}", "version":"${version}","2":1.0,"1":null}`;
  return `{"server":${server},"_meta":{"io.modelcontextprotocol.registry/official":{"status":"active","updatedAt":"${updatedAt}"}}}`;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

function answer(registry: FakeRegistry, paths: string[], { request, response }: Exchange): void {
  registry.asked.push(request.url ?? '');
  const url = new URL(request.url ?? '', registry.base);
  if (registry.misbehave(registry.asked.length, response, url)) return;
  if (!paths.includes(url.pathname)) return void response.writeHead(404).end('{"title":"Not Found"}');
  const limit = Number(url.searchParams.get('limit') ?? 30);
  const after = url.searchParams.get('cursor') ?? '';
  const since = url.searchParams.get('updated_since') ?? '';
  const rest = registry.versions.filter((one) => cursorOf(one) > after && one.updatedAt > since);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const metadata = { count: page.length, ...(last && rest.length > limit ? { nextCursor: cursorOf(last) } : {}) };
  response.writeHead(200, { 'content-type': 'application/json', date: new Date(registry.now).toUTCString() });
  response.end(`{"servers":[${page.map(textOf).join(',')}],"metadata":${JSON.stringify(metadata)}}`);
}

const cursorOf = ({ name, version }: FakeVersion) => `${name}:${version}`;
