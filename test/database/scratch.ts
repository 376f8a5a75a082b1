import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

export const isRoot = process.geteuid?.() === 0;
/** Whom PostgreSQL runs as under root. */
export const NOBODY = 65534;
/** CAP_DAC_READ_SEARCH and nothing else. */
export const READ_SEARCH = 1 << 2;
/** Root's tests play an ordinary user as this one, which every system has. */
export const ORDINARY = 1;
/** Quick and forgetful. */
export const QUICK = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
export const EMBEDDED = fileURLToPath(new URL('../../src/database/embedded.ts', import.meta.url));

/** A directory that everybody may pass through, removed by the returned function. */
export function makeScratch(owner?: number) {
  const directory = mkdtempSync(join(tmpdir(), 'embedded-'));
  chmodSync(directory, 0o711);
  if (owner !== undefined) chownSync(directory, owner, owner);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A directory that is removed after the test. */
export function scratch(owner?: number): string {
  const { directory, remove } = makeScratch(owner);
  onTestFinished(remove);
  return directory;
}

/** What a starter says: the database it has, or why it has none. */
export interface Answer {
  url: string;
  attached: boolean;
  error: string;
}

/** A process that starts the embedded database and has it until `stop`. */
export interface Starter {
  process: ChildProcess;
  answer: Promise<Answer>;
  stop(): Promise<void>;
}

export interface StarterOptions {
  options: { dataDir: string; settings?: Record<string, string> };
  /** The user that runs it, where the tests run as root. */
  uid?: number;
  /** With what rights root runs it, as `+chown,+setuid`; all of them when left out. */
  capabilities?: string;
  /** Another copy of the launcher. */
  module?: string;
  env?: Record<string, string>;
}

/** Starts the embedded database from a process of its own, which is killed with the test. */
export function startApart(how: StarterOptions): Starter {
  const { options, uid, capabilities, module = EMBEDDED, env = {} } = how;
  const starter = fileURLToPath(new URL('starter.ts', import.meta.url));
  const settings = { ...QUICK, ...options.settings };
  const program = [process.execPath, starter, pathToFileURL(module).href, JSON.stringify({ ...options, settings })];
  const limits = capabilities ? ['setpriv', `--bounding-set=-all,${capabilities}`] : [];
  const [file, ...parameters] = [...limits, ...(uid === undefined ? [] : actAs(uid)), ...program];
  const child = spawn(file!, parameters, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const answer = once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(String(line)) as Answer);
  const stop = async () => {
    const ended = once(child, 'exit');
    child.stdin.write('stop\n');
    await ended;
  };
  return { process: child, answer, stop };
}

/** An ordinary user who can reach this checkout wherever it lies, and nothing else that they may not. */
function actAs(uid: number): string[] {
  const reach = ['--inh-caps=-all,+dac_read_search', '--ambient-caps=+dac_read_search'];
  const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  return isOpen(process.execPath) && isOpen(EMBEDDED) ? user : [...user, ...reach, '--securebits=+no_setuid_fixup'];
}

/** Whether ordinary users can reach a file. */
export function isOpen(path: string): boolean {
  const test = ['--reuid=1', '--regid=1', '--clear-groups', 'test', '-r', path];
  try {
    execFileSync('setpriv', test);
    return true;
  } catch {
    return false;
  }
}

/** The id of the PostgreSQL that runs on a cluster; 0 when there is none. */
export function postmasterOf(dataDir: string): number {
  const cluster = join(dataDir, 'postgres', 'cluster');
  const lock = join(cluster, 'postmaster.pid');
  if (!existsSync(lock)) return 0;
  const pid = parseInt(readFileSync(lock, 'utf8'), 10);
  try {
    return process.platform !== 'linux' || readlinkSync(`/proc/${pid}/cwd`) === cluster ? pid : 0;
  } catch {
    return 0;
  }
}

/** The user that a process runs as. */
export function userOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' }));
}

/** The bits of the capabilities that a process has. */
export function capabilitiesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return parseInt(/CapEff:\s*([0-9a-f]+)/.exec(status)![1]!, 16);
}
