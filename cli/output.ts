import pc from 'picocolors';
import { clean } from './clean.ts';
import type { exitCodes } from './errors.ts';
import { type CliError } from './errors.ts';

/** What a command gives: a value for `--json`, and the lines that people read instead. */
export interface Result {
  value: unknown;
  lines?: string[];
  /** Where it ran and yet found something invalid. */
  ending?: keyof typeof exitCodes;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** How results, remarks and failures are shown. */
export interface Output {
  json: boolean;
  /** Colours for stdout, and for stderr; they do nothing where no one sees them. */
  colors: Colors;
  remarks: Colors;
  result(result: Result): void;
  /** Writes to stdout as it comes; what follows, failures too, is no value any more. */
  stream(text: string): void;
  isStreaming(): boolean;
  /** A remark on stderr; none with `--quiet`. */
  note(line: string): void;
  /** What must be seen though it is no result: a code to type, a record to publish. */
  tell(line: string): void;
  fail(error: CliError): void;
}

/** Where it goes, and what was asked for on the command line. */
export interface Wishes {
  json: boolean;
  quiet: boolean;
  color: boolean;
  env: NodeJS.ProcessEnv;
}

/** The output of one run: results on stdout, everything else on stderr. */
export function createOutput({ json, quiet, color, env }: Wishes): Output {
  const colored = (stream: NodeJS.WriteStream) =>
    color &&
    !env.NO_COLOR &&
    (stream.isTTY || Boolean(env.FORCE_COLOR && env.FORCE_COLOR !== '0')) &&
    env.TERM !== 'dumb';
  const colors = pc.createColors(colored(process.stdout) && !json);
  const remarks = pc.createColors(colored(process.stderr));
  let streamed = false;
  const tell = (line: string) => void process.stderr.write(`${line}\n`);
  return {
    json,
    colors,
    remarks,
    tell,
    note: (line) => void (quiet || tell(line)),
    stream(text) {
      streamed = true;
      process.stdout.write(text);
    },
    isStreaming: () => streamed,
    result({ value, lines = [] }) {
      if (streamed) return;
      if (json) process.stdout.write(`${toJson(value)}\n`);
      else if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
    },
    fail(error) {
      const { code, message, details } = error;
      if (json && !streamed) process.stdout.write(`${toJson({ error: { code, message, ...details } })}\n`);
      else tell(`${remarks.red('mcp:')} ${clean(message)}${facts(details, remarks)}`);
    },
  };
}

/** JSON that is safe to look at on a terminal too: the controls that JSON.stringify lets through are escaped. */
export const toJson = (value: unknown, space = 2): string =>
  (JSON.stringify(value, null, space) ?? 'null').replaceAll(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The facts of a refusal that help people on, each in a line. */
function facts({ issues, namespaces, servers }: Record<string, unknown>, colors: Colors): string {
  const lines = [
    ...(Array.isArray(issues) ? issues.map((issue) => issueLine(issue as Issue, colors)) : []),
    ...(Array.isArray(namespaces) && namespaces.length > 0 ? [`Yours: ${namespaces.map(String).join(', ')}`] : []),
    ...(Array.isArray(servers) && servers.length > 0 ? [`Used by: ${servers.map(String).join(', ')}`] : []),
  ];
  return lines.map((line) => `\n  ${line}`).join('');
}

/** Something wrong with a server.json. */
export interface Issue {
  path: string;
  severity: string;
  message: string;
  reference?: string;
  /** Where the path stands in the file. */
  line?: number | null;
}

/** An issue in one line: `line 7  packages[0].identifier: …`. */
export function issueLine({ path, severity, message, line }: Issue, colors: Colors): string {
  const paint = severity === 'ERROR' ? colors.red : severity === 'WARNING' ? colors.yellow : colors.dim;
  const place = [line != null ? `line ${line}` : '', colors.bold(clean(String(path)))].filter(Boolean).join('  ');
  return `${paint(String(severity).toLowerCase().padEnd(7))} ${place}: ${clean(String(message))}`;
}

/** Rows in columns, as wide as their widest cell; the last column is cut where the line ends. */
export function table(rows: string[][], width = process.stdout.columns || Infinity): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => {
    const line = row
      .map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell))
      .join('  ')
      .trimEnd();
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
  });
}
