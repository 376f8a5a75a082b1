import { ConfigError, loadConfig } from '../config.ts';
import { onDatabase } from './database.ts';
import { count, createProgress } from './progress.ts';
import { checkBackup, restore } from './restore.ts';

const USAGE = `Usage: npm run restore -- <file.zip>          fill an empty database from a backup, all of it or nothing
       npm run restore -- --check <file.zip>  read all of a backup and say whether it is whole; no database is asked

Before a restore stop every registry on that database; afterwards start them with the signing key of the time of the
backup (MCP_REGISTRY_JWT_PRIVATE_KEY, or the file in DATA_DIR). A login made since, and every login under another key, ends.`;

/** Restores or checks a backup; exit code 0 when all is well, 1 when nothing was changed, 2 for wrong usage or settings. */
async function main(args: string[]): Promise<number> {
  const check = args[0] === '--check';
  const [path, ...rest] = check ? args.slice(1) : args;
  if (!path || path.startsWith('--') || rest.length > 0) {
    console.error(USAGE);
    return path === '--help' ? 0 : 2;
  }
  const started = performance.now();
  const progress = createProgress(process.stderr);
  try {
    const run = (url: string) => restore(url, path, progress.tell);
    const manifest = check ? await checkBackup(path, progress.tell) : await onDatabase(loadConfig(), run);
    progress.clear();
    const { revision, madeAt, auditRows, tables, jobs } = manifest;
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    const what = `${count(rows)} rows as of ${madeAt}, revision ${revision}`;
    if (check) {
      console.log(`The backup is whole: ${what}.`);
      return 0;
    }
    console.log(`Restored ${what}, in ${seconds} s.
Verified: rows, references, change log, latest versions, numbering, and all ${count(auditRows)} rows of the audit's chain.
${count(jobs.rows)} jobs that waited are done once more. Empty the CDN. Who follows changes and is beyond revision ${revision}
must begin anew with /v0.1/export; all others go on where they are.`);
    return 0;
  } finally {
    progress.clear();
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return error instanceof ConfigError ? 2 : 1;
});
