import { z } from 'zod';
import { BackupError } from './backup-error.ts';

const Entry = z.object({ name: z.string(), rows: z.int().min(0), bytes: z.int().min(0), sha256: z.hex().length(64) });

const Manifest = z.object({
  format: z.literal(1),
  /** The moment of the database that it holds. */
  madeAt: z.iso.datetime(),
  postgres: z.string(),
  /** The revision at that moment: where followers of the feed find themselves after a restore. */
  revision: z.int().min(0),
  auditRows: z.int().min(0),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })).min(1),
  tables: z.array(Entry.extend({ columns: z.array(z.string()) })).min(1),
  sequences: z.array(z.object({ name: z.string(), last: z.int(), called: z.boolean() })),
  jobs: Entry,
});

/** What a backup says of itself: the schema it was made with, and of each table the rows, bytes and SHA-256 of its text. */
export type Manifest = z.infer<typeof Manifest>;

/** One part of a backup as the manifest describes it. */
export type Entry = z.infer<typeof Entry>;

/** Reads a manifest; throws BackupError for what is none or of a newer kind. */
export function readManifest(text: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    throw new BackupError('The file is no backup that this release can read: take the release that made it.');
  }
}

/** All parts that have a text of their own. */
export const entriesOf = ({ tables, jobs }: Manifest): Entry[] => [...tables, jobs];
