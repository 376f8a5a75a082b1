import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Account, Launch } from './account.ts';
import { clusterPaths } from './cluster.ts';
import { isAlive } from './postmaster.ts';
import { runToEnd } from './run-to-end.ts';
import { DatabaseStartError, errorCode, fileProblem, OR_USE_YOUR_OWN } from './start-error.ts';

/** After this long nobody waits for another process's initialisation any more. */
const STUCK_AFTER_MS = 60_000;
const LEFTOVER_AFTER_MS = 600_000;

export interface Initialise {
  dataDir: string;
  initdb: string;
  account: Account | null;
  launch: Launch;
  /** Whether the files are flushed to the disk before they count. */
  durable: boolean;
}

/**
 * Makes a cluster beside its place and renames it there: it is there as a whole or not at all, whoever else makes one.
 * False when another process is at it.
 */
export async function initialiseCluster(options: Initialise): Promise<boolean> {
  const { dataDir, initdb, account, launch, durable } = options;
  const { home, cluster, password } = clusterPaths(dataDir);
  try {
    if (await isOtherAtWork(home)) return false;
    const workshop = makeWorkshop(home, account);
    try {
      const made = join(workshop, 'cluster');
      await runInitdb(launch, initdb, [
        '-D',
        made,
        `--pwfile=${join(workshop, 'password')}`,
        ...(durable ? [] : ['--no-sync']),
      ]);
      renameSync(join(workshop, 'password'), join(made, basename(password)));
      moveIntoPlace(made, cluster);
      if (durable) syncDirectory(home);
      return true;
    } finally {
      await removeWorkshop(workshop);
    }
  } catch (error) {
    throw error instanceof DatabaseStartError ? error : fileProblem(home, error);
  }
}

function makeWorkshop(home: string, account: Account | null): string {
  const workshop = join(home, `init-${process.pid}-${randomBytes(4).toString('hex')}`);
  const password = join(workshop, 'password');
  mkdirSync(workshop, { mode: 0o700 });
  writeFileSync(password, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flush: true });
  if (account) for (const path of [password, workshop]) chownSync(path, account.uid, account.gid);
  return workshop;
}

/** Sorting and letter case are PostgreSQL's own C.UTF-8; only kinds of characters are the system's, where it has that locale. */
async function runInitdb(launch: Launch, initdb: string, args: string[]): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--lc-messages=C'];
  const all = [...args, '--username=postgres', '--auth=scram-sha-256', '--no-instructions', ...locale];
  let result = await runToEnd(launch(initdb, [...all, '--locale=C.UTF-8']));
  if (/invalid locale name/.test(result.output)) result = await runToEnd(launch(initdb, [...all, '--locale=C']));
  if (result.code !== 0) {
    throw new DatabaseStartError(`The embedded database could not be initialised: ${explain(result.output)}.`);
  }
}

function explain(output: string): string {
  const uid = /could not look up effective user ID (\d+)/.exec(output)?.[1];
  if (uid) return `user ID ${uid} has no entry in /etc/passwd; run as a user that has one, ${OR_USE_YOUR_OWN}`;
  if (/error while loading shared libraries|ENOENT|failed to execute/.test(output)) {
    return `its programs don't run on this system (they need glibc); use another system, ${OR_USE_YOUR_OWN}`;
  }
  const lines = output
    .split('\n')
    .filter((line) => line.trim() && !/initdb: (removing|warning|hint|detail)/.test(line));
  return lines.at(-1)?.trim().replace(/\.$/, '') ?? 'initdb was stopped';
}

function moveIntoPlace(made: string, cluster: string): void {
  try {
    renameSync(made, cluster);
  } catch (error) {
    // Another process was faster: its cluster is as good as ours.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error)) || !existsSync(cluster)) throw error;
  }
}

function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Looks at the workshops of other processes, and removes those whose process was killed. */
async function isOtherAtWork(home: string): Promise<boolean> {
  let atWork = false;
  for (const name of readdirSync(home)) {
    const pid = /^init-(\d+)-[0-9a-f]{8}$/.exec(name)?.[1];
    const stats = pid ? statSync(join(home, name), { throwIfNoEntry: false }) : undefined;
    if (!stats) continue;
    const age = Date.now() - stats.mtimeMs;
    if (!isAlive(Number(pid)) || age > LEFTOVER_AFTER_MS) await removeWorkshop(join(home, name));
    else if (age < STUCK_AFTER_MS) atWork = true;
  }
  return atWork;
}

/** Again and again for a while: what was killed may still be ending, and cleaning up itself. */
async function removeWorkshop(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
