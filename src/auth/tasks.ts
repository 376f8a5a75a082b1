import type { App } from '../app.ts';
import type { Task } from '../jobs/jobs.ts';
import { recheckVerifications } from '../namespaces/recheck.ts';
import { dropLapsed } from '../namespaces/verification.db.ts';
import { envOf } from './domain-verifications.ts';
import { dropExpired } from './sessions.db.ts';

/** What proofs and logins need done beside requests. */
export const tasks: Task<App>[] = [
  {
    name: 'recheck-domains',
    every: '7 * * * *',
    longestSeconds: 3_600,
    run: async (app, _payload, signal) => {
      await recheckVerifications(envOf(app), app.now(), signal);
    },
  },
  {
    name: 'drop-expired',
    every: '37 * * * *',
    longestSeconds: 300,
    run: async (app) => {
      await dropExpired(app.db.sql, app.now());
      await dropLapsed(app.db.sql, app.now());
    },
  },
];
