import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { endsWithParent, type Launch } from './account.ts';
import { findPostmaster } from './postmaster.ts';
import { DatabaseStartError } from './start-error.ts';

/** Settings that the caller can override; whatever else there is comes from postgresql.conf in the cluster. */
const DEFAULTS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // TCP with a password works everywhere and has no limit on the path's length.
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // What clients get wrong is told to them; its text may hold users' data.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};
const POLL_MS = 10;
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 15_000;
const LINES_KEPT = 30;

export interface StartPostmaster {
  cluster: string;
  program: string;
  launch: Launch;
  port: number | undefined;
  settings: Record<string, string>;
  log: (line: string) => void;
}

/** A PostgreSQL that this process started: `ended` resolves when it is gone. */
export interface Started {
  child: ChildProcess;
  pid: number;
  port: number;
  ended: Promise<void>;
}

/** Starts PostgreSQL on a cluster and waits until it takes connections; `busy` when another one has the cluster. */
export async function startPostmaster(options: StartPostmaster): Promise<Started | 'busy' | 'port taken'> {
  const port = options.port ?? (await findFreePort());
  const settings = Object.entries({ ...DEFAULTS, ...options.settings }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const child = options.launch(options.program, ['-D', options.cluster, '-p', String(port), ...settings]);
  const lines = collectLines(child, options.log);
  const ended = Promise.withResolvers<void>();
  child.once('close', ended.resolve);
  child.once('error', (error) => {
    lines.push(error.message);
    ended.resolve();
  });
  let gone = false;
  void ended.promise.then(() => (gone = true));

  for (const deadline = Date.now() + READY_WITHIN_MS; !gone; await Promise.race([sleep(POLL_MS), ended.promise])) {
    const found = findPostmaster(join(options.cluster, 'postmaster.pid'));
    if (found?.ready && found.pid === child.pid) {
      endWithThisProcess(child.pid, ended.promise);
      // The database alone is no reason for the process to go on.
      child.unref();
      return { child, pid: child.pid, port, ended: ended.promise };
    }
    if (Date.now() > deadline) child.kill('SIGQUIT');
  }
  return explainFailure(lines, options.cluster);
}

/** Stops PostgreSQL: open transactions are rolled back, nothing committed is lost. */
export async function stopStarted({ child, ended }: Started): Promise<void> {
  child.ref();
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

function collectLines(child: ChildProcess, log: (line: string) => void): string[] {
  const lines: string[] = [];
  if (!child.stderr) return lines;
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    log(line);
  });
  if ('unref' in child.stderr && typeof child.stderr.unref === 'function') child.stderr.unref();
  return lines;
}

function explainFailure(lines: string[], cluster: string): 'busy' | 'port taken' {
  const output = lines.join('\n');
  if (/lock file "postmaster.pid" (already exists|is empty)|pre-existing shared memory block/.test(output)) {
    return 'busy';
  }
  if (output.includes('Address already in use')) return 'port taken';
  const first = lines.findIndex((line) => /could not bind|FATAL|PANIC/.test(line));
  const reason = (lines[first] ?? lines.at(-1))?.replace(/^.*?(LOG|FATAL|PANIC):\s*/, '') ?? 'it never got ready';
  const more = /(DETAIL|HINT):\s*(.*?)\.?$/.exec(lines[first + 1] ?? '')?.[2];
  throw new DatabaseStartError(
    `The embedded database in ${cluster} did not start: ${reason}${more ? ` (${more})` : ''}.`,
  );
}

/** Where the kernel doesn't do it: a shell that waits for this process's end of a pipe to close, then stops PostgreSQL. */
function endWithThisProcess(pid: number, ended: Promise<void>): void {
  if (endsWithParent() || process.platform === 'win32') return;
  const script = 'read -r _ || kill -INT "$0"';
  const watcher = spawn('/bin/sh', ['-c', script, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  void ended.then(() => watcher.stdin.end('\n'));
  watcher.unref();
  if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref();
}

/** A TCP port of the loopback interface that is free now. */
async function findFreePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
  });
  return promise;
}
