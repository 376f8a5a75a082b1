import type { ServerStatus } from '../../../src/servers/rows.ts';
import { randomOf, shuffled } from './random.ts';
import type { Templates } from './templates.ts';

/** What is to be made: how many versions in all, and which of all the registries of that size. */
export interface Size {
  versions: number;
  seed: number;
}

/** A server to make: a template, its how-many-eth copy, and the texts of its versions in the order of publishing. */
export interface PlannedServer {
  template: number;
  copy: number;
  versions: string[];
  statuses: ServerStatus[];
}

/** A registry to make, of versions in the order in which they were published: place p becomes version p + 1. */
export interface Plan {
  servers: PlannedServer[];
  /** Of each place: the server, and which of its versions. */
  serverAt: Int32Array;
  versionAt: Int32Array;
  /** Microseconds since 1970 of each place, each later than the one before. */
  timeAt: Float64Array;
}

/** Servers of the official registry's dump of 2025-12-18 by their number of versions: [versions, servers]. */
const VERSIONS_EACH = [
  ...[[1, 687] as const, [2, 172] as const, [3, 80] as const, [4, 45] as const, [5, 30] as const, [6, 19] as const],
  ...[[7, 16] as const, [8, 11] as const, [9, 7] as const, [10, 4] as const, [12, 8] as const, [14, 8] as const],
  ...[[17, 4] as const, [20, 6] as const, [28, 4] as const, [36, 3] as const, [61, 1] as const, [72, 1] as const],
];

/** Servers for each version: the official registry's own ratio was 0.40 in 2025, and falls. */
const SERVERS_EACH = 0.3;

const FIRST_DAY = Date.UTC(2025, 8, 8);
const DAYS = 440;
const DAY = 86_400_000;

/** Parts that are no longer active, as of the official registry's servers in June 2026. */
const DEPRECATED = 0.004;
const DELETED = 0.002;

/** Plans a registry, the same for the same templates, size and seed. */
export function planRegistry(templates: Templates, { versions, seed }: Size): Plan {
  const servers = planServers(templates, { versions, seed });
  const count = servers.reduce((sum, server) => sum + server.versions.length, 0);
  const times = new Float64Array(count);
  const [ofServer, ofVersion] = [new Int32Array(count), new Int32Array(count)];
  let i = 0;
  for (const [s, server] of servers.entries()) {
    const random = randomOf(seed, 1, s);
    let time = FIRST_DAY + random() * DAYS * DAY;
    for (const v of server.versions.keys()) {
      [ofServer[i], ofVersion[i], times[i]] = [s, v, time];
      time += (FIRST_DAY + DAYS * DAY - time) * random() * 0.3;
      i += 1;
    }
  }
  const order = Uint32Array.from({ length: count }, (_, at) => at).sort((a, b) => times[a]! - times[b]! || a - b);
  const [serverAt, versionAt] = [ofServer, ofVersion].map((from) => Int32Array.from(order, (at) => from[at]!));
  const timeAt = Float64Array.from(order, (at) => Math.floor(times[at]! * 1_000));
  for (let place = 1; place < count; place++) timeAt[place] = Math.max(timeAt[place]!, timeAt[place - 1]! + 1);
  return { servers, serverAt: serverAt!, versionAt: versionAt!, timeAt };
}

function planServers({ servers: templates }: Templates, { versions, seed }: Size): PlannedServer[] {
  const servers = Math.max(1, Math.round(versions * SERVERS_EACH));
  const counts = countsOf(versions, servers, seed);
  const order = shuffled([...templates.keys()], randomOf(seed, 2));
  return counts.map((count, s) => {
    const template = order[s % order.length]!;
    const random = randomOf(seed, 3, s);
    return {
      template,
      copy: Math.floor(s / order.length),
      versions: textsOf(templates[template]!.versions, count),
      statuses: Array.from({ length: count }, () => statusOf(random())),
    };
  });
}

/** Numbers of versions, one for each server, in the known shape; those with several are stretched until the sum fits. */
function countsOf(versions: number, servers: number, seed: number): number[] {
  const random = randomOf(seed, 4);
  const known = VERSIONS_EACH.flatMap(([count, times]) => Array<number>(times).fill(count));
  const drawn = Array.from({ length: servers }, () => known[Math.floor(random() * known.length)]!);
  const single = drawn.filter((count) => count === 1).length;
  const more = drawn.reduce((sum, count) => sum + count, 0) - single;
  const factor = more > 0 ? Math.max(1, (versions - single) / more) : 1;
  const counts = drawn.map((count) => (count === 1 ? 1 : Math.max(1, Math.round(count * factor))));
  for (let i = 0, off = versions - counts.reduce((sum, count) => sum + count, 0); off !== 0; i = (i + 1) % servers) {
    const step = Math.sign(off);
    if (counts[i]! + step < 1) continue;
    counts[i]! += step;
    off -= step;
  }
  return counts;
}

/** The template's own versions and, where there are too few, others that nobody has. */
function textsOf(known: Templates['servers'][number]['versions'], count: number): string[] {
  const texts = known.slice(0, count).map(({ version }) => version);
  const taken = new Set(texts);
  for (let minor = 0; texts.length < count; minor++) {
    const text = `${3 + Math.floor(minor / 20)}.${minor % 20}.0`;
    if (!taken.has(text)) texts.push(text);
  }
  return texts;
}

function statusOf(random: number): ServerStatus {
  return random < DELETED ? 'deleted' : random < DELETED + DEPRECATED ? 'deprecated' : 'active';
}
