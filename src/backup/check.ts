import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { createMeter, type ArchiveReader } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { entriesOf, readManifest, type Entry, type Manifest } from './manifest.ts';
import { megabytes } from './progress.ts';

/** Reads all of a backup and gives what it says of itself; throws BackupError where a part is not what was written. */
export async function checkArchive(archive: ArchiveReader, tell: (line: string) => void): Promise<Manifest> {
  const manifest = readManifest(await archive.text('manifest.json'));
  for (const entry of entriesOf(manifest)) {
    const { meter, measure } = createMeter((bytes) => tell(`Checking: ${entry.name}, ${megabytes(bytes)}`));
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    // What is damaged may not even unpack.
    const damaged = await pipeline(await archive.open(entry.name), meter, nowhere).then(
      () => null,
      (error: Error) => error.message,
    );
    const { bytes, sha256 } = measure();
    if (damaged !== null || bytes !== entry.bytes || sha256 !== entry.sha256) refuse(entry);
  }
  return manifest;
}

function refuse({ name }: Entry): never {
  throw new BackupError(`The backup is damaged (${name} is not what was written): take another one.`);
}
