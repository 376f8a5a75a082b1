import type { ImportFigure, Memory } from './figures.ts';
import type { Outcome } from './rounds.ts';

/** All figures of a run; times are seconds but those of requests, which are milliseconds; memory is bytes. */
export interface Figures {
  node: string;
  machine: string;
  data: string;
  import: Omit<ImportFigure, 'dataDir'>;
  start: Record<'cold' | 'warm', { median: number; all: number[] }>;
  memory: { afterStart: Memory; afterRequests: Memory; requests: number };
  load: Outcome[];
}

const HEAD = ['Request', 'Bytes', 'Requests/s', 'p50 ms', 'p99 ms', 'bare node:http/s', 'Ratio', '(lowest-highest)'];

/** The figures as lines for people. */
export function toText({ node, machine, data, load, memory, start, ...figures }: Figures): string {
  const { created, seconds, perSecond } = figures.import;
  const mb = ({ resident, live }: Memory) => `${Math.round(resident / 1e6)} MB (${Math.round(live / 1e6)} MB in use)`;
  return `${table([HEAD, ...load.map(toRow)])}

Import          ${created} records of ${data} in ${seconds.median.toFixed(2)} s: ${Math.round(perSecond)}/s
npm start       cold ${start.cold.median.toFixed(2)} s, warm ${start.warm.median.toFixed(2)} s
Memory          ${mb(memory.afterStart)} after start, ${mb(memory.afterRequests)} after ${memory.requests} requests
Measured on     Node ${node}, ${machine}`;
}

function toRow({ name, bytes, ours, bare, ratio }: Outcome): string[] {
  const range = `(${ratio.lowest.toFixed(3)}-${ratio.highest.toFixed(3)})`;
  return [
    ...[name, String(bytes), ours.perSecond.toFixed(0), ours.p50.toFixed(1), ours.p99.toFixed(1)],
    ...[bare.perSecond.toFixed(0), ratio.median.toFixed(3), range],
  ];
}

/** Columns side by side: the first to the left, figures to the right. */
function table(rows: string[][]): string {
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!));
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}
