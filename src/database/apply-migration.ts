import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { MigrationError } from './migration-error.ts';
import { assertOneTransaction, type Migration } from './migration-files.ts';
import { lineAt, splitStatements } from './sql-statements.ts';
import { errorCode } from './start-error.ts';

const ATTEMPTS = 3;
const PAUSE_MS = 500;
const LOCK_NOT_AVAILABLE = '55P03';

/** Applies one migration and notes it; waits `lockTimeoutMs` for each lock, a few times, so that live traffic gets its turn. */
export async function applyMigration(client: pg.Client, migration: Migration, lockTimeoutMs: number): Promise<void> {
  assertOneTransaction(migration);
  if (!migration.transactional) return applyAlone(client, migration);
  for (let attempt = 1; ; attempt++) {
    const failure = await tryInTransaction(client, migration, lockTimeoutMs);
    if (!failure) return;
    const blocked = errorCode(failure.error) === LOCK_NOT_AVAILABLE;
    if (blocked && attempt < ATTEMPTS) await sleep(PAUSE_MS);
    else throw explain(migration, failure, blocked);
  }
}

interface Failure {
  error: unknown;
  line: number | null;
}

async function tryInTransaction(
  client: pg.Client,
  migration: Migration,
  lockTimeoutMs: number,
): Promise<Failure | null> {
  await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = 0`);
  const failure = await runScript(client, migration.sql);
  if (failure) {
    await client.query('ROLLBACK').catch(() => undefined);
    return failure;
  }
  try {
    // The script may have changed the search path or the role.
    await client.query('RESET ALL; RESET ROLE');
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
    return null;
  } catch (error) {
    // Deferred constraints speak up only at the commit: no line is to blame.
    await client.query('ROLLBACK').catch(() => undefined);
    return { error, line: null };
  }
}

/** What can't run in a transaction is noted before it starts, so that a failure half way is known afterwards. */
async function applyAlone(client: pg.Client, migration: Migration): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    migration.checksum,
    migration.name,
  ]);
  const failure = await runScript(client, migration.sql);
  if (failure) {
    const error = explain(migration, failure, false);
    await client
      .query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, error.message])
      .catch(() => undefined);
    throw error;
  }
  await client.query('RESET ALL; RESET ROLE');
  await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
}

/** Runs a script as one message, as Prisma does, and finds the line of the statement that failed. */
async function runScript(client: pg.Client, sql: string): Promise<Failure | null> {
  let completed = 0;
  const count = () => void completed++;
  client.connection.on('commandComplete', count);
  try {
    await client.query(sql);
    return null;
  } catch (error) {
    return { error, line: failedLine(sql, error, completed) };
  } finally {
    client.connection.off('commandComplete', count);
  }
}

function failedLine(sql: string, error: unknown, completed: number): number | null {
  const position = error instanceof Error && 'position' in error ? Number(error.position) : 0;
  // PostgreSQL counts characters, not UTF-16 units.
  if (position > 0) {
    return lineAt(
      sql,
      Array.from(sql)
        .slice(0, position - 1)
        .join('').length,
    );
  }
  return errorCode(error) ? (splitStatements(sql)[completed]?.line ?? null) : null;
}

function explain({ name, transactional }: Migration, { error, line }: Failure, blocked: boolean): MigrationError {
  const at = line === null ? '' : ` at line ${line}`;
  if (blocked) {
    const reason = 'another transaction holds a lock it needs';
    return new MigrationError(
      `Migration ${name} is held up${at}: ${reason}; nothing was changed, run it again when that has ended.`,
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  const after = transactional ? 'nothing of it was applied' : 'it ran without a transaction, so look what it left';
  return new MigrationError(`Migration ${name} failed${at}: ${message}; ${after}.`);
}
