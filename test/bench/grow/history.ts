import { compareVersions } from '../../../src/servers/precedence.ts';
import type { Plan } from './plan.ts';

/** An entry of the change log: the place of a version (plan.ts), and why. */
export interface GrownChange {
  place: number;
  kind: 'published' | 'latest_changed';
  /** Microseconds since 1970. */
  at: number;
}

/** What a registry is after its versions were published one by one. */
export interface History {
  /** Places of each server's latest version, -1 where all are deleted; and of what it shows, which is never -1. */
  latest: Int32Array;
  head: Int32Array;
  /** The newest revision of each place. */
  revisionAt: Int32Array;
  /** The log: revision r stands at r - 1. */
  changes: GrownChange[];
}

/** Publishes the versions of a plan in their order, each in a transaction of its own, without any database. */
export function playHistory(plan: Plan): History {
  const latest = new Int32Array(plan.servers.length).fill(-1);
  const greatest = new Int32Array(plan.servers.length).fill(-1);
  const revisionAt = new Int32Array(plan.serverAt.length);
  const changes: GrownChange[] = [];
  const log = (place: number, kind: GrownChange['kind'], at: number) => {
    revisionAt[place] = changes.push({ place, kind, at });
  };
  for (const [place, s] of plan.serverAt.entries()) {
    const at = plan.timeAt[place]!;
    log(place, 'published', at);
    if (follows(plan, greatest[s]!, place)) greatest[s] = place;
    if (plan.servers[s]!.statuses[plan.versionAt[place]!] === 'deleted') continue;
    const before = latest[s]!;
    if (!follows(plan, before, place)) continue;
    latest[s] = place;
    if (before >= 0) log(before, 'latest_changed', at);
  }
  return { latest, head: latest.map((place, s) => (place < 0 ? greatest[s]! : place)), revisionAt, changes };
}

/** Whether a version comes after one of the same server that was published before it, or that is not there. */
function follows(plan: Plan, before: number, place: number): boolean {
  if (before < 0) return true;
  const texts = plan.servers[plan.serverAt[place]!]!.versions;
  const [a, b] = [texts[plan.versionAt[before]!]!, texts[plan.versionAt[place]!]!];
  return compareVersions({ version: a, publishedAt: EARLIER }, { version: b, publishedAt: LATER }) < 0;
}

const EARLIER = '2026-01-01T00:00:00Z';
const LATER = '2026-01-02T00:00:00Z';
