import { join } from 'node:path';
import { type Child, startScript } from './children.ts';

/** One request, sent over and over; every answer must be 200 with this many bytes. */
export interface Load {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string | null;
  bytes: number;
  connections: number;
  warmUpMs: number;
  /** Ends after this time, or after `count` requests. */
  ms: number;
  count: number;
}

/** Times are milliseconds. */
export interface Measured {
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** Starts the process that sends requests. */
export async function startLoad(): Promise<Child> {
  const child = startScript(join(import.meta.dirname, 'load.script.ts'), []);
  await child.message<'ready'>();
  return child;
}

/** Has the process send requests; throws where an answer was not as expected. */
export async function measure(child: Child, load: Omit<Load, 'count'> & { count?: number }): Promise<Measured> {
  // JSON has no Infinity.
  child.process.send({ count: Number.MAX_SAFE_INTEGER, ...load });
  const measured = await child.message<Measured | { error: string }>();
  if ('error' in measured) throw new Error(measured.error);
  return measured;
}
