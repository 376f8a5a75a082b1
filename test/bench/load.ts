import { join } from 'node:path';
import { type Child, startScript } from './children.ts';

/** A request, and what its answer must be. */
export interface Target {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string | null;
  status: number;
  /** Of the answer's body. */
  bytes: number;
}

/** Requests that are sent by turns, over and over. */
export interface Load {
  targets: Target[];
  connections: number;
  warmUpMs: number;
  /** Ends after this time, or after `count` requests. */
  ms: number;
  count: number;
  /** Requests a second at most; null: as many as are answered. */
  rate: number | null;
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

type Asked = Omit<Load, 'count' | 'rate' | 'warmUpMs'> & Partial<Load>;

/** Has the process send requests; throws where an answer was not as expected. */
export async function measure(child: Child, load: Asked): Promise<Measured> {
  // JSON has no Infinity.
  child.process.send({ count: Number.MAX_SAFE_INTEGER, rate: null, warmUpMs: 0, ...load } satisfies Load);
  const measured = await child.message<Measured | { error: string }>();
  if ('error' in measured) throw new Error(measured.error);
  return measured;
}
