import type { App } from './app.ts';
import { jobEnded } from './events.ts';
import { tasks as authTasks } from './auth/tasks.ts';
import { tasks as operationTasks } from './operations/tasks.ts';
import { tasks as publishTasks } from './publish/tasks.ts';
import { startJobs, type Jobs, type Task } from './jobs/jobs.ts';
import { whole, type Tracing } from './tracing.ts';

/** Everything that is done beside requests, by whichever process comes first. */
const tasks: Task<App>[] = [...authTasks, ...operationTasks, ...publishTasks];

/** Starts to do what is due; a registry that is read-only leaves it to others. */
export async function startWork(app: App): Promise<Jobs> {
  if (app.config.readOnly) return { stop: async () => {} };
  const onEnd = (task: string, failure: unknown) => jobEnded(app, task, failure);
  const around = (task: string, payload: unknown, job: () => Promise<void>) =>
    traceJob(app.tracing, task, payload, job);
  const { databaseUrl: connectionString, log } = app;
  return startJobs({ app, sql: app.db.sql, connectionString, log, tasks, onEnd, around });
}

/** A trace of its own, since a job may come long after the answer; it leads back to what enqueued it. */
function traceJob(tracing: Tracing | null, task: string, payload: unknown, job: () => Promise<void>): Promise<void> {
  const { traceparent } = (payload ?? {}) as { traceparent?: unknown };
  const cause = typeof traceparent === 'string' ? traceparent : undefined;
  const attributes = {
    'messaging.system': 'graphile_worker',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': task,
  };
  const span = tracing?.job(`process ${task}`, attributes, cause);
  return span ? whole(span, job) : job();
}
