// npm run bench:soak [-- --minutes 30 --versions 10000]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareCases } from './cases.ts';
import { stopAll } from './children.ts';
import { installPostgraphile, startContestants } from './contestants.ts';
import { memoryOfProcess } from './cpu.ts';
import { memoryOf } from './figures.ts';
import { withDatabases } from './grow/with-databases.ts';
import { measure, startLoad } from './load.ts';
import { type Options, readOptions } from './options.ts';
import { slopeOf } from './statistics.ts';
import { chooseWords } from './words.ts';

/** How often memory is looked at. */
const EVERY_MS = 5_000;

/** How often it is asked what is in use. */
const LOOKS = 12;

/** A slope under this many megabytes a minute is flat. */
const FLAT = 1;

/** The first part of the time, in which caches fill and code is compiled, does not count. */
const SETTLING = 0.25;

interface Soaked {
  /** Requests a second, which is half of what was answered at the most. */
  rate: number;
  p99: number;
  /** Minutes since the beginning, and megabytes: of the process in all, and in use after garbage was collected. */
  resident: [number, number][];
  live: [number, number][];
}

/** Sends every kind of request at half of the rate that the service can answer, and looks at its memory. */
async function soak(options: Options, databaseUrl: string, scratch: string): Promise<Soaked> {
  const contestants = await startContestants(databaseUrl, scratch);
  const { registry } = contestants;
  const cases = await prepareCases(options.versions[0]!, contestants, await chooseWords(databaseUrl));
  const targets = cases.filter(({ child }) => child === registry.child).flatMap((one) => one.targets);
  const publicTargets = targets.filter(({ url }) => url.startsWith(registry.publicUrl));
  const load = await startLoad();
  const { connections } = options;
  const most = await measure(load, { targets: publicTargets, connections, warmUpMs: 5_000, ms: 10_000 });
  const rate = most.perSecond / 2;
  const began = performance.now();
  const minutes = () => (performance.now() - began) / 60_000;
  const result: Soaked = { rate, p99: 0, resident: [], live: [] };
  const timers = [
    setInterval(() => {
      result.resident.push([minutes(), memoryOfProcess(registry.child.process.pid!) / 1e6]);
    }, EVERY_MS),
    // Seldom: it collects the garbage, which the service would do when it likes.
    setInterval(
      () => {
        void memoryOf(registry).then(({ live }) => result.live.push([minutes(), live / 1e6]));
      },
      (options.minutes * 60_000) / LOOKS,
    ),
  ];
  const measured = await measure(load, { targets: publicTargets, connections, rate, ms: options.minutes * 60_000 });
  for (const timer of timers) clearInterval(timer);
  return { ...result, p99: measured.p99 };
}

function toText({ rate, p99, resident, live }: Soaked): string {
  const settled = (points: [number, number][]) => points.slice(Math.floor(points.length * SETTLING));
  const line = (what: string, points: [number, number][]) =>
    `${what.padEnd(9)} ${points.at(0)?.[1].toFixed(0)} MB at first, ${points.at(-1)?.[1].toFixed(0)} MB at the end, slope ${slopeOf(settled(points)).toFixed(2)} MB a minute`;
  const flat = slopeOf(settled(resident)) < FLAT && slopeOf(settled(live)) < FLAT;
  return [
    `${Math.round(rate)} requests a second, half of the most; p99 ${p99.toFixed(1)} ms`,
    line('resident', resident),
    line('in use', live),
    flat ? 'Memory is flat: met.' : `Memory grows by ${FLAT} MB a minute or more: NOT MET.`,
  ].join('\n');
}

const options = readOptions(process.argv.slice(2));
const scratch = mkdtempSync(join(tmpdir(), 'mcp-registry-soak-'));
await withDatabases(options, async (databases) => {
  try {
    installPostgraphile();
    const { url } = await databases.grown({ versions: options.versions[0]!, seed: options.seed });
    const soaked = await soak(options, url, scratch);
    console.log(toText(soaked));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(soaked, null, 2)}\n`);
  } finally {
    await stopAll();
    rmSync(scratch, { recursive: true, force: true });
  }
});
