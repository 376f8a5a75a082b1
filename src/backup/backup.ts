import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { BackupError } from './backup-error.ts';
import { readArchive, writeArchive, type ArchiveWriter } from './archive.ts';
import { checkArchive } from './check.ts';
import { inSession, type Session } from './connection.db.ts';
import type { Entry, Manifest } from './manifest.ts';
import { count, megabytes } from './progress.ts';
import { holdTables, JOBS, readApplied, readSequences, readState, readTables } from './tables.db.ts';

/** One moment of the database, which reading it any longer does not move. */
const ONE_MOMENT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Writes the database as it is at one moment to a file, while everyone goes on reading and writing, and reads it all once
 * more. Until it is whole it bears another name. Throws BackupError.
 */
export async function backUp(
  url: string,
  path: string,
  tell: (line: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Manifest> {
  if (existsSync(path)) throw new BackupError(`${path} is there already: a backup never writes over another.`);
  const part = `${path}.part`;
  try {
    const archive = writeArchive(part, signal);
    const manifest = await inSession(url, ONE_MOMENT, (session) => writeAll(session, archive, tell), signal);
    await archive.add('manifest.json', Readable.from([JSON.stringify(manifest, null, 2)]), () => {});
    await archive.finish();
    const written = await readArchive(part);
    await checkArchive(written, tell).finally(() => written.close());
    await rename(part, path);
    return manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new BackupError(`${part} is there: another backup writes it, or one was killed; then remove it.`);
    }
    await rm(part, { force: true });
    signal.throwIfAborted();
    throw error;
  }
}

async function writeAll(session: Session, archive: ArchiveWriter, tell: (line: string) => void): Promise<Manifest> {
  const { sql } = session;
  const migrations = await readApplied(sql);
  if (migrations.length === 0) throw new BackupError('The database holds no registry: there is nothing to back up.');
  const tables = await readTables(sql);
  await holdTables(sql, tables);
  const state = await readState(sql);
  const done = { rows: 0, bytes: 0 };
  const copy = async (name: string, query: string): Promise<Entry> => {
    const { source, rows } = session.copyOut(query);
    const measure = await archive.add(name, source, (bytes) =>
      tell(`Backing up: ${name}, ${count(done.rows)} rows before it, ${megabytes(done.bytes + bytes)}`),
    );
    done.rows += rows();
    done.bytes += measure.bytes;
    return { name, rows: rows(), ...measure };
  };
  const copied: Manifest['tables'] = [];
  for (const { name, columns } of tables) {
    copied.push({ ...(await copy(name, `SELECT ${columns.join(', ')} FROM ${name}`)), columns });
  }
  const jobs = await copy('jobs', JOBS);
  return { format: 1, ...state, migrations, tables: copied, sequences: await readSequences(sql), jobs };
}
