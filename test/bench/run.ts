// npm run bench [-- --full --data <dump> --databases <folder> --json <file> --markdown]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { toBars } from './bars.ts';
import { measureBeside, type Beside } from './beside.ts';
import { prepareCases, prepareCostly, type Case } from './cases.ts';
import { stopAll } from './children.ts';
import { installPostgraphile, startContestants, type Contestants } from './contestants.ts';
import { measureImport, measureStart, memoryOf, serve } from './figures.ts';
import { measureCopy, type Copy } from './full-copy.ts';
import type { Databases, Grown } from './grow/databases.ts';
import { withDatabases } from './grow/with-databases.ts';
import { startLoad } from './load.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { type Figures, toText } from './report.ts';
import { type Bench, measureCases } from './rounds.ts';
import { chooseWords } from './words.ts';

const REQUESTS = 10_000;

/** The largest registry that is copied as a whole. */
const COPIED = 100_000;

/** A registry that was grown, and all that answers about it. */
interface Arena extends Grown {
  versions: number;
  contestants: Contestants;
  cases: Case[];
}

/** Measures everything, one thing after the other; what it needs it puts into `scratch`. */
async function run(options: Options, scratch: string, databases: Databases): Promise<Figures> {
  const began = loadavg();
  installPostgraphile();
  const alone = await measureAlone(options, scratch);
  const arenas = await prepareArenas(options, scratch, databases);
  const bench: Bench = { load: await startLoad(), postmaster: databases.postmaster, options, scratch };
  const main = arenas.findLast(({ versions }) => versions <= 10_000) ?? arenas[0]!;
  const memory = await measureMemory(main, bench);
  const chosen = arenas.flatMap((arena) => arena.cases.filter(({ name }) => name.includes(options.only)));
  // One request at all sizes, then the next: what is held against another size is measured within seconds of it.
  const cases = Object.values(Object.groupBy(chosen, ({ key }) => key)).flatMap((sizes) => sizes ?? []);
  progress(`${options.rounds} rounds of ${cases.length} requests`);
  const load = await measureCases(cases, bench);
  const copied = arenas.findLast(({ versions }) => versions <= COPIED);
  progress('a full copy, and cheap requests beside costly ones');
  const copies: Copy[] = copied
    ? [await measureCopy(copied.versions, copied.contestants.registry.publicUrl, copied.url, options.rounds)]
    : [];
  const costly = await prepareCostly(main.contestants);
  const beside: Beside[] = [];
  for (const cheap of main.cases.filter(({ key }) => CHEAP.includes(key))) {
    beside.push(await measureBeside(cheap, costly, bench));
  }
  const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;
  return {
    ...{ node: process.versions.node, machine, data: basename(options.data), busy: [began, loadavg()] },
    ...{ grown: arenas.map(({ filled }) => filled), ...alone, memory, load, copies, beside },
    bars: toBars(load, copies, beside),
  };
}

/** What is asked beside costly requests: what is made each time, and what is kept. */
const CHEAP = ['exact', 'kept-rest'];

/** Import and start, which need the machine to themselves. */
async function measureAlone(options: Options, scratch: string): Promise<Pick<Figures, 'import' | 'start'>> {
  if (options.only) return { import: null, start: null };
  progress('import');
  const { dataDir: _, ...imported } = await measureImport(options.data, scratch);
  progress('npm start, cold and warm');
  return { import: imported, start: await measureStart(scratch) };
}

async function prepareArenas(options: Options, scratch: string, databases: Databases): Promise<Arena[]> {
  const grown: (Grown & { versions: number })[] = [];
  for (const versions of options.versions) {
    progress(`a registry of ${versions} versions`, 'Growing');
    grown.push({ versions, ...(await databases.grown({ versions, seed: options.seed })) });
  }
  const words = await chooseWords(grown[0]!.url);
  const arenas: Arena[] = [];
  for (const one of grown) {
    const contestants = await startContestants(one.url, scratch);
    arenas.push({ ...one, contestants, cases: await prepareCases(one.versions, contestants, words) });
  }
  return arenas;
}

async function measureMemory({ contestants, cases }: Arena, { load, options }: Bench): Promise<Figures['memory']> {
  const { registry } = contestants;
  const afterStart = await memoryOf(registry);
  progress(`${REQUESTS} requests`);
  const ours = cases.filter(({ child }) => child === registry.child);
  await serve(REQUESTS, ours, load, options.connections);
  return { afterStart, afterRequests: await memoryOf(registry), requests: REQUESTS };
}

const progress = (what: string, doing = 'Measuring') => console.error(`${doing} ${what}…`);

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(args);
  if (options.table) {
    console.log(toText(JSON.parse(readFileSync(options.table, 'utf8')) as Figures, options.markdown));
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'mcp-registry-bench-'));
  const cleanUp = async () => {
    await stopAll();
    rmSync(scratch, { recursive: true, force: true });
  };
  const interrupt = () => void cleanUp().then(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return withDatabases(options, async (databases) => {
    try {
      const figures = await run(options, scratch, databases);
      console.log(toText(figures, options.markdown));
      if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
      return 0;
    } finally {
      await cleanUp();
    }
  });
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
