import { migrate } from '../database/migrate.ts';
import { readMigrations, MIGRATIONS_DIRECTORY } from '../database/migration-files.ts';
import { prepareJobs } from '../jobs/jobs.ts';
import { createMeter, readArchive, type ArchiveReader } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { checkArchive } from './check.ts';
import { inSession, type Session } from './connection.db.ts';
import { analyse, clearForRows, holdsAnything, putBack, shutOut } from './empty-schema.db.ts';
import type { Manifest } from './manifest.ts';
import { count } from './progress.ts';
import { enqueueRestored, makeJobsTable, readApplied, readTables, setSequences, type Table } from './tables.db.ts';
import { verifyRestored } from './verify.ts';

/** Reads all of a backup and says whether this release can restore it; no database is asked. Throws BackupError. */
export async function checkBackup(path: string, tell: (line: string) => void): Promise<Manifest> {
  return withArchive(path, async (archive) => {
    const manifest = await checkArchive(archive, tell);
    assertKnown(manifest);
    return manifest;
  });
}

/**
 * Fills an empty database from a backup, in one transaction that ends with a check of all that must hold. A backup of an
 * older release gets its own schema first, and the newer migrations once the rows are in. Throws BackupError.
 */
export async function restore(url: string, path: string, tell: (line: string) => void): Promise<Manifest> {
  return withArchive(path, async (archive) => {
    const manifest = await checkArchive(archive, tell);
    assertKnown(manifest);
    await inSession(url, 'BEGIN READ ONLY', ({ sql }) => assertRestorable(sql, manifest));
    await migrate(url, { only: manifest.migrations.map(({ name }) => name) });
    await prepareJobs(url);
    await inSession(url, 'BEGIN', (session) => fill(session, archive, { manifest, tell }));
    await migrate(url);
    await inSession(url, 'BEGIN', ({ sql }) => analyse(sql));
    return manifest;
  });
}

async function withArchive<T>(path: string, work: (archive: ArchiveReader) => Promise<T>): Promise<T> {
  const archive = await readArchive(path);
  try {
    return await work(archive);
  } finally {
    archive.close();
  }
}

/** Refuses a backup whose schema this checkout can't make. */
function assertKnown({ migrations }: Manifest): void {
  const ours = new Map(readMigrations(MIGRATIONS_DIRECTORY).map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of migrations) {
    if (ours.get(name) === checksum) continue;
    const release = 'restore it with the release that made it, or a newer one';
    throw new BackupError(`The backup is of a newer release, whose migration ${name} is not known here: ${release}.`);
  }
}

async function assertRestorable(sql: Session['sql'], manifest: Manifest): Promise<void> {
  const another =
    'create an empty database and name it in MCP_REGISTRY_DATABASE_URL, or an empty MCP_REGISTRY_DATA_DIR';
  if (await holdsAnything(sql)) {
    throw new BackupError(`The database already holds a registry, and a restore writes over nothing: ${another}.`);
  }
  const theirs = new Set(manifest.migrations.map(({ name }) => name));
  const ahead = (await readApplied(sql)).find(({ name }) => !theirs.has(name));
  if (!ahead) return;
  throw new BackupError(`The database has a newer schema than the backup (migration ${ahead.name}): ${another}.`);
}

interface Filling {
  manifest: Manifest;
  tell: (line: string) => void;
}

async function fill(session: Session, archive: ArchiveReader, { manifest, tell }: Filling): Promise<void> {
  const { sql } = session;
  const tables = await readTables(sql);
  assertSameTables(tables, manifest);
  await shutOut(sql, tables);
  // Somebody may have written to it just now; from here on nobody can.
  if (await holdsAnything(sql)) throw new BackupError('Somebody writes to the database: stop every registry on it.');
  const removed = await clearForRows(sql, tables);
  const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  let before = 0;
  for (const { name, columns, rows, bytes } of manifest.tables) {
    const { meter } = createMeter((read) => {
      const done = before + rows * (read / Math.max(bytes, 1));
      tell(`Restoring: ${name}, ${Math.floor((done / Math.max(total, 1)) * 100)} % of ${count(total)} rows`);
    });
    const written = await session.copyIn(`${name} (${columns.join(', ')})`, await archive.open(name), meter);
    if (written !== rows) throw new BackupError(`${name} got ${written} rows where the backup says ${rows}.`);
    before += rows;
  }
  await session.copyIn(await makeJobsTable(sql), await archive.open('jobs'), createMeter(() => {}).meter);
  await putBack(sql, removed, (done) => tell(`Indexing: ${done} of ${removed.length}`));
  await setSequences(sql, manifest.sequences);
  await enqueueRestored(sql);
  tell('Verifying');
  await verifyRestored(sql, manifest);
}

/** Also what keeps names of a file that somebody wrote by hand out of SQL. */
function assertSameTables(tables: Table[], manifest: Manifest): void {
  const told = (all: Table[]) =>
    JSON.stringify(all.map(({ name, columns }) => [name, ...columns.toSorted()].join()).toSorted());
  if (told(tables) === told(manifest.tables)) return;
  throw new BackupError('The backup has other tables than its migrations make: it was changed after it was made.');
}
