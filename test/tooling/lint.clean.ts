/** A tree with the project's names in which every import is one that the design allows: path → content. */
export const clean: Record<string, string> = {
  'src/errors.ts': `
    export const refuse = (code: string) => new Error(code);`,
  'src/config.ts': `
    export type Config = { url: string };
    export const config: Config = { url: process.env.URL ?? '' };`,
  'src/db.ts': `
    import pg from 'pg';
    export const pool = new pg.Pool();
    export type Db = typeof pool;`,
  'src/context.ts': `
    import type { App } from './app.ts';
    import type { Db } from './db.ts';
    export type Context = { app: App; db: Db };
    export const createContext = (app: App): Context => ({ app, db: app.pool });`,
  'src/app.ts': `
    import type { Config } from './config.ts';
    import { pool } from './db.ts';
    import { ask } from './external/fetch.ts';
    export const createApp = (config: Config) => ({ config, pool, ask });
    export type App = ReturnType<typeof createApp>;`,
  'src/builder.ts': `
    import type { Context } from './context.ts';
    import type { Rows } from './generated/rows.ts';
    export const builder: { context?: Context; rows?: Rows } = {};`,
  'src/schema.ts': `
    import { builder } from './builder.ts';
    import './servers/servers.graphql.ts';
    export const schema = builder;`,
  'src/main.ts': `
    import { createApp } from './app.ts';
    import { config } from './config.ts';
    import { open } from './http/server.ts';
    import { seed } from './sync/seed.ts';
    seed();
    open(createApp(config));
    console.log('open');`,
  'src/generated/rows.ts': `
    export type Rows = unknown;`,
  'src/database/embedded.ts': `
    import { spawn } from 'node:child_process';
    import { connect } from 'node:net';
    import pg from 'pg';
    export const start = () => [spawn, connect, pg];`,
  'src/external/fetch.ts': `
    import { request } from 'undici';
    import { refuse } from '../errors.ts';
    export const ask = () => [request, refuse, fetch];`,
  'src/audit/audit.db.ts': `
    import type { Db } from '../db.ts';
    export const record = (db: Db) => db;`,
  'src/jobs/jobs.ts': `
    import { ask } from '../external/fetch.ts';
    export const purge = () => ask;`,
  'src/namespaces/name.ts': `
    export const name = 'io.github.someone/some-server';`,
  'src/namespaces/namespaces.graphql.ts': `
    import { builder } from '../builder.ts';
    export const Namespace = builder;`,
  'src/servers/list.ts': `
    import type { Context } from '../context.ts';
    import { name } from '../namespaces/name.ts';
    import { find } from './servers.db.ts';
    export const list = (context: Context) => find(context.db, name);`,
  'src/servers/servers.db.ts': `
    import pg from 'pg';
    import type { Db } from '../db.ts';
    import type { Rows } from '../generated/rows.ts';
    export const find = (db: Db, name: string): Rows => [db, name, pg];`,
  'src/servers/servers.graphql.ts': `
    import { builder } from '../builder.ts';
    import { Namespace } from '../namespaces/namespaces.graphql.ts';
    import { list } from './list.ts';
    export const Server = [builder, Namespace, list];`,
  'src/publish/publish.ts': `
    import { record } from '../audit/audit.db.ts';
    import { list } from '../servers/list.ts';
    export const publish = () => [record, list];`,
  'src/sync/seed.ts': `
    export const seed = () => undefined;`,
  'src/sync/import.cli.ts': `
    import { createApp } from '../app.ts';
    import { config } from '../config.ts';
    console.log(createApp(config).config.url);`,
  'src/http/server.ts': `
    import { createServer } from 'node:http';
    import type { App } from '../app.ts';
    import { createContext } from '../context.ts';
    import { schema } from '../schema.ts';
    import { list } from '../servers/list.ts';
    export const open = (app: App) => [createServer, schema, list(createContext(app))];`,
  'test/app.ts': `
    import { connect } from 'node:net';
    import { createApp } from '../src/app.ts';
    export const createTestApp = () => [connect, createApp({ url: process.env.URL ?? '' })];`,
  'test/schema.test.ts': `
    import { expect, it } from 'vitest';
    import { schema } from '../src/schema.ts';
    it.skipIf(process.env.URL == null)('stands', () => expect(schema).toBe(schema));`,
  'cli/tsconfig.json': `{ "extends": "../tsconfig.json", "include": ["."] }`,
  'cli/package.json': `{ "name": "client", "dependencies": { "yaml": "*" } }`,
  'cli/main.ts': `
    import { env } from 'node:process';
    import { stringify } from 'yaml';
    console.log(stringify(await fetch(env.URL ?? '')));`,
  'setup.mjs': `
    import { existsSync } from 'node:fs';
    if (existsSync('node_modules')) console.error(process.env.PATH);`,
};
