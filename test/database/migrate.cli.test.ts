import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { emptyDatabase, hasTable, withDatabase } from './migrations.ts';
import { QUICK, scratch } from './scratch.ts';

// Many processes: on a busy machine each start takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'src/database/migrate.cli.ts');

/** Runs `npm run migrate -- …` without npm. */
function run(parameters: string[], env: Record<string, string>, program = PROGRAM) {
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const options = { cwd: scratch(), env: { PATH: '/usr/bin:/bin', ...env } };
    execFile(process.execPath, [program, ...parameters], options, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

test('applies, then has nothing to do; status follows', async () => {
  const env = { MCP_REGISTRY_DATABASE_URL: await emptyDatabase() };
  const before = await run(['status'], env);
  expect(before).toMatchObject({ code: 1, err: '' });
  expect(before.out).toMatch(/^pending {5}\d{14}_\w+\n/);
  const applied = await run([], env);
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect(applied.out).toMatch(/^Applied migration \d{14}_\w+\n/);
  expect(await run([], env)).toEqual({ code: 0, err: '', out: 'Nothing to apply: the database is up to date.\n' });
  const after = await run(['status'], env);
  expect(after).toEqual({ code: 0, err: '', out: before.out.replaceAll('pending', 'applied') });
});

test('uses the embedded database without a URL, also beside a server that has it', async () => {
  const dataDir = join(scratch(), 'data');
  const server = await startEmbeddedPostgres({ dataDir, settings: QUICK });
  expect(await run([], { MCP_REGISTRY_DATA_DIR: dataDir })).toMatchObject({ code: 0, err: '' });
  expect(await hasTable(server.url, 'versions')).toBe(true);
  await server.stop();
  const alone = await run(['status'], { MCP_REGISTRY_DATA_DIR: dataDir });
  expect(alone).toMatchObject({ code: 0, err: '' });
});

describe('tells in one line', () => {
  test('what is wrong with the database: exit code 1', async () => {
    const url = withDatabase(await emptyDatabase(), 'nowhere');
    const { code, out, err } = await run([], { MCP_REGISTRY_DATABASE_URL: url });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^PostgreSQL at 127\.0\.0\.1:\d+ has no database "nowhere": create it .*\.\n$/);
    expect(err).not.toContain(new URL(url).password);
  });

  test('what is wrong with the settings: exit code 2', async () => {
    const { code, err } = await run([], { MCP_REGISTRY_DATABASE_URL: 'mysql://me:s3cret@x/y' });
    expect(code).toBe(2);
    expect(err).toMatch(/^MCP_REGISTRY_DATABASE_URL must be .*\n$/);
    expect(err).not.toContain('s3cret');
  });

  test.each([['toString'], ['status', 'x'], ['new', 'Bad-Name']])('how to call it: %s %s', async (...parameters) => {
    const { code, out, err } = await run(parameters, {});
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: npm run migrate ');
  });
});

describe('writing a migration in an installation for production', () => {
  /** A checkout with these packages only. */
  function checkout(packages: string[]): string {
    const directory = scratch();
    mkdirSync(join(directory, 'node_modules/@prisma'), { recursive: true });
    for (const name of packages) symlinkSync(join(ROOT, 'node_modules', name), join(directory, 'node_modules', name));
    const settings = ['src/config.ts', 'src/setting.ts', 'src/tracing-setting.ts', 'src/nearest-name.ts'];
    for (const path of ['package.json', 'prisma', ...settings, 'src/database']) {
      cpSync(join(ROOT, path), join(directory, path), { recursive: true });
    }
    return join(directory, 'src/database/migrate.cli.ts');
  }

  test.each([
    [[], 'development packages, which are'],
    [
      ['@prisma/adapter-pg', '@prisma/driver-adapter-utils'],
      'the development package @prisma/schema-engine-wasm, which is',
    ],
  ])('with %s of Prisma: tells what is missing', async (prisma, missing) => {
    const program = checkout(['pg', 'zod', ...prisma]);
    const answer = await run(['new', 'x'], { MCP_REGISTRY_DATABASE_URL: await emptyDatabase() }, program);
    const err = `Migrations are written with ${missing} not installed: run npm ci.\n`;
    expect(answer).toEqual({ code: 1, out: '', err });
  });
});
