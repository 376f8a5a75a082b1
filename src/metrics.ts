import cluster from 'node:cluster';
import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { askForMetrics } from './workers.ts';

/** What Prometheus is told, in a registry of its own: several apps in one process don't mix. */
export interface Metrics {
  readonly requests: Counter<'door' | 'method' | 'route' | 'status'>;
  readonly requestSeconds: Histogram<'door' | 'route'>;
  readonly operations: Counter<'door' | 'type' | 'field'>;
  /** Seconds from asking for a statement to its rows. */
  readonly sqlSeconds: Histogram;
  readonly connections: Gauge<'state'>;
  /** Seconds that statements waited for a connection, of those that found none free. */
  readonly connectionWaitSeconds: Histogram;
  readonly outsideSeconds: Histogram<'upstream' | 'outcome'>;
  /** Statements that read the registry, by who answered; only where there are replicas. */
  readonly reads: Counter<'target'>;
  readonly replicaUp: Gauge<'replica'>;
  /** Revisions that it lacks; nothing while it is left out. */
  readonly replicaLag: Gauge<'replica'>;
  readonly logins: Counter<'method' | 'outcome'>;
  readonly packageCheckSeconds: Histogram<'registry_type' | 'verdict'>;
  readonly publishes: Counter<'outcome' | 'dry_run'>;
  readonly revision: Gauge;
  readonly revisionLag: Gauge;
  /** Jobs that wait, and those of them that failed before. */
  readonly jobsWaiting: Gauge<'task' | 'state'>;
  readonly jobsDone: Counter<'task' | 'outcome'>;
  /** Versions and servers asked of the store: hit, or miss, which were read from the database. */
  readonly storeLookups: Counter<'outcome'>;
  readonly storeBytes: Gauge;
  /** Anonymous reads: hit, which were answered from memory, or miss. */
  readonly pageLookups: Counter<'outcome'>;
  readonly pageBytes: Gauge;
  /** Has someone set what is only looked at when Prometheus asks. */
  beforeTold(report: Report): void;
  /** The text that Prometheus reads, and its media type; of all processes together where there are several. */
  text(): Promise<{ type: string; body: string }>;
}

type Report = () => void | Promise<void>;

/** A registry that first asks for what is only looked at when it tells. */
class AskingRegistry extends Registry {
  readonly reports: Report[] = [];

  async #ask(): Promise<void> {
    for (const report of this.reports) await report();
  }

  override async metrics(): Promise<string> {
    await this.#ask();
    return super.metrics();
  }

  override async getMetricsAsJSON(): ReturnType<Registry['getMetricsAsJSON']> {
    await this.#ask();
    return super.getMetricsAsJSON();
  }
}

/** Makes the metrics, all at nothing. */
export function createMetrics(): Metrics {
  const registry = new AskingRegistry();
  if (cluster.isWorker) {
    AggregatorRegistry.setRegistries(registry);
    // It is what answers the first process.
    new AggregatorRegistry();
  }
  const named = (name: string, help: string) => ({ name: `mcp_registry_${name}`, help, registers: [registry] });
  return {
    ...metricsOfDoors(named),
    ...metricsOfOthers(named),
    publishes: new Counter({
      ...named('publishes_total', 'server.json documents sent to be published, by what became of them.'),
      labelNames: ['outcome', 'dry_run'],
    }),
    revision: new Gauge({
      ...named('revision', 'The newest revision that this process knows.'),
      aggregator: 'max',
    }),
    revisionLag: new Gauge({
      ...named('revision_lag', 'Revisions that the database has and this process does not know yet.'),
      aggregator: 'max',
    }),
    jobsWaiting: new Gauge({
      ...named('jobs_waiting', 'Jobs that wait: new, or failing, which failed before and are tried again.'),
      labelNames: ['task', 'state'],
      aggregator: 'max',
    }),
    jobsDone: new Counter({
      ...named('jobs_total', 'Jobs that this process did, by how they ended.'),
      labelNames: ['task', 'outcome'],
    }),
    storeLookups: new Counter({
      ...named('store_lookups_total', 'Versions and servers asked of the store, by whether it had them.'),
      labelNames: ['outcome'],
    }),
    storeBytes: new Gauge(named('store_bytes', 'What the store holds, roughly.')),
    pageLookups: new Counter({
      ...named('page_cache_requests_total', 'Reads that anyone may share, by whether the answer was in memory.'),
      labelNames: ['outcome'],
    }),
    pageBytes: new Gauge(named('page_cache_bytes', 'What the page cache holds, roughly.')),
    beforeTold: (report) => void registry.reports.push(report),
    text: async () => ({
      type: registry.contentType,
      body: await (cluster.isWorker ? askForMetrics() : registry.metrics()),
    }),
  };
}

type Named = (name: string, help: string) => { name: string; help: string; registers: Registry[] };

/** Of what comes in. */
function metricsOfDoors(named: Named) {
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
    operations: new Counter({
      ...named('graphql_operations_total', 'GraphQL operations that ran, by the first field that they ask for.'),
      labelNames: ['door', 'type', 'field'],
    }),
  };
}

/** Of the database, and of those who prove who they are and whose packages are. */
function metricsOfOthers(named: Named) {
  return {
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
    connectionWaitSeconds: new Histogram({
      ...named('db_connection_wait_seconds', 'Seconds that who found no connection free waited for one.'),
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    }),
    outsideSeconds: new Histogram({
      ...named('outside_duration_seconds', 'Seconds that someone outside took: answered, or what went wrong.'),
      labelNames: ['upstream', 'outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    }),
    reads: new Counter({
      ...named('reads_total', 'Statements that read the registry where it has replicas, by who answered.'),
      labelNames: ['target'],
    }),
    replicaUp: new Gauge({
      ...named('replica_up', 'Whether a replica is read from: 1, or 0 while it is left out.'),
      labelNames: ['replica'],
      aggregator: 'min',
    }),
    replicaLag: new Gauge({
      ...named('replica_lag', 'Revisions that this process knows and a replica did not have when it was asked last.'),
      labelNames: ['replica'],
      aggregator: 'max',
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
  };
}
