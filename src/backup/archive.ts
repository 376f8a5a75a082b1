import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import yazl from 'yazl';
import { BackupError } from './backup-error.ts';

/** How long a text was and the SHA-256 of it, in hex. */
export interface Measure {
  bytes: number;
  sha256: string;
}

/** A zip file that is being written, one part after the other. */
export interface ArchiveWriter {
  /** Writes a part to its end; `onBytes` is told how much of it has passed. */
  add(name: string, source: Readable, onBytes: (bytes: number) => void): Promise<Measure>;
  /** Ends the file, which is on the disk then. */
  finish(): Promise<void>;
}

/** Begins a zip file that only its owner may read: any tool can open it, and each part is one table's text. */
export function writeArchive(path: string, interrupted: AbortSignal): ArchiveWriter {
  const zip = new yazl.ZipFile();
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, interrupted]);
  zip.on('error', (error) => failed.abort(error));
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  const written = pipeline(zip.outputStream as Readable, file, { signal });
  // A part that waits to be written would otherwise wait for ever.
  written.catch((error: unknown) => failed.abort(error));
  return {
    add: async (name, source, onBytes) => {
      const { meter, measure } = createMeter(onBytes);
      zip.addReadStream(meter, name, { compress: true });
      try {
        await pipeline(source, meter, { signal });
      } catch (error) {
        throw failed.signal.aborted ? failed.signal.reason : error;
      }
      return measure();
    },
    finish: async () => {
      zip.end();
      await written;
    },
  };
}

/** Counts what passes and takes its digest. */
export function createMeter(onBytes: (bytes: number) => void): { meter: Transform; measure: () => Measure } {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
  return { meter, measure: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** A zip file that is read, in any order. */
export interface ArchiveReader {
  /** Opens a part; throws BackupError when there is none of that name. */
  open(name: string): Promise<Readable>;
  /** Reads a short part as text; throws BackupError for a long one. */
  text(name: string): Promise<string>;
  close(): void;
}

const LONGEST_TEXT = 16 * 1024 * 1024;

/** Opens a zip file; throws BackupError when it is none, or was cut off. */
export async function readArchive(path: string): Promise<ArchiveReader> {
  const refuse = (error: Error & { code?: string }): never => {
    if (error instanceof BackupError) throw error;
    if (error.code === 'ENOENT') throw new BackupError(`There is no file ${path}.`);
    throw new BackupError(`${path} is no whole backup (${error.message}): take another one.`);
  };
  const zip = await yauzl.openPromise(path, { autoClose: false }).catch(refuse);
  const entries = await listEntries(zip).catch(refuse);
  const find = (name: string) => {
    const entry = entries.get(name);
    if (entry) return entry;
    throw new BackupError(`${path} is no backup of a registry: it has no ${name}.`);
  };
  const read = async (name: string) => {
    const entry = find(name);
    if (entry.uncompressedSize > LONGEST_TEXT) throw new BackupError(`${path} is no backup: its ${name} is too long.`);
    return text(await zip.openReadStreamPromise(entry));
  };
  return {
    open: async (name) => zip.openReadStreamPromise(find(name)).catch(refuse),
    text: (name) => read(name).catch(refuse),
    close: () => zip.close(),
  };
}

async function listEntries(zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return entries;
}
