import type { App } from '../app.ts';
import { findVersionsById } from '../servers/lookup.db.ts';
import type { VersionEntry } from '../servers/entries.ts';

/** Versions as they are now, just after a write; this process then knows of it too, without waiting to be told. */
export async function showVersions(app: App, ids: number[]): Promise<VersionEntry[]> {
  await app.revision.refresh();
  const refs = await findVersionsById(app.db.sql, ids);
  const places = new Map(ids.map((id, place) => [id, place]));
  return app.store.versions(refs.toSorted((a, b) => places.get(a.id)! - places.get(b.id)!));
}

/** The same for one. */
export async function showVersion(app: App, id: number): Promise<VersionEntry> {
  const [entry] = await showVersions(app, [id]);
  return entry!;
}
