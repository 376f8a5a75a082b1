import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { readIfThere } from './cluster.ts';
import { errorCode, fileProblem } from './start-error.ts';

/** A running PostgreSQL; `ready` when it takes connections, not while it starts or stops. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

const EMPTY_FILE_GRACE_MS = 2000;

/** The PostgreSQL that runs on the cluster of this lock file; a lock whose process is another's by now is removed. */
export function findPostmaster(lock: string): Postmaster | null {
  const content = readIfThere(lock);
  if (content === null) return null;
  const [first, , , port, , , , status = ''] = content.split('\n');
  const pid = Number(first);
  if (content === '' && isFresh(lock)) return { pid: 0, port: 0, ready: false };
  // PostgreSQL itself takes over from a process that is gone.
  if (pid && !isAlive(pid)) return null;
  if (pid && servesCluster(pid, dirname(lock))) return { pid, port: Number(port), ready: status.trim() === 'ready' };
  removeLock(lock, content);
  return null;
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function isFresh(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs < EMPTY_FILE_GRACE_MS;
}

/** A process id is used again sooner or later: PostgreSQL is told by its working directory, or by its command. */
function servesCluster(pid: number, cluster: string): boolean {
  if (process.platform === 'win32') return true;
  if (process.platform !== 'linux') {
    return String(spawnSync('ps', ['-o', 'comm=', '-p', String(pid)]).stdout).includes('postgres');
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch (error) {
    // Root in a container may not look at another user's directory, but at its command.
    return errorCode(error) !== 'ENOENT' && isPostgresCommand(pid);
  }
}

function isPostgresCommand(pid: number): boolean {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    return basename(program) === 'postgres';
  } catch (error) {
    // When in doubt it runs: two at once on the same files would be the end of them.
    return errorCode(error) !== 'ENOENT';
  }
}

/** Removes the lock if it still says `content`: what goes must be what was judged. */
function removeLock(lock: string, content: string): void {
  const aside = `${lock}.stale-${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readIfThere(aside) !== content) linkSync(aside, lock);
    rmSync(aside);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw fileProblem(lock, error);
  }
}
