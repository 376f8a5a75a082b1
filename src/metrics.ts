import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus is told of this process, in its own registry: several apps in one process don't mix. */
export interface Metrics {
  readonly requests: Counter<'door' | 'method' | 'route' | 'status'>;
  readonly requestSeconds: Histogram<'door' | 'route'>;
  /** Seconds from asking for a statement to its rows. */
  readonly sqlSeconds: Histogram;
  readonly connections: Gauge<'state'>;
  readonly logins: Counter<'method' | 'outcome'>;
  readonly packageCheckSeconds: Histogram<'registry_type' | 'verdict'>;
  readonly publishes: Counter<'outcome'>;
  readonly revision: Gauge;
  readonly revisionLag: Gauge;
  /** Jobs that wait, and those of them that failed before. */
  readonly jobsWaiting: Gauge<'task' | 'state'>;
  readonly jobsDone: Counter<'task' | 'outcome'>;
  /** The text that Prometheus reads, and its media type. */
  text(): Promise<{ type: string; body: string }>;
}

/** Makes the metrics, all at nothing. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const named = (name: string, help: string) => ({ name: `mcp_registry_${name}`, help, registers: [registry] });
  return {
    requests: new Counter({
      ...named('http_requests_total', 'Requests answered.'),
      labelNames: ['door', 'method', 'route', 'status'],
    }),
    requestSeconds: new Histogram({
      ...named('http_request_duration_seconds', 'Seconds from the head of a request to the end of its answer.'),
      labelNames: ['door', 'route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
    sqlSeconds: new Histogram({
      ...named(
        'sql_duration_seconds',
        'Seconds from asking for a statement to its rows, waiting for a connection included.',
      ),
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    }),
    connections: new Gauge({
      ...named('db_connections', 'Connections to the database, busy or idle, and requests that are waiting for one.'),
      labelNames: ['state'],
    }),
    logins: new Counter({
      ...named('logins_total', 'Logins that were tried, by how and by what became of them.'),
      labelNames: ['method', 'outcome'],
    }),
    packageCheckSeconds: new Histogram({
      ...named('package_check_duration_seconds', 'Seconds that a package registry took to say whose a package is.'),
      labelNames: ['registry_type', 'verdict'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    }),
    publishes: new Counter({
      ...named('publishes_total', 'server.json documents sent to be published, by what became of them.'),
      labelNames: ['outcome'],
    }),
    revision: new Gauge(named('revision', 'The newest revision that this process knows.')),
    revisionLag: new Gauge(
      named('revision_lag', 'Revisions that the database has and this process does not know yet.'),
    ),
    jobsWaiting: new Gauge({
      ...named('jobs_waiting', 'Jobs that wait: new, or failing, which failed before and are tried again.'),
      labelNames: ['task', 'state'],
    }),
    jobsDone: new Counter({
      ...named('jobs_total', 'Jobs that this process did, by how they ended.'),
      labelNames: ['task', 'outcome'],
    }),
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
