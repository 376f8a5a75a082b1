import {
  Logger as WorkerLogger,
  parseCronItems,
  run,
  runMigrations,
  type LogFunctionFactory,
  type Runner,
  type Task as GraphileTask,
} from 'graphile-worker';
import type { Logger } from 'pino';
import type { Sql } from '../context.ts';
import { createJobsPool, releaseDead } from './jobs.db.ts';

/** Something that is done beside requests: when it is enqueued and, with `every`, by itself. */
export interface Task<A> {
  name: string;
  /** Five cron fields, UTC; of several processes one does it. */
  every?: string;
  /** The longest that it can take: after that its process is taken for dead, and another does it. Doing it twice must do no harm. */
  longestSeconds: number;
  /** One that may take long ends early once the signal aborts, and does the rest the next time. */
  run(app: A, payload: unknown, signal: AbortSignal): Promise<void>;
}

/** The work, going on. */
export interface Jobs {
  /** Takes nothing new and waits for what runs. */
  stop(): Promise<void>;
}

const CONNECTIONS = 3;
/** Jobs wait for others far more than they work, and what a burst of publishes leaves is to be done as fast as it comes. */
const AT_A_TIME = 64;
/** They are fetched together, and a burst of them not more often than this. */
const FETCH_EVERY_MS = 50;
const LOOK_FOR_DEAD_MS = 5_000;
const RESTART_MS = 2_000;

/** Makes the tables of graphile-worker, once; from any number of processes at the same time. */
export async function prepareJobs(connectionString: string): Promise<void> {
  const pgPool = createJobsPool(connectionString, 1);
  try {
    await runMigrations({ pgPool, logger: silent });
  } finally {
    await pgPool.end();
  }
}

/** Starts to do what is due. A job that fails is tried again, later and later; one whose process dies is done by another. */
export async function startJobs<A>(options: {
  app: A;
  sql: Sql;
  /** Told how each job ended; null: well. */
  onEnd: (task: string, failure: unknown) => void;
  /** Runs each job. */
  around: (task: string, payload: unknown, job: () => Promise<void>) => Promise<void>;
  connectionString: string;
  log: Logger;
  tasks: Task<A>[];
}): Promise<Jobs> {
  const { app, sql, connectionString, log, tasks, onEnd, around } = options;
  const runTask = async (task: Task<A>, payload: unknown, signal: AbortSignal) => {
    try {
      await around(task.name, payload, () => task.run(app, payload, signal));
    } catch (error) {
      onEnd(task.name, error);
      throw error;
    }
    onEnd(task.name, null);
  };
  const pgPool = createJobsPool(connectionString, CONNECTIONS);
  const start = () =>
    run({
      // What is done is then noted in batches, which try again when the database is away: a single note would not, and its failure would end the process.
      preset: {
        worker: {
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
          gracefulShutdownAbortTimeout: 0,
          localQueue: { size: AT_A_TIME, refetchDelay: { durationMs: FETCH_EVERY_MS, threshold: AT_A_TIME } },
        },
      },
      pgPool,
      concurrency: AT_A_TIME,
      noHandleSignals: true,
      logger: new WorkerLogger(toPino(log)),
      taskList: Object.fromEntries(
        tasks.map((task): [string, GraphileTask] => [
          task.name,
          (payload, { abortSignal }) => runTask(task, payload, abortSignal),
        ]),
      ),
      parsedCronItems: parseCronItems(
        tasks.flatMap(({ name, every }) =>
          every === undefined ? [] : [{ task: name, match: every, identifier: name }],
        ),
      ),
    });
  const keeper = keepRunning(await start(), start, log);
  // The library itself waits four hours for a process that died.
  const timer = setInterval(() => void releaseDead(sql, tasks).catch(() => {}), LOOK_FOR_DEAD_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await keeper.stop();
      await pgPool.end();
    },
  };
}

/** Starts the work again when it ends unasked, as it does when the database was away for long. */
function keepRunning(first: Runner, start: () => Promise<Runner>, log: Logger): Jobs {
  let runner: Runner | null = null;
  let stopped = false;
  const watch = (started: Runner) => {
    runner = started;
    const again = (error?: unknown) => {
      runner = null;
      if (stopped) return;
      log.error({ err: error }, 'the jobs have stopped, and are started again');
      setTimeout(() => void (stopped || start().then(watch, again)), RESTART_MS).unref();
    };
    started.promise.then(() => again(), again);
  };
  watch(first);
  return {
    stop: async () => {
      stopped = true;
      await runner?.stop();
    },
  };
}

const silent = new WorkerLogger(() => () => {});

/** Its errors and warnings are ours; what it says of each job is for finding faults. */
function toPino(log: Logger): LogFunctionFactory {
  const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;
  return ({ taskIdentifier, jobId }) =>
    (level, message) => {
      // Jobs are fetched and noted together: they need few connections, and no operator is to be told otherwise.
      if (message.includes('smaller than concurrency')) return;
      log[levels[level as keyof typeof levels] ?? 'debug']({ task: taskIdentifier, job: jobId }, message);
    };
}
