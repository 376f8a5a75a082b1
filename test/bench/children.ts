import { type ChildProcess, fork, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** A process that this run started. */
export interface Child {
  process: ChildProcess;
  /** The next message of the process; rejects when it ends without one. */
  message<Message>(): Promise<Message>;
  /** Resolves when the process has ended, however it did. */
  ended: Promise<void>;
  /** Asks the process to end and waits until it has; kills it after ten seconds. */
  stop(): Promise<void>;
}

const running = new Set<Child>();

/** Starts a TypeScript file of ours on this Node, with a channel for messages. */
export function startScript(file: string, args: string[], options: SpawnOptions & { execArgv?: string[] } = {}): Child {
  return keep(fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], ...options }), false);
}

/** Starts a program in a process group of its own, so that what it starts ends with it. */
export function startProgram(command: string, args: string[], options: SpawnOptions): Child {
  const group = process.platform !== 'win32';
  return keep(spawn(command, args, { detached: group, ...options }), group);
}

/** Ends every process that is still running. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}

function keep(started: ChildProcess, group: boolean): Child {
  const ended = new Promise<void>((resolve) => started.once('exit', () => resolve()).once('error', () => resolve()));
  const child: Child = {
    process: started,
    ended,
    message: async <Message>() => {
      const gone = ended.then(() => Promise.reject(new Error(`${started.spawnargs.join(' ')} ended early.`)));
      const [message] = (await Promise.race([once(started, 'message'), gone])) as [Message];
      return message;
    },
    stop: async () => {
      const timer = setTimeout(() => kill(started, group, 'SIGKILL'), 10_000);
      kill(started, group, 'SIGINT');
      await ended;
      clearTimeout(timer);
    },
  };
  running.add(child);
  void ended.then(() => running.delete(child));
  return child;
}

function kill(child: ChildProcess, group: boolean, signal: NodeJS.Signals): void {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  if (group) process.kill(-child.pid, signal);
  else child.kill(signal);
}
