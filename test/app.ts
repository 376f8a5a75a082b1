import { randomUUID } from 'node:crypto';
import { pino, type Logger } from 'pino';
import pg from 'pg';
import { inject } from 'vitest';
import { createApp, type App, type Overrides } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { openDoors } from '../src/http/server.ts';
import { prepareVersion, type VersionInput } from '../src/publish/prepared.ts';
import { writeVersions, type Outcome } from '../src/publish/write.ts';
import { traceOfLine } from '../src/tracing.ts';

/** A record as tests write it: a server.json and, where it matters, its status and times. */
export type TestRecord = { server: Record<string, unknown> | string } & Partial<Omit<VersionInput, 'document'>>;

/** What a GraphQL door answered. */
export interface GraphqlAnswer<Data> {
  status: number;
  headers: Headers;
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
  /** The answer as it was sent. */
  text: string;
}

/** What JSON.parse gives: tests look into answers freely unless they say what they expect. */
type Parsed = ReturnType<typeof JSON.parse>;

/** The whole service on free ports, with a database of its own. */
export interface TestApp {
  app: App;
  url: string;
  internalUrl: string;
  databaseUrl: string;
  /** Statements since the last call of `takeStatements`. */
  takeStatements(): string[];
  /** Log lines so far. */
  logged(): Record<string, unknown>[];
  graphql<Data = Parsed>(query: string, variables?: object, token?: string): Promise<GraphqlAnswer<Data>>;
  subgraph<Data = Parsed>(query: string, variables?: object, token?: string): Promise<GraphqlAnswer<Data>>;
  rest(path: string, init?: RequestInit): Promise<Response>;
  seed(records: TestRecord[]): Promise<Outcome[]>;
  close(): Promise<void>;
}

/** What test registries sign with. */
export const TEST_SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';

/** Starts the service on a fresh clone of the template database. */
export async function createTestApp(env: Record<string, string> = {}, overrides: Overrides = {}): Promise<TestApp> {
  const databaseUrl = await cloneTemplate();
  const config = loadConfig({
    MCP_REGISTRY_DATABASE_URL: databaseUrl,
    MCP_REGISTRY_PORT: '0',
    MCP_REGISTRY_INTERNAL_PORT: '0',
    MCP_REGISTRY_SEED_FROM: 'none',
    MCP_REGISTRY_JWT_PRIVATE_KEY: TEST_SEED,
    ...env,
  });
  const { log, logged } = recordingLogger();
  const statements: string[] = [];
  const app = await createApp(config, { log, onStatement: (text) => statements.push(text), ...overrides });
  const doors = await openDoors(app);
  return {
    app,
    url: doors.publicUrl,
    internalUrl: doors.internalUrl,
    databaseUrl,
    takeStatements: () => statements.splice(0),
    logged,
    graphql: (query, variables, token) => post(`${doors.publicUrl}/graphql`, { query, variables, token }),
    subgraph: (query, variables, token) => post(`${doors.internalUrl}/graphql`, { query, variables, token }),
    rest: (path, init) => fetch(`${doors.publicUrl}${path}`, { redirect: 'manual', ...init }),
    seed: async (records) => {
      const outcomes = await writeVersions(app.db, records.map(toPrepared));
      // As every door does after a write: who writes reads it.
      await app.revision.refresh();
      return outcomes;
    },
    close: async () => {
      await doors.close(1_000);
      await app.close();
    },
  };
}

/** A version as the tests' favourite publisher would publish it. */
export function aServer(name: string, version = '1.0.0', more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name,
    description: `What ${name} does`,
    version,
    ...more,
  };
}

/** A new database with the registry's schema and nothing in it. */
export async function cloneTemplate(): Promise<string> {
  const template = new URL(inject('databaseUrl'));
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new URL(template);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE template`);
  await client.end();
  template.pathname = `/${name}`;
  return template.href;
}

function toPrepared({ server, ...more }: TestRecord) {
  const document = typeof server === 'string' ? server : JSON.stringify(server);
  const { name, version } = JSON.parse(document) as { name: string; version: string };
  return prepareVersion({
    name,
    version,
    document,
    status: 'active',
    statusMessage: null,
    publishedAt: null,
    updatedAt: null,
    statusChangedAt: null,
    source: 'test',
    ...more,
  });
}

async function post<Data>(
  url: string,
  { query, variables, token }: { query: string; variables?: object; token?: string },
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const body = JSON.parse(text) as Pick<GraphqlAnswer<Data>, 'data' | 'errors' | 'extensions'>;
  return { status: response.status, headers: response.headers, text, ...body };
}

function recordingLogger(): { log: Logger; logged: () => Record<string, unknown>[] } {
  const lines: string[] = [];
  const log = pino({ level: 'trace', mixin: traceOfLine }, { write: (line: string) => void lines.push(line) });
  return { log, logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}
