import type { Sql } from '../db.ts';
import type { Checkpoint } from './source.ts';

/** Where the import of a source stopped; null when it never ran or has no checkpoints. */
export async function readCheckpoint(sql: Sql, source: string): Promise<Checkpoint | null> {
  const [row] = await sql<{ checkpoint: string }>(
    'SELECT checkpoint::json AS checkpoint FROM sync_sources WHERE source = $1',
    [source],
  );
  return row ? (JSON.parse(row.checkpoint) as Checkpoint) : null;
}

/** Remembers where to go on. */
export async function saveCheckpoint(sql: Sql, source: string, checkpoint: Checkpoint): Promise<void> {
  await sql(
    `INSERT INTO sync_sources (source, checkpoint) VALUES ($1, $2::jsonb)
     ON CONFLICT (source) DO UPDATE SET checkpoint = excluded.checkpoint, updated_at = now()`,
    [source, JSON.stringify(checkpoint)],
  );
}
