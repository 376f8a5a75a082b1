import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What to measure with, and how long. */
export interface Options {
  /** The dump to import. */
  data: string;
  /** Where to write the figures as JSON; null: nowhere. */
  json: string | null;
  rounds: number;
  /** Of each measurement. */
  seconds: number;
  connections: number;
}

const samples = resolve(import.meta.dirname, '../../src/sync/samples.jsonl');

export const USAGE = `Usage: npm run bench -- [--data <dump>] [--json <file>] [--rounds 5] [--seconds 2] [--connections 16]

Measures import, start, memory and requests a second side by side; test/bench/README.md says how to read it.`;

/** Reads the command line; throws an Error with one line for what is wrong. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: samples },
      json: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '16' },
    },
  });
  const data = resolve(values.data);
  if (!existsSync(data)) throw new Error(`There is no file ${data}: name a dump with --data.`);
  return {
    data,
    json: values.json === undefined ? null : resolve(values.json),
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    connections: positive('connections', values.connections),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name} must be a number above 0, but is ${JSON.stringify(text)}.`);
}
