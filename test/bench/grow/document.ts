import { prepareVersion, type PreparedVersion } from '../../../src/publish/prepared.ts';
import type { Plan, PlannedServer, Size } from './plan.ts';
import { randomOf, shuffled } from './random.ts';
import type { Templates } from './templates.ts';

interface Document {
  name: string;
  version: string;
  description?: string;
  repository?: { url?: string };
  packages?: { registryType?: string; identifier?: string; version?: string }[];
  remotes?: { url?: string }[];
}

/** Where grown versions say that they come from: they were published nowhere. */
const SOURCE = 'grown';

/**
 * A server's name: its template's and, of its copies, a namespace of their own, which is a new word as people's names
 * are; one copy in fifty stays in the namespace that it had.
 */
export function nameOf(templates: Templates, { template, copy }: PlannedServer): string {
  const { name } = templates.servers[template]!;
  if (copy === 0) return name;
  const [namespace, own] = name.split('/') as [string, string];
  const mark = markOf(copy);
  // In front, so that copies of one server do not lie side by side in the order of names.
  return copy % 50 === 0 ? `${namespace}/${own}-${mark}` : `${namespace.replace(/[^.]+$/, `${mark}$&`)}/${own}`;
}

/** Makes the version at a place of the plan, with all that the database keeps beside it. */
export function versionAt(templates: Templates, plan: Plan, { seed }: Size, place: number): PreparedVersion {
  const s = plan.serverAt[place]!;
  const server = plan.servers[s]!;
  const v = plan.versionAt[place]!;
  const known = templates.servers[server.template]!.versions;
  const base = known[Math.min(v, known.length - 1)]!;
  const name = nameOf(templates, server);
  const version = server.versions[v]!;
  const document =
    server.copy === 0 && v < known.length
      ? base.document
      : altered(JSON.parse(base.document) as Document, { name, version, copy: server.copy, seeds: [seed, 5, s] });
  const time = timeText(plan.timeAt[place]!);
  const times = { publishedAt: time, updatedAt: time, statusChangedAt: time };
  const status = server.statuses[v]!;
  return prepareVersion({ name, version, document, status, statusMessage: null, ...times, source: SOURCE });
}

interface Change {
  name: string;
  version: string;
  copy: number;
  seeds: number[];
}

/** A document like another, of another server: its words in another order, its packages and addresses of its own. */
function altered(document: Document, { name, version, copy, seeds }: Change): string {
  const before = document.version;
  document.name = name;
  document.version = version;
  if (copy > 0) {
    const mark = markOf(copy);
    const words = document.description?.split(' ');
    if (words) document.description = shuffled(words, randomOf(...seeds)).join(' ');
    if (document.repository?.url) document.repository.url = marked(document.repository.url, mark);
    for (const one of document.packages ?? []) if (one.identifier) one.identifier = markedPackage(one.identifier, mark);
    for (const one of document.remotes ?? []) if (one.url) one.url = one.url.replace('://', `://${mark}.`);
  }
  for (const one of document.packages ?? []) if (one.version === before) one.version = version;
  return JSON.stringify(document);
}

/** Three letters and digits or so, spread over the order of names; copies of up to 46,655 have each their own. */
const markOf = (copy: number) => ((copy * 7_919) % 46_656).toString(36);

/** `https://github.com/alice/tool` → `https://github.com/alice-x7/tool`. */
function marked(url: string, mark: string): string {
  return url.replace(/^(https?:\/\/[^/]+\/[^/]+)/, `$1-${mark}`);
}

/** An identifier that nobody else has: `@alice/tool-x7`, `ghcr.io/alice-x7/tool:1.0.0`, `https://github.com/alice-x7/…`. */
function markedPackage(identifier: string, mark: string): string {
  if (identifier.includes('://')) return marked(identifier, mark);
  return /^[^@/]+\.[^@/]+\//.test(identifier)
    ? identifier.replace(/^([^/]+\/[^/:@]+)/, `$1-${mark}`)
    : identifier.replace(/(:|$)/, `-${mark}$1`);
}

/** Microseconds since 1970 as RFC 3339. */
export function timeText(micros: number): string {
  return `${new Date(Math.floor(micros / 1_000)).toISOString().slice(0, -1)}${String(micros % 1_000).padStart(3, '0')}Z`;
}
