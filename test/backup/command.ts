import { execFile, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

/** How a command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `npm run backup` or `restore` without npm, on a database or with other settings. */
export function run(
  command: 'backup' | 'restore',
  settings: string | Record<string, string>,
  ...args: string[]
): Promise<Ended> & { child: ChildProcess } {
  const env = typeof settings === 'string' ? { MCP_REGISTRY_DATABASE_URL: settings } : settings;
  const file = packageJson.scripts[command].replace('node ', '');
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(
    process.execPath,
    [file, ...args],
    { env: { PATH: process.env.PATH, ...env } },
    (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return Object.assign(promise, { child });
}

/** A database with nothing in it, not even a schema. */
export async function emptyDatabase(): Promise<string> {
  const url = new URL(inject('databaseUrl'));
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  url.pathname = '/postgres';
  await sql(url.href, `CREATE DATABASE ${name} TEMPLATE template0`);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements on a database and gives the last one's rows. */
export async function sql<Row extends object>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  } finally {
    await client.end();
  }
}
