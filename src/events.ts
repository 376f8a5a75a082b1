import type { Logger } from 'pino';
import { RegistryError } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** What events are told to. */
export interface Listeners {
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Which server.json was sent, and whether it was to be tried only. */
interface PublishTried {
  name: string;
  version: string;
  dryRun: boolean;
}

/** A server.json was published, was there already, or was only tried. */
export function published({ log, metrics }: Listeners, outcome: string, of: PublishTried): void {
  metrics.publishes.inc({ outcome, dry_run: `${of.dryRun}` });
  log.info({ event: 'publish', outcome, ...of }, `publish ${of.name} ${of.version}: ${outcome}`);
}

/** The label of what was refused, or failed. */
export const outcomeOf = (thrown: unknown): string =>
  thrown instanceof RegistryError ? thrown.code.toLowerCase() : 'failed';

/** A server.json was not published. */
export function publishRefused({ log, metrics }: Listeners, thrown: unknown, of: Omit<PublishTried, 'version'>): void {
  const outcome = outcomeOf(thrown);
  metrics.publishes.inc({ outcome, dry_run: `${of.dryRun}` });
  log.info({ event: 'publish', outcome, ...of }, `publish ${of.name}: ${outcome}`);
}

/** Above this a statement is logged: its text, which has no values in it. */
const SLOW_MS = 500;
const SHOWN = 2_000;

/** A statement ended, well or not. */
export function statementDone({ log, metrics }: Listeners, text: string, ms: number): void {
  metrics.sqlSeconds.observe(ms / 1_000);
  if (ms < SLOW_MS) return;
  log.warn({ event: 'slow statement', ms: Math.round(ms), statement: text.slice(0, SHOWN) }, 'a statement was slow');
}

/** A login was tried: done, or the code that it was refused with. */
export function loginTried({ metrics }: Listeners, action: string, outcome: string): void {
  metrics.logins.inc({ method: action.replace(/^login\./, ''), outcome });
}

/** A GraphQL operation ran, at one of the doors. */
export function operationRan(metrics: Metrics, door: string, label: { type: string; field: string } | null): void {
  if (label) metrics.operations.inc({ door, ...label });
}

/** Someone outside was asked something. */
export function askedOutside(metrics: Metrics, upstream: string, outcome: string, ms: number): void {
  metrics.outsideSeconds.observe({ upstream, outcome }, ms / 1_000);
}

/** A statement waited so long for a connection. */
export function waitedForConnection(metrics: Metrics, ms: number): void {
  metrics.connectionWaitSeconds.observe(ms / 1_000);
}

/** A package's registry was asked whose it is. */
export function packageChecked({ metrics }: Listeners, of: { kind: string; verdict: string; ms: number }): void {
  metrics.packageCheckSeconds.observe({ registry_type: of.kind, verdict: of.verdict }, of.ms / 1_000);
}

/** A job ended; one that failed is tried again later. */
export function jobEnded({ log, metrics }: Listeners, task: string, failure: unknown): void {
  metrics.jobsDone.inc({ task, outcome: failure === null ? 'done' : 'failed' });
  if (failure !== null) log.warn({ event: 'job', task, err: failure }, `the job ${task} failed, and is tried again`);
}

/** A read of what is in the registry was answered by a replica, of this name, or by the primary. */
export function readFrom(metrics: Metrics, target: string): void {
  metrics.reads.inc({ target });
}

/** The version store was asked for so many entries that it had, and so many that it read. */
export function storeAsked(metrics: Metrics, hits: number, misses: number): void {
  if (hits > 0) metrics.storeLookups.inc({ outcome: 'hit' }, hits);
  if (misses > 0) metrics.storeLookups.inc({ outcome: 'miss' }, misses);
}
