import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import { createDb, type Db } from '../../src/db.ts';
import { enqueueJob } from '../../src/jobs/jobs.db.ts';
import { prepareJobs, startJobs, type Task } from '../../src/jobs/jobs.ts';
import { cloneTemplate } from '../app.ts';

let url: string;
let db: Db;

beforeAll(async () => {
  url = await cloneTemplate();
  db = createDb({ url });
});

afterAll(() => db.close());

const silent = pino({ level: 'silent' });

/** Starts processes that do these tasks, all in this one. */
const startAll = (count: number, tasks: Omit<Task<string>, 'longestSeconds'>[], log = silent) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      startJobs({
        app: `${i}`,
        sql: db.sql,
        connectionString: url,
        log,
        tasks: tasks.map((task) => ({ ...task, longestSeconds: 600 })),
        around: (_task, _payload, job) => job(),
        onEnd: (task, failure) => void ended.push([task, failure === null ? 'well' : String(failure)]),
      }),
    ),
  );

/** How each job of the current test ended. */
let ended: [string, string][] = [];

beforeEach(() => {
  ended = [];
});

const waiting = () => db.sql<{ task: string }>('SELECT task_identifier AS task FROM graphile_worker.jobs');

describe('a job', () => {
  test('is done once, by one of several processes, if its transaction commits', async () => {
    const done: unknown[] = [];
    const running = await startAll(3, [{ name: 'note', run: async (_app, payload) => void done.push(payload) }]);
    await db.transaction(async (sql) => {
      for (let i = 0; i < 20; i++) await enqueueJob(sql, 'note', { i });
    });
    const takenBack = db.transaction(async (sql) => {
      await enqueueJob(sql, 'note', { i: 'never' });
      throw new Error('taken back');
    });
    await expect(takenBack).rejects.toThrow('taken back');
    await expect.poll(waiting, { timeout: 10_000 }).toEqual([]);
    await Promise.all(running.map((one) => one.stop()));
    expect(done).toHaveLength(20);
    expect(new Set(done.map((one) => JSON.stringify(one)))).toHaveProperty('size', 20);
    expect(JSON.stringify(done)).not.toContain('never');
  });

  test('of a key replaces one that waits', async () => {
    const later = new Date(Date.now() + 3_600_000);
    for (const n of [1, 2, 3]) await enqueueJob(db.sql, 'purge', { n }, { key: 'purge', runAt: later });
    expect(await waiting()).toEqual([{ task: 'purge' }]);
    await enqueueJob(db.sql, 'purge', { n: 4 }, { key: 'purge' });
    const done: unknown[] = [];
    const [jobs] = await startAll(1, [{ name: 'purge', run: async (_app, payload) => void done.push(payload) }]);
    await expect.poll(waiting, { timeout: 10_000 }).toEqual([]);
    await jobs!.stop();
    expect(done).toEqual([{ n: 4 }]);
  });

  test('that fails is logged, kept, and tried again later', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    let tries = 0;
    const flaky = {
      name: 'flaky',
      run: async () => {
        if ((tries += 1) === 1) throw new Error('not yet');
      },
    };
    await enqueueJob(db.sql, 'flaky', {});
    const [jobs] = await startAll(1, [flaky], log);
    const errors = () => db.sql<{ error: string }>('SELECT last_error AS error FROM graphile_worker.jobs');
    await expect.poll(errors, { timeout: 10_000 }).toEqual([{ error: expect.stringContaining('not yet') }]);
    await db.sql('UPDATE graphile_worker._private_jobs SET run_at = now()');
    await expect.poll(waiting, { timeout: 10_000 }).toEqual([]);
    await jobs!.stop();
    expect(tries).toBe(2);
    expect(ended).toEqual([
      ['flaky', 'Error: not yet'],
      ['flaky', 'well'],
    ]);
    expect(lines.filter((line) => line.includes('not yet')).length).toBeGreaterThan(0);
    expect(lines.filter((line) => !line.includes('not yet'))).toEqual([]);
  });
});

describe('stopping', () => {
  test('takes nothing new, tells what runs, and waits for it', async () => {
    const told = Promise.withResolvers<void>();
    let over = false;
    const long = {
      name: 'long',
      run: async (_app: string, _payload: unknown, signal: AbortSignal) => {
        told.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        await new Promise((resolve) => setTimeout(resolve, 200));
        over = true;
      },
    };
    await enqueueJob(db.sql, 'long', {});
    const [jobs] = await startAll(1, [long]);
    await told.promise;
    const started = performance.now();
    await jobs!.stop();
    expect(over).toBe(true);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(await waiting()).toEqual([]);
  });
});

test('several processes make the tables at once, and again, and lose no job', async () => {
  await enqueueJob(db.sql, 'kept', {});
  await Promise.all(Array.from({ length: 4 }, () => prepareJobs(url)));
  expect(await waiting()).toEqual([{ task: 'kept' }]);
});
