import type { Case } from './cases.ts';
import { measure, startLoad, type Target } from './load.ts';
import type { Bench } from './rounds.ts';

/** The p99 of cheap requests alone, and beside as many clients who ask for much; milliseconds. */
export interface Beside {
  versions: number;
  what: string;
  alone: number[];
  beside: number[];
  /** Requests a second of those who ask for much. */
  costly: number[];
  ratio: number[];
}

/** Measures cheap requests alone and beside costly ones, by turns. */
export async function measureBeside(cheap: Case, costly: Target[], { load, options }: Bench): Promise<Beside> {
  const other = await startLoad();
  const { connections } = options;
  const ms = options.seconds * 1000;
  const result: Beside = { versions: cheap.versions, what: cheap.name, alone: [], beside: [], costly: [], ratio: [] };
  const cheapLoad = { targets: cheap.targets, connections, warmUpMs: 500, ms };
  for (let round = 0; round < options.rounds; round++) {
    const alone = await measure(load, cheapLoad);
    // The costly ones begin before and end after.
    const [beside, much] = await Promise.all([
      measure(load, { ...cheapLoad, warmUpMs: 1_000 }),
      measure(other, { targets: costly, connections, ms: ms + 1_500 }),
    ]);
    result.alone.push(alone.p99);
    result.beside.push(beside.p99);
    result.costly.push(much.perSecond);
    result.ratio.push(beside.p99 / alone.p99);
  }
  await other.stop();
  return result;
}
