import pg from 'pg';

/** A statement as it was sent. */
export interface Sent {
  text: string;
  values: unknown[];
  /** Milliseconds until it was answered. */
  ms: number;
}

/** Notes what this process sends to PostgreSQL until `end`, whoever sends it. */
export function captureStatements(): { take(): Sent[]; end(): void } {
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  let sent: Sent[] = [];
  const noting = function (this: pg.Client, ...args: unknown[]): unknown {
    const [config, values] = args as [string | { text: string; values?: unknown[] }, unknown[] | undefined];
    const text = typeof config === 'string' ? config : config.text;
    const given = (typeof config === 'string' ? values : (config.values ?? values)) ?? [];
    const note: Sent = { text, values: Array.isArray(given) ? given : [], ms: NaN };
    sent.push(note);
    const began = performance.now();
    const done = () => (note.ms = performance.now() - began);
    const callback = args.at(-1);
    if (typeof callback !== 'function') {
      const answered = original.apply(this, args) as Promise<unknown>;
      void Promise.resolve(answered).then(done, done);
      return answered;
    }
    return original.apply(this, [
      ...args.slice(0, -1),
      (...results: unknown[]) => {
        done();
        return (callback as (...of: unknown[]) => unknown)(...results);
      },
    ]);
  };
  pg.Client.prototype.query = noting as typeof pg.Client.prototype.query;
  return {
    take: () => {
      const taken = sent;
      sent = [];
      return taken;
    },
    end: () => {
      pg.Client.prototype.query = original as typeof pg.Client.prototype.query;
    },
  };
}
