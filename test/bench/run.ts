// npm run bench [-- --data <dump> --json <file>]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { prepareCases } from './cases.ts';
import { stopAll } from './children.ts';
import { measureImport, measureStart, memoryOf, serve } from './figures.ts';
import { startLoad } from './load.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { startRegistry } from './registry.ts';
import { type Figures, toText } from './report.ts';
import { measureCases } from './rounds.ts';

const REQUESTS = 10_000;

/** Measures everything, one thing after the other; what it needs it puts into `scratch`. */
async function run(options: Options, scratch: string): Promise<Figures> {
  progress('import');
  const { dataDir, ...imported } = await measureImport(options.data, scratch);
  progress('npm start, cold and warm');
  const start = await measureStart(scratch);
  const registry = await startRegistry(dataDir, scratch);
  const afterStart = await memoryOf(registry);
  const cases = await prepareCases(registry);
  const load = await startLoad();
  progress(`${REQUESTS} requests`);
  await serve(REQUESTS, cases, load, options.connections);
  const memory = { afterStart, afterRequests: await memoryOf(registry), requests: REQUESTS };
  progress(`${options.rounds} rounds of ${cases.length} requests and bare node:http`);
  const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;
  const about = { node: process.versions.node, machine, data: basename(options.data) };
  return { ...about, import: imported, start, memory, load: await measureCases(cases, load, options, scratch) };
}

const progress = (what: string) => console.error(`Measuring ${what}…`);

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(args);
  const scratch = mkdtempSync(join(tmpdir(), 'mcp-registry-bench-'));
  const cleanUp = async () => {
    await stopAll();
    rmSync(scratch, { recursive: true, force: true });
  };
  const interrupt = () => void cleanUp().then(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const figures = await run(options, scratch);
    console.log(toText(figures));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    return 0;
  } finally {
    await cleanUp();
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
