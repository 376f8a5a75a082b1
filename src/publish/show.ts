import type { App } from '../app.ts';
import type { VersionEntry } from '../servers/entries.ts';

/** Versions as they are now, just after a write; this process then knows of it too, without waiting to be told. */
export async function showVersions(app: App, ids: number[]): Promise<VersionEntry[]> {
  // Newer than whatever is kept.
  const entries = await app.store.versions(ids.map((id) => ({ id, revision: Infinity })));
  app.revision.saw(Math.max(...entries.map((entry) => entry.revision)));
  return entries;
}

/** The same for one. */
export async function showVersion(app: App, id: number): Promise<VersionEntry> {
  const [entry] = await showVersions(app, [id]);
  return entry!;
}
