import type { App } from './app.ts';
import { jobEnded } from './events.ts';
import { tasks as authTasks } from './auth/tasks.ts';
import { tasks as operationTasks } from './operations/tasks.ts';
import { tasks as publishTasks } from './publish/tasks.ts';
import { startJobs, type Jobs, type Task } from './jobs/jobs.ts';

/** Everything that is done beside requests, by whichever process comes first. */
const tasks: Task<App>[] = [...authTasks, ...operationTasks, ...publishTasks];

/** Starts to do what is due; a registry that is read-only leaves it to others. */
export async function startWork(app: App): Promise<Jobs> {
  if (app.config.readOnly) return { stop: async () => {} };
  const onEnd = (task: string, failure: unknown) => jobEnded(app, task, failure);
  return startJobs({ app, sql: app.db.sql, connectionString: app.databaseUrl, log: app.log, tasks, onEnd });
}
