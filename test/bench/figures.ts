import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import { type Child, startScript } from './children.ts';
import { measure } from './load.ts';
import { environment, npmStart, type Registry } from './registry.ts';
import { median } from './statistics.ts';

/** Repetitions of what takes a whole new database. */
const REPEATS = 3;

/** How often each figure was measured, and its median. */
interface Repeated {
  median: number;
  all: number[];
}

/** What an import came to; `seconds` do not hold the making of the database. */
export interface ImportFigure {
  created: number;
  skipped: number;
  seconds: Repeated;
  perSecond: number;
  /** The last database, with the dump in it. */
  dataDir: string;
}

/** Imports the dump into new databases. */
export async function measureImport(dump: string, scratch: string): Promise<ImportFigure> {
  const seconds: number[] = [];
  let last = { created: 0, skipped: 0, dataDir: '' };
  for (let i = 0; i < REPEATS; i++) {
    const dataDir = mkdtempSync(join(scratch, 'import-'));
    const child = startScript(join(import.meta.dirname, 'import.script.ts'), [dump], {
      env: environment(dataDir, 'none'),
    });
    const done = await child.message<{ created: number; skipped: number; seconds: number }>();
    await child.ended;
    seconds.push(done.seconds);
    last = { ...done, dataDir };
  }
  const repeated = toRepeated(seconds);
  const { created, skipped, dataDir } = last;
  return { created, skipped, dataDir, seconds: repeated, perSecond: created / repeated.median };
}

/** Seconds from `npm start` to ready: on an empty data directory, and on one that is there. */
export async function measureStart(scratch: string): Promise<{ cold: Repeated; warm: Repeated }> {
  const [cold, warm]: number[][] = [[], []];
  for (let i = 0; i < REPEATS; i++) {
    const dataDir = mkdtempSync(join(scratch, 'start-'));
    for (const times of [cold!, warm!]) {
      const { child, seconds } = await npmStart(dataDir, scratch);
      times.push(seconds);
      await child.stop();
    }
  }
  return { cold: toRepeated(cold!), warm: toRepeated(warm!) };
}

/** Bytes of the service's process, without PostgreSQL's: held in all, and in objects that are still in use. */
export interface Memory {
  resident: number;
  live: number;
}

/** Asks the service for its memory; it collects its garbage after the first of the two. */
export async function memoryOf({ child }: Registry): Promise<Memory> {
  child.process.send('memory');
  return child.message<Memory>();
}

/** Sends requests in equal parts of each case, without measuring them. */
export async function serve(requests: number, cases: Case[], load: Child, connections: number): Promise<void> {
  for (const { targets } of cases) {
    await measure(load, { targets, connections, ms: 600_000, count: Math.ceil(requests / cases.length) });
  }
}

const toRepeated = (all: number[]): Repeated => ({ median: median(all), all });
