import { type Bar, sizeText } from './bars.ts';
import type { Beside } from './beside.ts';
import type { ImportFigure, Memory } from './figures.ts';
import type { Copy } from './full-copy.ts';
import type { Filled } from './grow/fill.ts';
import { medians, type Outcome } from './rounds.ts';
import { median } from './statistics.ts';

/** All figures of a run; times are seconds but those of requests, which are milliseconds; memory is bytes. */
export interface Figures {
  node: string;
  machine: string;
  /** Load averages of the machine at the beginning and at the end. */
  busy: [number[], number[]];
  data: string;
  grown: Filled[];
  import: Omit<ImportFigure, 'dataDir'> | null;
  start: Record<'cold' | 'warm', { median: number; all: number[] }> | null;
  memory: { afterStart: Memory; afterRequests: Memory; requests: number };
  load: Outcome[];
  copies: Copy[];
  beside: Beside[];
  bars: Bar[];
}

type Rows = string[][];

const CASES = [
  'Request',
  'Versions',
  'Bytes',
  'Requests/s',
  'p50 ms',
  'p99 ms',
  'CPU ms',
  'PostgreSQL',
  'bare/s',
  '/ bare',
  'CPU / bare',
];
const BARS = ['Bar', 'Wanted', 'Measured', 'Range', 'Met'];

/** The figures as tables for people, or as Markdown. */
export function toText(figures: Figures, markdown: boolean): string {
  const table = markdown ? asMarkdown : asColumns;
  return [
    table([CASES, ...figures.load.map(toRow)]),
    table([BARS, ...figures.bars.map(barRow)]),
    markdown
      ? about(figures)
          .map((line) => `- ${line}`)
          .join('\n')
      : about(figures).join('\n'),
  ].join('\n\n');
}

function toRow({ name, versions, bytes, rounds, bare }: Outcome): string[] {
  const ours = medians(rounds);
  const other = bare && medians(bare);
  const over = (key: 'perSecond' | 'cpu') =>
    bare ? median(rounds.map((one, i) => one[key] / bare[i]![key])).toFixed(2) : '';
  return [
    ...[name, sizeText(versions), String(bytes), ours.perSecond.toFixed(0), ours.p50.toFixed(1), ours.p99.toFixed(1)],
    ...[ours.cpu.toFixed(3), ours.databaseCpu.toFixed(3)],
    ...[other ? other.perSecond.toFixed(0) : '', over('perSecond'), over('cpu')],
  ];
}

function barRow({ what, wanted, measured, range, met }: Bar): string[] {
  const text = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
  return [what, wanted, text(measured), range ? `${text(range[0])}-${text(range[1])}` : '', met ? 'met' : 'NOT MET'];
}

function about({ node, machine, busy, data, grown, memory, start, copies, beside, ...figures }: Figures): string[] {
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  const held = ({ resident, live }: Memory) => `${mb(resident)} (${mb(live)} in use)`;
  const at = (all: number[]) => median(all).toFixed(all[0]! < 10 ? 1 : 0);
  const averages = busy.map((load) => load.map((one) => one.toFixed(1)).join(' '));
  return [
    ...copies.map(
      ({ versions, bytes, exported, copied }) =>
        `Copy of ${sizeText(versions)}: ${mb(bytes)}, /export ${at(exported)} MB/s, COPY ${at(copied)} MB/s`,
    ),
    ...beside.map(
      ({ what, alone, beside: both, costly }) =>
        `${what}: p99 ${at(alone)} ms alone, ${at(both)} ms beside ${at(costly)} costly requests a second`,
    ),
    ...(figures.import
      ? [
          `Import: ${figures.import.created} records in ${figures.import.seconds.median.toFixed(2)} s, ${Math.round(figures.import.perSecond)}/s`,
        ]
      : []),
    ...(start ? [`npm start: cold ${start.cold.median.toFixed(2)} s, warm ${start.warm.median.toFixed(2)} s`] : []),
    `Memory: ${held(memory.afterStart)} after start, ${held(memory.afterRequests)} after ${memory.requests} requests`,
    ...grown.map(
      ({ versions, servers, seconds, bytes }) =>
        `Grown: ${sizeText(versions)} versions of ${servers} servers, ${mb(bytes)}, in ${seconds.toFixed(0)} s`,
    ),
    `Measured on Node ${node}, ${machine}, records like those of ${data}; load averages ${averages.join(', at the end ')}`,
  ];
}

/** Columns side by side: the first to the left, figures to the right. */
function asColumns(rows: Rows): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!));
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}

function asMarkdown([head, ...rows]: Rows): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head!), line(head!.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
