import { readFileSync, statSync } from 'node:fs';
import { RawJson } from './client.ts';
import { CliError, usage } from './errors.ts';
import { readJson, type Place } from './json-text.ts';
import type { Issue } from './output.ts';

/** A server.json as it stands in its file. */
export interface ServerFile {
  file: string;
  /** The document as it is sent: the file's text. */
  raw: RawJson;
  document: Record<string, unknown>;
  places: Map<string, Place>;
}

const MAX_BYTES = 5 * 1024 * 1024;

/** Reads a server.json; throws where there is none, or where it is no JSON, with line and column. */
export function readServerFile(file = 'server.json'): ServerFile {
  const text = readText(file).replace(/^\ufeff/, '');
  const read = readJson(text);
  if ('wrong' in read) {
    const { line, column } = read.place;
    throw new CliError('usage', 'INVALID_JSON', `${file}:${line}:${column}: this is not JSON: ${read.wrong}.`, {
      file,
      line,
      column,
    });
  }
  const { value, places } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('usage', 'INVALID_JSON', `${file}:1:1: a server.json is one object in braces.`, {
      file,
      line: 1,
      column: 1,
    });
  }
  return { file, raw: new RawJson(text), document: value as Record<string, unknown>, places };
}

function readText(file: string): string {
  try {
    const found = statSync(file);
    if (found.isDirectory()) {
      throw usage(`${file} is a directory: name the file, such as ${file.replace(/[/\\]+$/, '')}/server.json.`);
    }
    if (found.size > MAX_BYTES) throw usage(`${file} is too large for a server.json (${found.size} bytes).`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw usage(`There is no ${file}: \`mcp init\` writes one, or name the file.`);
    throw usage(`${file} can not be read (${message}).`);
  }
}

const needed = {
  $schema: 'the address of the schema',
  name: 'such as io.github.alice/weather',
  description: 'one line',
  version: 'such as 1.0.0',
};

/** What is wrong with a document as far as it can be told without the registry, whose rules are the whole of it. */
export function offlineIssues({ document }: ServerFile): Issue[] {
  const missing = Object.entries(needed)
    .filter(([field]) => document[field] === undefined)
    .map(([field, hint]) => error(field, `it is missing: add "${field}", ${hint}`));
  const mistyped = Object.keys(needed)
    .filter((field) => document[field] !== undefined && typeof document[field] !== 'string')
    .map((field) => error(field, 'it must be a text in double quotes'));
  return [...missing, ...mistyped];
}

const error = (path: string, message: string): Issue => ({ path, severity: 'ERROR', message, reference: 'offline' });

/** Issues with the lines of the file in which they are: of the path itself or of the nearest thing around it. */
export function withLines(issues: Issue[], { places }: ServerFile): Issue[] {
  return issues.map((issue) => {
    let path = String(issue.path);
    while (path !== '' && !places.has(path)) path = path.replace(/(\[[^\]]*\]|\.?[^.[\]]*)$/, '');
    return { ...issue, line: places.get(path)?.line ?? null };
  });
}

/** The failure of a document with these issues. */
export function invalid(file: string, issues: Issue[]): CliError {
  const count = issues.filter(({ severity }) => severity === 'ERROR').length;
  const sentence = `${file} is not valid: ${count} ${count === 1 ? 'thing' : 'things'} to mend.`;
  return new CliError('refused', 'VALIDATION_FAILED', sentence, { retryable: false, file, issues });
}
