import { z } from 'zod';
import type { App } from '../app.ts';
import type { Task } from '../jobs/jobs.ts';
import { PURGE } from './follow-up.ts';
import { recheckPackages } from './recheck.ts';

const PurgePayload = z.object({ tags: z.array(z.string()) });

/** What must follow what was published. */
export const tasks: Task<App>[] = [
  {
    name: PURGE,
    longestSeconds: 15,
    run: async ({ outside }, payload) => {
      await outside.cdn?.purge(PurgePayload.parse(payload).tags);
    },
  },
  {
    name: 'recheck-packages',
    every: '22 * * * *',
    longestSeconds: 3_600,
    run: async (app) => {
      await recheckPackages(app);
    },
  },
];
