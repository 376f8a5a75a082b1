import { connect } from '../app.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { importFrom } from './import.ts';
import { createProgress } from './progress.ts';

const USAGE = `Usage: npm run import -- <file | URL | registry URL | ->

Brings in the versions of another registry: a JSON array, JSON lines or a single server.json, plain or gzip, or a
registry's base URL. Runs beside a running server. Run again, it goes on where it stopped and changes nothing twice.`;

/** Runs the import named on the command line; 0 done, 1 failed, 2 wrong usage. */
async function main(args: string[]): Promise<number> {
  const [source] = args;
  if (!source || args.length > 1 || source === '--help') {
    console.error(USAGE);
    return source === '--help' ? 0 : 2;
  }
  const { db, close } = await connect(loadConfig());
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('Interrupted; run it again to go on.')));
  const progress = createProgress(process.stderr, 'Importing');
  try {
    const report = await importFrom(db, source, { signal: stop.signal, onProgress: progress.update });
    progress.finish(report);
    for (const { at, reason } of report.skippedRecords) console.error(`skipped ${at}: ${reason}`);
    return 0;
  } finally {
    progress.stop();
    await close();
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return error instanceof ConfigError ? 2 : 1;
});
