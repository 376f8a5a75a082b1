import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPool, openSnapshot, runner, type Snapshot, type Sql, type Told } from '../db.ts';
import { explainConnectionError } from './connection-error.ts';
import { NO_STANDBY, NOT_COMPARED, readAtRevision, readIdentity, whyNot } from './standby.ts';

/** The newest revision that this process knows of. */
export interface Known {
  current(): number;
  saw(revision: number): void;
}

export interface ReplicaOptions {
  url: string;
  primary: Sql;
  known: Known;
  /** Connections at most. */
  connections: number;
  told: Told;
  /** Whether its statements can be spans. */
  traced: boolean;
  log: { info: (line: string) => void; warn: (line: string) => void };
  /** Told of each statement where it was answered: a replica's name, or `primary`. */
  onRead: (target: string) => void;
  /** Called when it shows a newer revision. */
  onProgress: () => void;
}

/** How often one that serves is asked for its revision, and how long it may take. */
const POLL_MS = 500;
const ANSWER_WITHIN_MS = 1_000;
/** How often it is asked while somebody waits for it to come up to the primary. */
const CATCH_UP_MS = [2, 250] as const;
/** How often it is compared with the primary. */
const COMPARE_MS = 10_000;
/** How long one that was left out rests before it is tried again. */
const REST_MS = [250, 10_000] as const;
/** So much longer than the primary, so many times in a row, is too slow. */
const SLOWER_MS = 100;
const SLOW_POLLS = 3;

/** What is asked of a replica alone is no statement of anybody's. */
const NOBODY: Told = { onStatement: () => {}, onDone: () => {} };

/** What serves, from when it is let in until it is left out. */
interface Serving {
  pool: pg.Pool;
  sql: Sql;
  clients: Set<pg.PoolClient>;
  /** Those whose statements run: they do not wait for a connection that is lost. */
  running: Set<(error: Error) => void>;
  identity: string;
  /** Whether it lets long reads be. */
  feedback: boolean;
}

/** A standby that is read from while it is what it should be; it is watched on a connection of its own. */
export class Replica {
  /** Where it is, without who connects. */
  readonly name: string;
  /** The revision that it showed last; null while it is left out. */
  revision: number | null = null;
  /** Statements that run on it. */
  busy = 0;
  readonly #options: ReplicaOptions;
  #serving: Serving | null = null;
  #end: (reason: string) => void = () => {};
  #wake: () => void = () => {};
  /** Whether somebody waits for it to catch up. */
  #wanted = false;
  #stopped = false;
  #said = '';

  constructor(options: ReplicaOptions) {
    const { host, pathname, searchParams } = new URL(options.url);
    this.name = `${host || searchParams.get('host') || 'localhost'}${pathname}`;
    this.#options = options;
    void this.#watch();
  }

  /** Reads at this revision or later; null: ask the primary. Throws only what the primary would throw too. */
  async read<Row extends object>(text: string, values: unknown[], atLeast: number): Promise<Row[] | null> {
    const serving = this.#serving;
    if (!serving) return null;
    this.busy += 1;
    try {
      const answer = await unlessLost(serving, readAtRevision<Row>(serving.sql, text, values));
      if (!answer.standby) {
        this.#leaveOut(serving, NO_STANDBY);
        return null;
      }
      this.#shows(answer.revision);
      if (answer.revision < atLeast) return null;
      this.#options.known.saw(answer.revision);
      this.#options.onRead(this.name);
      return answer.rows;
    } catch (error) {
      if (isTooLong(error)) throw error;
      if (isLost(error) && this.busy <= this.#options.connections) this.#leaveOut(serving, this.#explain(error));
      return null;
    } finally {
      this.busy -= 1;
    }
  }

  /** Opens a view of a moment at this revision or later; null: ask the primary. */
  async snapshot(atLeast: number): Promise<Snapshot | null> {
    // Without feedback the standby ends a long read as soon as it is in the way.
    if (!this.#serving?.feedback) return null;
    const { identity } = this.#serving;
    const { told, known, onRead } = this.#options;
    const snapshot = await openSnapshot(this.#options, told).catch(() => null);
    try {
      if (snapshot && (await readIdentity(snapshot.sql)).identity === identity) {
        const { standby, revision } = await readAtRevision(snapshot.sql, 'SELECT');
        if (standby && revision >= atLeast) {
          known.saw(revision);
          onRead(this.name);
          return snapshot;
        }
      }
    } catch {
      // The primary is asked.
    }
    await snapshot?.close().catch(() => {});
    return null;
  }

  /** Says that somebody waits for it to catch up. */
  hurry(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end('it is stopped');
    this.#wake();
    const pool = this.#serving?.pool;
    this.#serving = null;
    await pool?.end();
  }

  async #watch(): Promise<void> {
    for (let rest: number = REST_MS[0]; !this.#stopped;) {
      const reason = await this.#session();
      if (this.#stopped) return;
      const served = this.#serving !== null;
      if (this.#serving) this.#leaveOut(this.#serving, reason);
      else this.#say('warn', `is left out: ${reason}`);
      rest = served ? REST_MS[0] : Math.min(rest * 2, REST_MS[1]);
      // Processes that lost it at the same moment do not come back at the same moment.
      await this.#pause(rest * (0.75 + Math.random() / 4));
    }
  }

  /** Connects and follows until something is wrong, and says what. */
  async #session(): Promise<string> {
    const ended = Promise.withResolvers<string>();
    this.#end = ended.resolve;
    let client: pg.Client | null = null;
    let over = false;
    try {
      client = new pg.Client({
        connectionString: this.#options.url,
        keepAlive: true,
        connectionTimeoutMillis: ANSWER_WITHIN_MS,
        query_timeout: ANSWER_WITHIN_MS,
        options: '-c TimeZone=UTC',
      });
      client.on('error', (error) => ended.resolve(this.#explain(error)));
      client.on('end', () => ended.resolve('it ended the connection'));
      await client.connect();
      const sql = runner(client, NOBODY);
      return await Promise.race([ended.promise, this.#follow(sql, () => over)]);
    } catch (error) {
      return this.#explain(error);
    } finally {
      over = true;
      // One that hangs would not end in good manners.
      client?.connection.stream.destroy();
    }
  }

  /** Lets it serve once it is found sound and quick, and asks it again and again. */
  async #follow(sql: Sql, over: () => boolean): Promise<string> {
    const { known, primary } = this.#options;
    let compared = -Infinity;
    let slow = SLOW_POLLS - 1;
    let pause: number = CATCH_UP_MS[0];
    while (!over()) {
      if (performance.now() - compared > COMPARE_MS) {
        const reason = await whyNot(sql, primary);
        // A primary that is away is no reason to lose a replica that was sound.
        if (reason !== null && !(this.#serving && reason === NOT_COMPARED)) return reason;
        compared = performance.now();
      }
      const started = performance.now();
      const { revision, standby } = await readAtRevision(sql, 'SELECT');
      if (!standby) return NO_STANDBY;
      const took = performance.now() - started;
      slow = took > SLOWER_MS && (await isSlowerThan(primary, took)) ? slow + 1 : 0;
      if (slow >= SLOW_POLLS) return `it takes ${Math.round(took)} ms for next to nothing`;
      if (over()) break;
      if (!this.#serving) await this.#letIn(sql, revision);
      this.#shows(revision);
      const behind = known.current() > revision;
      this.#wanted &&= behind;
      pause = this.#wanted ? Math.min(pause * 2, CATCH_UP_MS[1]) : CATCH_UP_MS[0] / 2;
      await this.#pause(this.#wanted || slow > 0 ? pause : POLL_MS);
    }
    return 'it was lost';
  }

  async #letIn(sql: Sql, revision: number): Promise<void> {
    const { url, connections, told, traced } = this.#options;
    const { identity, feedback } = await readIdentity(sql);
    const clients = new Set<pg.PoolClient>();
    const pool = openPool({
      connectionString: url,
      max: connections,
      traced,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      // Behind one address there may be several servers.
      verify: (client, done) => {
        clients.add(client);
        const found = readIdentity(runner(client, NOBODY));
        found.then((one) => done(one.identity === identity ? undefined : new Error('it is another server')), done);
      },
    });
    pool.on('remove', (client) => void clients.delete(client));
    this.#serving = { pool, sql: runner(pool, told), clients, running: new Set(), identity, feedback };
    this.#say('info', `is read from, at revision ${revision}`);
  }

  /** Ends what runs on it at once, so that it is asked of the primary. */
  #leaveOut(serving: Serving, reason: string): void {
    if (serving !== this.#serving) return;
    this.#serving = null;
    this.revision = null;
    this.#say('warn', `is left out: ${reason}`);
    this.#end(reason);
    for (const fail of serving.running) fail(new Error(reason));
    for (const client of serving.clients) client.connection.stream.destroy();
    void serving.pool.end().catch(() => {});
  }

  #shows(revision: number): void {
    if (!this.#serving) return;
    const progress = revision > (this.revision ?? -1);
    this.revision = revision;
    if (progress) this.#options.onProgress();
  }

  #say(level: 'info' | 'warn', what: string): void {
    if (what !== this.#said) this.#options.log[level](`The replica ${this.name} ${what}`);
    this.#said = what;
  }

  async #pause(ms: number): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await sleep(ms, undefined, { signal: woken.signal, ref: false }).catch(() => {});
  }

  #explain(error: unknown): string {
    return explainConnectionError(this.#options.url, error, 'MCP_REGISTRY_DATABASE_REPLICA_URLS').replace(/\.$/, '');
  }
}

/** A statement, which fails as soon as the replica is left out. */
function unlessLost<T>({ running }: Serving, statement: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    running.add(reject);
    statement.then(resolve, reject).finally(() => running.delete(reject));
  });
}

async function isSlowerThan(primary: Sql, ms: number): Promise<boolean> {
  const started = performance.now();
  const answered = await readIdentity(primary).catch(() => null);
  return answered !== null && performance.now() - started < ms / 2;
}

/** What takes too long here would take too long at the primary too. */
const isTooLong = (error: unknown) => error instanceof pg.DatabaseError && error.code === '57014';

/** Connections that break, and a server that is full, stops or is damaged; all else is about the one statement. */
const isLost = (error: unknown) => !(error instanceof pg.DatabaseError) || /^(08|53|57P|58|XX)/.test(error.code ?? '');
