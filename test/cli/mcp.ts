import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** The program as it is published. */
export const PROGRAM = resolve(import.meta.dirname, '../../cli/dist/main.js');

/** Tests look into answers freely. */
type Parsed = ReturnType<typeof JSON.parse>;

/** How a run ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** What stdout is as JSON; throws where it is not one value. */
  json(): Parsed;
}

/** Someone at a machine of their own: a home, a folder with a project, and nothing else. */
export interface User {
  home: string;
  folder: string;
  env: Record<string, string>;
  mcp(...args: string[]): Promise<Ended>;
  /** The same with a text on standard input. */
  type(input: string, ...args: string[]): Promise<Ended>;
  /** Starts it without waiting for its end. */
  start(...args: string[]): ChildProcessWithoutNullStreams;
  write(file: string, content: string | object): void;
  read(file: string): string;
  login(): Parsed;
}

/** A new user, until the test (or, outside of one, the process) is over. */
export function createUser(more: Record<string, string> = {}): User {
  const home = mkdtempSync(join(tmpdir(), 'mcp-cli-'));
  try {
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  } catch {
    process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  }
  const folder = join(home, 'project');
  mkdirSync(folder);
  const env = { PATH: process.env.PATH ?? '', HOME: home, GIT_CEILING_DIRECTORIES: home, ...more };
  const start = (...args: string[]) => spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env });
  return {
    home,
    folder,
    env,
    start,
    mcp: (...args) => ended(start(...args), ''),
    type: (input, ...args) => ended(start(...args), input),
    write(file, content) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    },
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    login: () => JSON.parse(readFileSync(join(home, '.config/mcp-registry/logins.json'), 'utf8')) as Parsed,
  };
}

/** The end of a program that was started, given a text to read. */
export function ended(child: ChildProcessWithoutNullStreams, input: string): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin.on('error', () => {}).end(input);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done({ code, stdout, stderr, json: () => JSON.parse(stdout) as Parsed }));
  });
}
