import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { currentSpan, type Attributes } from '../tracing.ts';

type Callback = (error: Error | undefined, ...rest: unknown[]) => void;
type Call = (...args: unknown[]) => unknown;

/** A wait for a connection that is shorter is none. */
const WAIT_MS = 1;

/** Has the statements on a pool's connections, and the waits for one, be spans where a trace is made; Prisma's are among them. */
export function tracePool(pool: pg.Pool): void {
  pool.on('connect', traceStatements);
  const connect = pool.connect.bind(pool) as Call;
  pool.connect = ((callback?: Callback) => {
    const waited = watchWait();
    if (!callback) return (connect() as Promise<unknown>).finally(waited);
    // It is called by whoever gives a connection back, whose trace is another one.
    return connect(
      AsyncLocalStorage.bind((...args: Parameters<Callback>) => {
        waited();
        callback(...args);
      }),
    );
  }) as pg.Pool['connect'];
}

function watchWait(): () => void {
  const parent = currentSpan();
  if (!parent) return () => {};
  const startedAt = Date.now();
  const started = performance.now();
  return () => {
    if (performance.now() - started >= WAIT_MS) parent.start('wait for a connection', { startedAt })?.end();
  };
}

/** Has the statements of one connection be spans where a trace is made: their text, which has no values in it, and never those. */
export function traceStatements(client: pg.ClientBase): void {
  const query = client.query.bind(client) as Call;
  const { host, port, database } = client as pg.ClientBase & { host: string; port: number; database?: string };
  const place = { 'server.address': host, 'server.port': port, 'db.namespace': database };
  client.query = ((...args: unknown[]) => {
    const parent = currentSpan();
    const { name, attributes } = parent ? describe(args[0]) : NOTHING;
    const span = parent?.start(name, { kind: 'client', attributes: { ...place, ...attributes } });
    if (!span) return query(...args);
    const ended = (error?: unknown) => {
      if (error) span.fail(error);
      span.end();
    };
    const callback = args.findIndex((one) => typeof one === 'function');
    if (callback >= 0) {
      const told = args[callback] as Callback;
      return query(
        ...args.with(callback, (error: Error | undefined, ...rest: unknown[]) => {
          ended(error);
          told(error, ...rest);
        }),
      );
    }
    const result = query(...args);
    if (result instanceof Promise) result.then(() => ended(), ended);
    else ended();
    return result;
  }) as pg.ClientBase['query'];
}

interface Description {
  name: string;
  attributes: Attributes;
}

const NOTHING: Description = { name: '', attributes: {} };

/** By text; lists come in many shapes, and rarer ones are read again. */
const descriptions = new Map<string, Description>();
const MAX_DESCRIPTIONS = 500;

function describe(statement: unknown): Description {
  const text = typeof statement === 'string' ? statement : String((statement as { text?: unknown }).text ?? '');
  const known = descriptions.get(text);
  if (known) return known;
  const operation = operationOf(text);
  const [, table] = /(?<!FOR )\b(?:FROM|INTO|UPDATE)\s+(?:"?public"?\.)?"?([a-z_][\w.]*)/i.exec(text) ?? [];
  const name = table ? `${operation} ${table}` : operation;
  const attributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.summary': name,
    'db.query.text': text,
  };
  if (descriptions.size < MAX_DESCRIPTIONS) descriptions.set(text, { name, attributes });
  return { name, attributes };
}

/** What a statement does first of all: one that begins with WITH may write all the same. */
function operationOf(text: string): string {
  const [first = 'SQL'] = /[a-z]+/i.exec(text) ?? [];
  if (!/^with$/i.test(first)) return first.toUpperCase();
  const [writes = 'SELECT'] = /(?<!FOR |DO )\b(?:INSERT|UPDATE|DELETE)\b/i.exec(text) ?? [];
  return writes.toUpperCase();
}
