import { Readable } from 'node:stream';
import type { Context, Sql } from '../context.ts';
import { VersionEntry } from './entries.ts';
import { beginExport, fetchExport } from './export.db.ts';

/** The whole registry at one revision. */
export interface Export {
  revision: number;
  /** A line for each version of every status: `{"server":…,"_meta":…}`. It fails where it can't be brought to its end. */
  lines: Readable;
}

/** How much text is read at a time, and how many rows. */
const CHUNK_LENGTH = 128 * 1024;
const MAX_ROWS = 512;

/** A snapshot keeps PostgreSQL from tidying up, so even a reader who never stops reading slowly is cut off. */
const MAX_MS = 15 * 60_000;

/** Opens the registry for reading as a whole, in one snapshot; a seat and a connection are held until `lines` is closed. */
export async function openExport({ app, address, reads }: Context): Promise<Export> {
  const free = app.seats.export.take(address);
  const snapshot = await reads.snapshot().catch((error: unknown) => {
    free();
    throw error;
  });
  const close = () => {
    free();
    snapshot.close().catch(() => {});
  };
  try {
    const revision = await beginExport(snapshot.sql);
    // A stream that is given up before it was read from never runs its source, so it is closed from outside.
    const lines = Readable.from(readLines(snapshot.sql), { objectMode: false }).once('close', close);
    const timer = setTimeout(() => lines.destroy(new Error('The export took too long.')), MAX_MS).unref();
    lines.once('close', () => clearTimeout(timer));
    lines.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') app.log.warn({ err: error }, 'an export was cut off');
    });
    return { revision, lines };
  } catch (error) {
    close();
    throw error;
  }
}

async function* readLines(sql: Sql): AsyncGenerator<string> {
  let rows = 1;
  for (;;) {
    const read = await fetchExport(sql, rows);
    if (read.length === 0) return;
    const text = read.map((row) => `${new VersionEntry(row).wire}\n`).join('');
    yield text;
    rows = rowsFor(text.length / read.length, rows);
  }
}

/** As many rows as make a chunk, in powers of two and no sudden leaps: some documents are a thousand times as long as others. */
function rowsFor(length: number, before: number): number {
  const fitting = 2 ** Math.floor(Math.log2(Math.max(1, CHUNK_LENGTH / length)));
  return Math.min(fitting, before * 2, MAX_ROWS);
}
