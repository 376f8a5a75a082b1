import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';
import type { Position } from './batch.ts';

/** What became of the records so far. */
export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  kept: number;
  skipped: number;
}

/** Tells people how far an import has come. */
export interface Progress {
  update(position: Position, counts: Counts): void;
  /** Ends with one line of what was done. */
  finish(counts: Counts): void;
  /** Leaves the bar as it stands, for what is to be said below it; nothing where there is none. */
  stop(): void;
}

/** What was read, by when, in ms. */
interface Reading {
  position: Position;
  counts: Counts;
  elapsed: number;
}

const REDRAW_MS = 100;
const LINE_MS = 2_000;
const BAR = { barsize: 24, barCompleteString: '█'.repeat(24), barIncompleteString: '░'.repeat(24), barGlue: '' };
const NAMES = ['created', 'updated', 'unchanged', 'kept', 'skipped'] as const;

/** A bar with rate and remaining time where a terminal shows it, elsewhere a line every two seconds; no timers run. */
export function createProgress(stream: NodeJS.WriteStream, label: string): Progress {
  const started = performance.now();
  const isTerminal = stream.isTTY === true;
  let last = isTerminal ? Number.NEGATIVE_INFINITY : started;
  let barShown = false;
  const clear = (): void => {
    if (!barShown) return;
    cursorTo(stream, 0);
    clearLine(stream, 0);
    barShown = false;
  };
  return {
    update(position, counts) {
      const now = performance.now();
      if (now - last < (isTerminal ? REDRAW_MS : LINE_MS)) return;
      last = now;
      const reading = { position, counts, elapsed: now - started };
      clear();
      if (isTerminal) stream.write(fit(barOf(label, reading), stream.columns));
      else stream.write(`${lineOf(label, reading)}\n`);
      barShown = isTerminal;
    },
    finish(counts) {
      clear();
      const seconds = (performance.now() - started) / 1000;
      stream.write(`${label}: ${number(sum(counts))} records in ${duration(seconds)}: ${told(counts)}.\n`);
    },
    stop() {
      if (barShown) stream.write('\n');
      barShown = false;
    },
  };
}

function barOf(label: string, reading: Reading): string {
  const { position, counts } = reading;
  const share = shareOf(position);
  if (share === null) return `${label}  ${amount(position)}  ${rate(reading)}  ${told(counts)}`;
  const left = (reading.elapsed / 1000 / share) * (1 - share);
  const remaining = Number.isFinite(left) ? `${duration(left)} left` : '';
  return `${label} ${cliProgress.Format.BarFormat(share, BAR)} ${percent(share)}  ${rate(reading)}  ${remaining}  ${told(counts)}`;
}

function lineOf(label: string, reading: Reading): string {
  const share = shareOf(reading.position);
  const done = share === null ? amount(reading.position) : `${amount(reading.position)} (${percent(share)})`;
  return `${label}: ${done} read, ${rate(reading)}; ${told(reading.counts)}`;
}

function shareOf({ done, total }: Position): number | null {
  return total === null || total <= 0 ? null : Math.min(done / total, 1);
}

function amount({ done, unit }: Position): string {
  return unit === 'bytes' ? `${(done / 1e6).toFixed(1)} MB` : `${number(done)} records`;
}

function told(counts: Counts): string {
  const parts = NAMES.filter((name) => counts[name] > 0).map((name) => `${number(counts[name])} ${name}`);
  return parts.join(', ') || 'nothing';
}

/** Leaves the last column free: a character there makes some terminals wrap. */
const fit = (text: string, columns = 80) => text.slice(0, Math.max(columns - 1, 10));
const sum = (counts: Counts) => NAMES.reduce((total, name) => total + counts[name], 0);
const rate = ({ counts, elapsed }: Reading) => `${number(sum(counts) / Math.max(elapsed / 1000, 0.001))}/s`;
const percent = (share: number) => `${Math.floor(share * 100)} %`;
const number = (value: number) => Math.round(value).toLocaleString('en-US');
const duration = (seconds: number) =>
  cliProgress.Format.TimeFormat(Math.ceil(seconds), { autopaddingChar: ' ' }, 1).trim();
