import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AggregatorRegistry, type PrometheusContentType } from 'prom-client';

/** Where a process opened its doors. */
export interface Opened {
  publicUrl: string;
  internalUrl: string;
}

/** Processes that share the ports. */
export interface Workers extends Opened {
  /** Tells all to stop, and waits for the last. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** A process that could not start; it has said why itself. */
export class WorkerError extends Error {
  override name = 'WorkerError';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`A process ended with code ${exitCode} before it was up.`);
    this.exitCode = exitCode;
  }
}

/** How long after the end of a process another takes its place: one that can't start is not tried in a loop. */
const REPLACE_AFTER_MS = 1_000;

type ToPrimary = { opened: Opened } | { wantsMetrics: number };
type ToWorker = { metrics: string | null; id: number };

/** Starts this program so many times more, each time as a worker; whoever ends unasked is replaced. */
export async function startWorkers(count: number, env: Record<string, string>, log: Logger): Promise<Workers> {
  const metrics = new AggregatorRegistry();
  cluster.on('message', (worker, message: ToPrimary) => {
    if ('wantsMetrics' in message) void answerMetrics(metrics, worker, message.wantsMetrics);
  });
  let stopping = false;
  const fork = () => cluster.fork(env);
  // The first alone, so that what can't be opened is said once.
  const opened = await untilOpened(fork());
  await Promise.all(Array.from({ length: count - 1 }, () => untilOpened(fork())));
  cluster.on('exit', (worker, code, signal) => {
    if (stopping) return;
    log.error({ worker: worker.process.pid, code, signal }, 'a process has ended: starting another');
    void sleep(REPLACE_AFTER_MS).then(() => void (stopping || fork()));
  });
  return {
    ...opened,
    stop: async (signal) => {
      stopping = true;
      const running = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(
        running.map(async (worker) => {
          worker.process.kill(signal);
          await once(worker, 'exit');
        }),
      );
    },
  };
}

async function untilOpened(worker: Worker): Promise<Opened> {
  return new Promise((resolve, reject) => {
    worker.once('exit', (code: number | null) => reject(new WorkerError(code ?? 1)));
    worker.on('message', (message: ToPrimary) => {
      if ('opened' in message) resolve(message.opened);
    });
  });
}

/** Each request of a worker is answered with the sum over all of them; null when one does not say its part. */
async function answerMetrics(
  metrics: Pick<AggregatorRegistry<PrometheusContentType>, 'clusterMetrics'>,
  worker: Worker,
  id: number,
): Promise<void> {
  const text = await metrics.clusterMetrics().catch(() => null);
  if (worker.isConnected()) worker.send({ metrics: text, id } satisfies ToWorker);
}

/** Tells the first process, from a worker, that the doors are open. */
export function tellOpened({ publicUrl, internalUrl }: Opened): void {
  process.send?.({ opened: { publicUrl, internalUrl } } satisfies ToPrimary);
}

let asked = 0;

/** Asks the first process, from a worker, for the metrics of all. */
export function askForMetrics(): Promise<string> {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    const hear = (message: ToWorker) => {
      if (message.id !== id || !('metrics' in message)) return;
      process.off('message', hear);
      if (message.metrics === null) reject(new Error('Not every process told its metrics.'));
      else resolve(message.metrics);
    };
    process.on('message', hear);
    process.send?.({ wantsMetrics: id } satisfies ToPrimary);
  });
}
