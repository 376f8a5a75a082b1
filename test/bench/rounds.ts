import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import type { Child } from './children.ts';
import { startProgramOn } from './contestants.ts';
import { cpuOf, cpuOfFamily, cpuSince } from './cpu.ts';
import { type Measured, measure } from './load.ts';
import type { Options } from './options.ts';
import type { Registry } from './registry.ts';
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

/** The first time: a service runs for weeks, so what counts is code that is compiled. Later on it has been asked before. */
const WARM_UP_MS = 2_500;
const WARM_UP_AGAIN_MS = 100;

/** In how many parts each measurement is taken, by turns with others: what the machine does meanwhile falls on all. */
const TURNS = 4;

/** Measures all cases by turns in several rounds. */
export async function measureCases(cases: Case[], bench: Bench): Promise<Outcome[]> {
  const outcomes = cases.map(({ key, name, versions, bytes, bare }) => ({
    ...{ key, name, versions, bytes, rounds: [] as Taken[], bare: bare ? ([] as Taken[]) : null },
  }));
  const alone = cases.filter(({ bare }) => !bare);
  const ofAlone = outcomes.filter(({ bare }) => !bare);
  for (let round = 0; round < bench.options.rounds; round++) {
    await measureBesideBare(cases, outcomes, bench);
    const taken = await takeByTurns(bench, alone, round === 0 ? WARM_UP_MS : WARM_UP_AGAIN_MS);
    for (const [i, one] of taken.entries()) ofAlone[i]!.rounds.push(one);
  }
  return outcomes;
}

/** Measures, once, what has a bare server beside it. */
async function measureBesideBare(cases: Case[], outcomes: Outcome[], bench: Bench): Promise<void> {
  // Of two processes of the same program one may be a tenth faster for as long as it lives: each round has others.
  const bares = await startBare(cases, bench);
  const others = await startOthers(cases);
  for (const [i, bare] of bares.entries()) {
    if (!bare) continue;
    const one = cases[i]!;
    const [own, other] = await takeByTurns(bench, [askedAt(one, others.get(one.versions)!), bare], WARM_UP_MS);
    outcomes[i]!.rounds.push(own!);
    outcomes[i]!.bare!.push(other!);
  }
  await bares.find((one) => one !== null)?.child.stop();
  await Promise.all([...others.values()].map(({ child }) => child.stop()));
}

type Asked = Pick<Case, 'targets' | 'child'>;

/** Measures one case once. */
export async function take(
  { load, postmaster, options }: Bench,
  { targets, child }: Asked,
  { warmUpMs = WARM_UP_MS, seconds = options.seconds } = {},
): Promise<Taken> {
  const { connections } = options;
  await measure(load, { targets, connections, ms: warmUpMs });
  const [own, database] = [cpuOf(child.process.pid!), cpuOfFamily(postmaster)];
  const measured = await measure(load, { targets, connections, ms: seconds * 1000 });
  return {
    ...measured,
    cpu: (cpuOf(child.process.pid!) - own) / measured.requests,
    databaseCpu: cpuSince(database, postmaster) / measured.requests,
  };
}

/** Measures cases by turns, each for as long in all as one is measured alone: forth, back, forth, and so on. */
async function takeByTurns(bench: Bench, cases: Asked[], warmUpMs: number): Promise<Taken[]> {
  const taken = cases.map(() => [] as Taken[]);
  const seconds = bench.options.seconds / TURNS;
  for (let turn = 0; turn < TURNS; turn++) {
    const order = [...cases.keys()];
    if (turn % 2) order.reverse();
    for (const i of order) {
      taken[i]!.push(await take(bench, cases[i]!, { warmUpMs: turn === 0 ? warmUpMs : WARM_UP_AGAIN_MS, seconds }));
    }
  }
  return taken.map(medians);
}

/** Starts another process of the registry for each size of which something is measured beside the bare server. */
async function startOthers(cases: Case[]): Promise<Map<number, Registry>> {
  const others = new Map<number, Registry>();
  for (const { versions, bare, another } of cases) {
    if (bare && !others.has(versions)) others.set(versions, await another());
  }
  return others;
}

/** A case as it is asked of another process: what was registered, and the tags of pages, are the same everywhere. */
function askedAt({ targets }: Case, { child, publicUrl }: Registry): Asked {
  const moved = targets.map((target) => ({ ...target, url: target.url.replace(/^https?:\/\/[^/]+/, publicUrl) }));
  return { child, targets: moved };
}

/** Starts the bare server, has it compile what it runs, and gives what to ask it beside each case. */
async function startBare(cases: Case[], { load, options, scratch }: Bench): Promise<(Asked | null)[]> {
  const files = cases.map(({ bare }, i) => {
    const file = join(scratch, `answer-${i}`);
    writeFileSync(file, bare ?? '');
    return file;
  });
  const { url, child } = await startProgramOn(join(import.meta.dirname, 'bare.script.ts'), files);
  const asked = cases.map(({ bare, targets }, i) => {
    if (!bare) return null;
    const { method, headers, body, url: ours } = targets[0]!;
    // A longer address takes longer to read: it is asked at the same, below a number.
    const { pathname, search } = new URL(ours);
    const target = { url: `${url}/${i}${pathname}${search}`, method, headers, body, status: 200, bytes: bare.length };
    return { child, targets: [target] };
  });
  const targets = asked.flatMap((one) => one?.targets ?? []);
  if (targets.length > 0) await measure(load, { targets, connections: options.connections, ms: WARM_UP_MS });
  return asked;
}

/** The medians of several measurements. */
export function medians(all: Taken[]): Taken {
  const of = (key: keyof Taken) => median(all.map((one) => one[key]));
  return {
    ...{ requests: of('requests'), perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') },
    ...{ cpu: of('cpu'), databaseCpu: of('databaseCpu') },
  };
}
