import type { Logger } from 'pino';
import { RegistryError } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** What events are told to. */
export interface Listeners {
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** A server.json was published, was there already, or was only tried. */
export function published({ log, metrics }: Listeners, outcome: string, of: { name: string; version: string }): void {
  metrics.publishes.inc({ outcome });
  log.info({ event: 'publish', outcome, ...of }, `publish ${of.name} ${of.version}: ${outcome}`);
}

/** A server.json was not published. */
export function publishRefused({ log, metrics }: Listeners, thrown: unknown, name: string): void {
  const outcome = thrown instanceof RegistryError ? thrown.code.toLowerCase() : 'failed';
  metrics.publishes.inc({ outcome });
  log.info({ event: 'publish', outcome, name }, `publish ${name}: ${outcome}`);
}

/** A job ended; one that failed is tried again later. */
export function jobEnded({ log, metrics }: Listeners, task: string, failure: unknown): void {
  metrics.jobsDone.inc({ task, outcome: failure === null ? 'done' : 'failed' });
  if (failure !== null) log.warn({ event: 'job', task, err: failure }, `the job ${task} failed, and is tried again`);
}

/** The version store was asked for so many entries that it had, and so many that it read. */
export function storeAsked(metrics: Metrics, hits: number, misses: number): void {
  if (hits > 0) metrics.storeLookups.inc({ outcome: 'hit' }, hits);
  if (misses > 0) metrics.storeLookups.inc({ outcome: 'miss' }, misses);
}
