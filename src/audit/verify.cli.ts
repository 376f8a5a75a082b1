import { connect } from '../app.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { verifyAudit } from './verify.ts';

/** Checks the chain of the audit; exit code 0 when it is sound, 1 when it breaks or can't be read, 2 for wrong settings. */
async function main(): Promise<number> {
  if (process.argv.length > 2) {
    console.error('Usage: npm run audit:verify');
    return 2;
  }
  const { db, close } = await connect(loadConfig());
  try {
    const tell = (rows: number) => process.stderr.isTTY && process.stderr.write(`\r${rows} rows`);
    const { rows, broken } = await verifyAudit(db.sql, tell);
    if (process.stderr.isTTY) process.stderr.write('\r');
    console.log(
      broken
        ? `The audit is broken at row ${broken.at}: ${broken.reason}. The ${rows} before it are sound.`
        : `The audit is sound: ${rows} rows.`,
    );
    return broken ? 1 : 0;
  } finally {
    await close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
