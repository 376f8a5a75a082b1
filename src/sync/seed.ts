import { fileURLToPath } from 'node:url';
import type { App } from '../app.ts';
import { importFrom } from './import.ts';

const samples = fileURLToPath(new URL('samples.jsonl', import.meta.url));

/** Fills an empty registry from `SEED_FROM`: the repository's samples, a file, a URL or a registry; one that is not empty stays as it is. */
export async function seedIfEmpty(app: App): Promise<void> {
  const { seedFrom } = app.config;
  if (seedFrom === 'none' || app.revision.current() > 0) return;
  const report = await importFrom(app.db, seedFrom === 'samples' ? samples : seedFrom);
  await app.revision.refresh();
  for (const { at, reason } of report.skippedRecords) app.log.warn({ at }, `seed: ${at}: ${reason}`);
  app.log.info({ created: report.created, skipped: report.skipped }, `seeded with ${report.created} versions`);
}
