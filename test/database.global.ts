import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { prepareJobs } from '../src/jobs/jobs.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server whose database `template` is migrated and empty. */
    databaseUrl: string;
  }
}

/** One PostgreSQL for the whole run, quick and forgetful; each test file clones the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-registry-test-'));
  const quick = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const database = await startEmbeddedPostgres({ dataDir, settings: quick });
  const template = new URL(database.url);
  template.pathname = '/template';
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('CREATE DATABASE template');
  await client.end();
  await migrate(template.href);
  await prepareJobs(template.href);
  project.provide('databaseUrl', template.href);
  return async () => {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
