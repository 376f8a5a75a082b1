import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import { type Child, startScript } from './children.ts';
import { type Measured, measure } from './load.ts';
import type { Options } from './options.ts';
import { median } from './statistics.ts';

/** What one case came to: medians over the rounds; `ratio` compares requests a second within each round. */
export interface Outcome {
  name: string;
  bytes: number;
  ours: Measured;
  bare: Measured;
  ratio: { median: number; lowest: number; highest: number };
}

const WARM_UP_MS = 500;

/** Measures each case beside a bare node:http server that answers the same bytes, by turns in several rounds. */
export async function measureCases(cases: Case[], load: Child, options: Options, scratch: string): Promise<Outcome[]> {
  const bareUrl = await startBare(cases, scratch);
  const rounds: { ours: Measured; bare: Measured }[][] = cases.map(() => []);
  for (let round = 0; round < options.rounds; round++) {
    for (const [i, one] of cases.entries()) {
      const ours = () => measure(load, timed(one, options));
      const bare = () => measure(load, timed({ ...one, url: `${bareUrl}/${i}` }, options));
      // Who goes first changes, so that neither always meets the warmer machine.
      const first = round % 2 ? await bare() : await ours();
      const second = round % 2 ? await ours() : await bare();
      rounds[i]!.push(round % 2 ? { ours: second, bare: first } : { ours: first, bare: second });
    }
  }
  return cases.map(({ name, answer }, i) => summarise(name, answer.length, rounds[i]!));
}

async function startBare(cases: Case[], scratch: string): Promise<string> {
  const files = cases.map(({ answer }, i) => {
    const file = join(scratch, `answer-${i}`);
    writeFileSync(file, answer);
    return file;
  });
  const script = join(import.meta.dirname, 'bare.script.ts');
  const child = startScript(script, files, { env: { ...process.env, NODE_ENV: 'production' } });
  return `http://127.0.0.1:${await child.message<number>()}`;
}

/** What the load generator is told for one measurement. */
function timed({ url, method, headers, body, answer }: Case, { connections, seconds }: Options) {
  const times = { warmUpMs: WARM_UP_MS, ms: seconds * 1000 };
  return { url, method, headers, body, bytes: answer.length, connections, ...times };
}

function summarise(name: string, bytes: number, rounds: { ours: Measured; bare: Measured }[]): Outcome {
  const ratios = rounds.map(({ ours, bare }) => ours.perSecond / bare.perSecond);
  return {
    name,
    bytes,
    ours: medians(rounds.map(({ ours }) => ours)),
    bare: medians(rounds.map(({ bare }) => bare)),
    ratio: { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
  };
}

function medians(all: Measured[]): Measured {
  const of = (key: keyof Measured) => median(all.map((one) => one[key]));
  return { requests: of('requests'), perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') };
}
