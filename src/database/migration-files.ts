import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MigrationError } from './migration-error.ts';
import { splitStatements } from './sql-statements.ts';
import { errorCode } from './start-error.ts';

export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as Prisma notes it. */
  checksum: string;
  /** False after a first line `-- no-transaction`. */
  transactional: boolean;
}

/** Where this checkout keeps its migrations. */
export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Reads `<directory>/<name>/migration.sql` in the order of their names. */
export function readMigrations(directory: string): Migration[] {
  return listDirectories(directory).map((name) => readMigration(directory, name));
}

function listDirectories(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch (error) {
    throw new MigrationError(`The migrations can't be read from ${directory} (${errorCode(error)}).`);
  }
}

function readMigration(directory: string, name: string): Migration {
  const path = join(directory, name, 'migration.sql');
  try {
    const sql = readFileSync(path, 'utf8');
    const transactional = !/^--\s*no-transaction\s*$/m.test(sql.split('\n', 1)[0] ?? '');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex'), transactional };
  } catch (error) {
    throw new MigrationError(`Migration ${name} can't be read: ${path} (${errorCode(error)}).`);
  }
}

/** Refuses a script that would end its own transaction and so could be left half done. */
export function assertOneTransaction({ name, sql, transactional }: Migration): void {
  if (!transactional) return;
  const control = splitStatements(sql).find(({ text }) =>
    /^(BEGIN(?!\s+ATOMIC)|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT)\b/i.test(text),
  );
  if (!control) return;
  const word = control.text.split(/\s/, 1)[0];
  throw new MigrationError(
    `Migration ${name} has ${word} at line ${control.line}: remove it, a migration already is one transaction.`,
  );
}
