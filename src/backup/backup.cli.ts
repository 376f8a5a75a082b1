import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../config.ts';
import { backUp } from './backup.ts';
import { onDatabase } from './database.ts';
import { fileFor, keepNewest } from './folder.ts';
import { count, createProgress, megabytes } from './progress.ts';

const USAGE = `Usage: npm run backup -- <file.zip | folder/> [--keep <n>]

Writes the whole database to a file, as of one moment, while the registry goes on. In a folder the file is named by the
time, and with --keep only the newest n stay. The signing key (MCP_REGISTRY_JWT_PRIVATE_KEY, or the one in DATA_DIR) is
not in it: keep it elsewhere. Restore it with npm run restore.`;

/** Makes a backup; exit code 0 when it is whole, 1 when there is none, 2 for wrong usage or settings. */
async function main(args: string[]): Promise<number> {
  const { target, keep } = readCommand(args) ?? {};
  if (!target) {
    console.error(USAGE);
    return args.includes('--help') ? 0 : 2;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new Error('Interrupted: no backup was made.')));
  }
  const started = performance.now();
  const progress = createProgress(process.stderr);
  const path = fileFor(target, new Date());
  try {
    const { tables, revision } = await onDatabase(loadConfig(), (url) => backUp(url, path, progress.tell, stop.signal));
    progress.clear();
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    const size = megabytes(statSync(path).size);
    console.log(`Backed up ${count(rows)} rows at revision ${revision} to ${path}: ${size} in ${seconds} s.`);
  } finally {
    progress.clear();
  }
  if (keep !== undefined) keepNewest(dirname(path), keep);
  return 0;
}

function readCommand(args: string[]): { target: string; keep?: number } | null {
  try {
    const { values, positionals } = parseArgs({ args, options: { keep: { type: 'string' } }, allowPositionals: true });
    const [target, ...rest] = positionals;
    if (!target || rest.length > 0) return null;
    if (values.keep === undefined) return { target };
    return /^[1-9]\d{0,5}$/.test(values.keep) ? { target, keep: Number(values.keep) } : null;
  } catch {
    return null;
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return error instanceof ConfigError ? 2 : 1;
});
