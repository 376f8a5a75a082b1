import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { App } from '../app.ts';
import type { Task } from '../jobs/jobs.ts';
import { PURGE, PURGE_AGAIN } from './follow-up.ts';
import { recheckPackages } from './recheck.ts';

const PurgePayload = z.object({ tags: z.array(z.string()) });

/** The other processes hear of a commit when this one does: what they answered a moment ago, the CDN would keep anew. */
const HEARD_MS = 100;

async function purge({ outside }: App, payload: unknown): Promise<void> {
  await sleep(HEARD_MS);
  await outside.cdn?.purge(PurgePayload.parse(payload).tags);
}

/** What must follow what was published. */
export const tasks: Task<App>[] = [
  ...[PURGE, PURGE_AGAIN].map((name) => ({ name, longestSeconds: 15, run: purge })),
  {
    name: 'recheck-packages',
    every: '22 * * * *',
    longestSeconds: 3_600,
    run: async (app, _payload, signal) => {
      await recheckPackages(app, signal);
    },
  },
];
