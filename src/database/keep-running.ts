import { findPostmaster } from './postmaster.ts';
import { type Started, stopStarted } from './start-postmaster.ts';

/** A PostgreSQL in use; `started` is null when another process started it. */
export interface Running {
  pid: number;
  port: number;
  started: Started | null;
}

export interface Keeper {
  lock: string;
  /** Starts PostgreSQL again on its port, or joins whoever was faster. */
  revive: (port: number) => Promise<Running>;
  log: (line: string) => void;
}

const WATCH_MS = 250;

/** Brings PostgreSQL back on the same port whenever it ends unasked, also after the process that had it has gone. */
export function keepRunning(first: Running, { lock, revive, log }: Keeper) {
  let running = first;
  let reviving: Promise<void> | null = null;
  let told = '';
  const bringBack = async () => {
    log(`The embedded database (process ${running.pid}) has ended: starting it again`);
    try {
      running = await revive(running.port);
      told = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== told) log(message);
      told = message;
    }
    reviving = null;
  };
  const timer = setInterval(() => {
    if (!reviving && !isRunning(lock, running)) reviving = bringBack();
  }, WATCH_MS);
  timer.unref();
  return {
    get attached() {
      return running.started === null;
    },
    async stop() {
      clearInterval(timer);
      await reviving;
      if (running.started) await stopStarted(running.started);
    },
  };
}

function isRunning(lock: string, { pid }: Running): boolean {
  try {
    return findPostmaster(lock)?.pid === pid;
  } catch {
    // The directory can't be read just now: nothing that could be done about it.
    return true;
  }
}
