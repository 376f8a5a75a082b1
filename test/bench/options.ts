import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What to measure with, and how long. */
export interface Options {
  /** Sizes of the registries, in versions. */
  versions: number[];
  /** Of the grown registries: another seed, another registry. */
  seed: number;
  /** The records that they are grown from, and that are imported. */
  data: string;
  /** A folder that keeps what was grown; null: a temporary one. */
  databases: string | null;
  /** Where to write the figures as JSON; null: nowhere. */
  json: string | null;
  /** Prints the tables as Markdown. */
  markdown: boolean;
  /** Figures of an earlier run, to print instead of measuring; null: measure. */
  table: string | null;
  rounds: number;
  /** Of each measurement. */
  seconds: number;
  connections: number;
  /** Of the soak. */
  minutes: number;
  /** Only what has this in its name. */
  only: string;
}

const samples = resolve(import.meta.dirname, '../../src/sync/samples.jsonl');

const FULL = '1000,10000,100000,1000000';

export const USAGE = `Usage: npm run bench -- [--versions 1000,10000 | --full] [--data <dump>] [--databases <folder>] [--json <file>] [--markdown]
                        [--rounds 3] [--seconds 2] [--connections 16] [--seed 1] [--only <part of a name>]
       npm run bench -- --table <figures.json> [--markdown]
       npm run bench:soak -- [--minutes 30] [--versions 10000]
       npm run bench:plans -- [--versions 1000000] [--only <part of a name>]

Measures everything side by side; test/bench/README.md says what each line is and how to read it.`;

/** Reads the command line; throws an Error with one line for what is wrong. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      versions: { type: 'string', default: '1000,10000' },
      full: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      data: { type: 'string', default: samples },
      databases: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      table: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '16' },
      minutes: { type: 'string', default: '30' },
      only: { type: 'string', default: '' },
    },
  });
  const data = resolve(values.data);
  if (!existsSync(data)) throw new Error(`There is no file ${data}: name a dump with --data.`);
  return {
    versions: (values.full ? FULL : values.versions).split(',').map((size) => positive('versions', size)),
    seed: positive('seed', values.seed),
    data,
    databases: values.databases === undefined ? null : resolve(values.databases),
    json: values.json === undefined ? null : resolve(values.json),
    markdown: values.markdown,
    table: values.table === undefined ? null : resolve(values.table),
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    connections: positive('connections', values.connections),
    minutes: positive('minutes', values.minutes),
    only: values.only,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name} must be a number above 0, but is ${JSON.stringify(text)}.`);
}
