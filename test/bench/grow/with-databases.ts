import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabases, type Databases } from './databases.ts';

/** Where grown registries are kept, and what they are made of. */
export interface Place {
  /** A folder that keeps them for the next time; null: a temporary one. */
  databases: string | null;
  data: string;
}

/** Runs `work` with PostgreSQL running, and stops it; removes the folder if it was a temporary one. */
export async function withDatabases<T>(place: Place, work: (databases: Databases) => Promise<T>): Promise<T> {
  const folder = place.databases ?? mkdtempSync(join(tmpdir(), 'mcp-registry-grown-'));
  const databases = await openDatabases(folder, place.data);
  try {
    return await work(databases);
  } finally {
    await databases.postgres.stop();
    if (place.databases === null) rmSync(folder, { recursive: true, force: true });
  }
}
