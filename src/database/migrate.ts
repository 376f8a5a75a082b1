import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { applyMigration } from './apply-migration.ts';
import { withClient } from './migration-client.ts';
import { MigrationError } from './migration-error.ts';
import { MIGRATIONS_DIRECTORY, readMigrations } from './migration-files.ts';
import { assertSound, CREATE_TABLE, type MigrationState, readStates } from './migration-state.ts';

export interface MigrateOptions {
  /** The folder of `<name>/migration.sql`; this checkout's own when left out. */
  directory?: string;
  /** The names of those to apply; all when left out. */
  only?: string[];
  log?: (line: string) => void;
  /** How long a statement waits for a lock, a few times over, before the migration gives up. */
  lockTimeoutMs?: number;
}

/** The number of Prisma's own advisory lock. */
const ADVISORY_LOCK = 72_707_369;
const LOCK_POLL_MS = 100;
const LOCK_WITHIN_MS = 300_000;
const DEFAULT_LOCK_TIMEOUT_MS = 4000;

/** Applies the migrations that the database lacks and gives their names; throws MigrationError. */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const { directory = MIGRATIONS_DIRECTORY, log = () => undefined, lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS } = options;
  const migrations = readMigrations(directory).filter(({ name }) => options.only?.includes(name) ?? true);
  return withClient(url, async (client) => {
    // Nothing to do is the usual case, and needs neither the lock nor the right to make tables.
    if ((await readStates(client, migrations)).every(({ state }) => state === 'applied')) return [];
    await takeLock(client, log);
    await client.query(CREATE_TABLE);
    const states = await readStates(client, migrations);
    assertSound(states);
    const pending = new Set(states.flatMap(({ name, state }) => (state === 'pending' ? [name] : [])));
    const todo = migrations.filter(({ name }) => pending.has(name));
    for (const migration of todo) {
      await applyMigration(client, migration, lockTimeoutMs);
      log(`Applied migration ${migration.name}`);
    }
    return todo.map(({ name }) => name);
  });
}

/** What the database has of the migrations; changes nothing. */
export async function readMigrationStates(url: string, directory = MIGRATIONS_DIRECTORY): Promise<MigrationState[]> {
  const migrations = readMigrations(directory);
  return withClient(url, (client) => readStates(client, migrations));
}

/** Waits until no other process migrates; the lock goes with the connection. */
async function takeLock(client: pg.Client, log: (line: string) => void): Promise<void> {
  const deadline = Date.now() + LOCK_WITHIN_MS;
  for (let waited = false; ; waited = true) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      ADVISORY_LOCK,
    ]);
    if (rows[0]?.taken) return;
    if (!waited) log('Another process is migrating this database: waiting for it');
    if (Date.now() > deadline) {
      throw new MigrationError(
        'Another process has been migrating this database for five minutes: see what it waits for.',
      );
    }
    await sleep(LOCK_POLL_MS);
  }
}
