import type { App } from '../app.ts';
import type { Task } from '../jobs/jobs.ts';
import { deleteUnused } from './operations.db.ts';

const UNUSED_DAYS = 30;

/** What is done for the registered operations beside requests. */
export const tasks: Task<App>[] = [
  {
    name: 'drop-unused-operations',
    every: '41 3 * * *',
    longestSeconds: 300,
    run: ({ db }) => deleteUnused(db.sql, UNUSED_DAYS),
  },
];
