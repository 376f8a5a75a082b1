import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import type { Child } from './children.ts';
import { startProgramOn, type Program } from './contestants.ts';
import { cpuOf, cpuOfFamily, cpuSince } from './cpu.ts';
import { type Measured, measure } from './load.ts';
import type { Options } from './options.ts';
import { median } from './statistics.ts';

/** One measurement: requests, and milliseconds of CPU that each took of the process and of PostgreSQL. */
export interface Taken extends Measured {
  cpu: number;
  databaseCpu: number;
}

/** What one case came to in each round; `bare` is the node:http server with the same bytes. */
export interface Outcome {
  key: string;
  name: string;
  versions: number;
  bytes: number;
  rounds: Taken[];
  bare: Taken[] | null;
}

/** What measures: who sends, whose CPU counts as the database's, where files may go. */
export interface Bench {
  load: Child;
  postmaster: number;
  options: Options;
  scratch: string;
}

const WARM_UP_MS = 500;

/** Measures all cases by turns in several rounds, each other round in the opposite order. */
export async function measureCases(cases: Case[], bench: Bench): Promise<Outcome[]> {
  const bare = await startBare(cases, bench.scratch);
  const outcomes = cases.map(({ key, name, versions, answer, besideBare }) => ({
    ...{ key, name, versions, bytes: answer.length, rounds: [] as Taken[], bare: besideBare ? ([] as Taken[]) : null },
  }));
  for (let round = 0; round < bench.options.rounds; round++) {
    const order = [...cases.keys()];
    if (round % 2) order.reverse();
    for (const i of order) {
      const { [i]: one } = cases;
      outcomes[i]!.rounds.push(await take(bench, one!));
      outcomes[i]!.bare?.push(await take(bench, bareCase(one!, i, bare)));
    }
  }
  return outcomes;
}

/** Measures one case once. */
export async function take({ load, postmaster, options }: Bench, { targets, child }: Pick<Case, 'targets' | 'child'>) {
  const { connections, seconds } = options;
  await measure(load, { targets, connections, ms: WARM_UP_MS });
  const [own, database] = [cpuOf(child.process.pid!), cpuOfFamily(postmaster)];
  const measured = await measure(load, { targets, connections, ms: seconds * 1000 });
  return {
    ...measured,
    cpu: (cpuOf(child.process.pid!) - own) / measured.requests,
    databaseCpu: cpuSince(database, postmaster) / measured.requests,
  };
}

async function startBare(cases: Case[], scratch: string): Promise<Program> {
  const files = cases.map(({ answer }, i) => {
    const file = join(scratch, `answer-${i}`);
    writeFileSync(file, answer);
    return file;
  });
  return startProgramOn(join(import.meta.dirname, 'bare.script.ts'), files);
}

function bareCase({ targets, answer }: Case, i: number, { url, child }: Program) {
  return { child, targets: [{ ...targets[0]!, url: `${url}/${i}`, bytes: answer.length }] };
}

/** The medians of several measurements. */
export function medians(all: Taken[]): Taken {
  const of = (key: keyof Taken) => median(all.map((one) => one[key]));
  return {
    ...{ requests: of('requests'), perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') },
    ...{ cpu: of('cpu'), databaseCpu: of('databaseCpu') },
  };
}
