import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Engine from '@prisma/schema-engine-wasm';
import { withClient } from './migration-client.ts';
import { MigrationError } from './migration-error.ts';
import { MIGRATIONS_DIRECTORY, readMigrations } from './migration-files.ts';
import { createEngineAdapter } from './schema-engine-adapter.ts';

export interface SchemaPaths {
  directory?: string;
  schemaPath?: string;
}

const SCHEMA = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url));
const LOCK_FILE = 'migration_lock.toml';
const LOCK = 'provider = "postgresql"\n';

/** What schema.prisma has that the migrations don't make, and the other way round, for people; null when they agree. */
export async function schemaDrift(url: string, paths: SchemaPaths = {}): Promise<string | null> {
  return diff(url, paths, 'for people');
}

/** Writes the next migration from that difference and gives its directory; null when there is none. Applies nothing. */
export async function createMigration(url: string, name: string, paths: SchemaPaths = {}): Promise<string | null> {
  const sql = await diff(url, paths, 'as SQL');
  if (sql === null) return null;
  const base = paths.directory ?? MIGRATIONS_DIRECTORY;
  const time = new Date().toISOString().replaceAll(/[-T:]|\..*/g, '');
  const directory = join(base, `${time}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'migration.sql'), `${sql}\n`);
  if (!existsSync(join(base, LOCK_FILE))) writeFileSync(join(base, LOCK_FILE), LOCK);
  return directory;
}

async function diff(url: string, paths: SchemaPaths, form: 'for people' | 'as SQL'): Promise<string | null> {
  const { list, schema } = readSources(paths);
  const { exitCode, stdout } = await withEngine(url, schema, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...list },
      to: { tag: 'schemaDatamodel', ...schema },
      script: form === 'as SQL',
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  return exitCode === 0 ? null : (stdout ?? '').trim();
}

function readSources({ directory = MIGRATIONS_DIRECTORY, schemaPath = SCHEMA }: SchemaPaths) {
  const baseDir = resolve(directory);
  const list: Engine.MigrationList = {
    baseDir,
    lockfile: { path: LOCK_FILE, content: LOCK },
    shadowDbInitScript: '',
    migrationDirectories: readMigrations(baseDir).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
  return { list, schema: { files: [{ path: schemaPath, content: readFileSync(schemaPath, 'utf8') }] } };
}

async function withEngine<T>(
  url: string,
  schema: Engine.SchemasContainer,
  work: (engine: Engine.SchemaEngine) => Promise<T>,
): Promise<T> {
  bindings ??= await loadEngine();
  // A database that can't be reached is told as when migrating.
  await withClient(url, () => Promise.resolve());
  const { factory, close } = createEngineAdapter(url);
  let engine: Engine.SchemaEngine | undefined;
  try {
    const datamodels = schema.files.map(({ path, content }): [string, string] => [path, content]);
    engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, factory);
    return await work(engine);
  } catch (error) {
    throw new MigrationError(`The migrations can't be compared with the schema: ${explain(error)}`);
  } finally {
    engine?.free();
    await close();
  }
}

let bindings: typeof Engine | undefined;

/** Loads the WebAssembly by hand: the package leaves that to a bundler. */
async function loadEngine(): Promise<typeof Engine> {
  const directory = findEngine();
  const loaded = await import(pathToFileURL(join(directory, 'schema_engine_bg.js')).href);
  const wasm = new WebAssembly.Module(readFileSync(join(directory, 'schema_engine_bg.wasm')));
  const instance = new WebAssembly.Instance(wasm, { './schema_engine_bg.js': loaded });
  loaded.__wbg_set_wasm(instance.exports);
  if (typeof instance.exports.__wbindgen_start === 'function') instance.exports.__wbindgen_start();
  // The engine reports a crash of its own here, and then throws.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => undefined } });
  return loaded;
}

/** Without what the engine adds: line breaks, the layers an error came through, a trace of its own calls. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : JSON.stringify(error);
  return message
    .replace(/\n\s*0: schema_[^]*$/, '')
    .replace(/Error:\s+external connector error\s+(Error querying the database: )?/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function findEngine(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  } catch {
    throw new MigrationError(
      'Migrations are written with the development package @prisma/schema-engine-wasm, which is not installed: run npm ci.',
    );
  }
}
