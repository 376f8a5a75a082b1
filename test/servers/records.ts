import { aServer, type TestRecord } from '../app.ts';

/** A record as the lists should see it, derived without the code under test. */
export interface Listed {
  name: string;
  version: string;
  place: number;
  namespace: string;
  status: 'active' | 'deprecated' | 'deleted';
  description: string;
  registryTypes: string[];
  transports: string[];
  deliveries: string[];
  repository: string | null;
  publishedAt: string;
  updatedAt: string;
}

/** A server as the lists should see it: what its head says, and its latest change. */
export interface ListedServer extends Listed {
  lastUpdatedAt: string;
  hasLatest: boolean;
}

const namespaces = [
  'com.example',
  'com.example.tools',
  'com.examplet',
  'io.github.alice',
  'io.github.Bob',
  'org.zebra',
];
const kinds = ['npm', 'pypi', 'oci', 'nuget', 'mcpb', 'cargo'];
const transports = ['stdio', 'streamable-http', 'sse'];
const words = ['postgres', 'weather', 'mail', 'calendar', 'files', 'search'];
const repositories = ['https://github.com/alice/one', 'https://github.com/Alice/Two', 'https://gitlab.com/org/three'];

/** The same numbers on each run, evenly spread. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Records of `servers` servers with one to four versions each, of every kind, some at the very same time. */
export function manyRecords(servers: number): (Listed & { record: TestRecord })[] {
  const roll = createDice(20_251_122);
  return Array.from({ length: servers }, (_, i) => i).flatMap((i) =>
    Array.from({ length: 1 + roll(4) }, (_, j) => makeRecord(roll, i, j)),
  );
}

function makeRecord(roll: (sides: number) => number, i: number, j: number): Listed & { record: TestRecord } {
  const namespace = namespaces[i % namespaces.length]!;
  const [name, version] = [`${namespace}/${words[roll(words.length)]}-${i}`, `${roll(3)}.${j}.0`];
  const registryTypes = kinds.filter(() => roll(5) === 0);
  const packageTransport = transports[roll(3)]!;
  const remotes = transports.filter(() => roll(6) === 0);
  const repository = roll(2) === 0 ? repositories[roll(3)]! : null;
  const [publishedAt, updatedAt] = [timeOf(roll(40)), timeOf(40 + roll(40))];
  const status = roll(8) === 0 ? 'deleted' : roll(6) === 0 ? 'deprecated' : 'active';
  const description = `All about ${words[roll(words.length)]} and ${words[roll(words.length)]}`;
  const server = aServer(name, version, {
    description,
    repository: repository ? { url: repository, source: 'github' } : {},
    packages: registryTypes.map((registryType) => ({
      registryType,
      identifier: `p${i}`,
      transport: { type: packageTransport },
    })),
    remotes: remotes.map((type) => ({ type, url: 'https://remote.example' })),
  });
  return {
    ...{ name, version, place: j, namespace, status, description, registryTypes, repository, publishedAt, updatedAt },
    transports: [...remotes, ...(registryTypes.length > 0 ? [packageTransport] : [])],
    deliveries: [...(registryTypes.length > 0 ? ['package'] : []), ...(remotes.length > 0 ? ['remote'] : [])],
    record: { server, status, publishedAt, updatedAt },
  };
}

const timeOf = (n: number) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().replace('.000', '');

/** What the servers of these records look like: the greatest version that is not deleted or, without any, the greatest. */
export function serversOf(records: Listed[]): ListedServer[] {
  const groups = Map.groupBy(records, (record) => record.name.toLowerCase());
  return [...groups.values()].map((versions) => {
    const living = versions.filter((version) => version.status !== 'deleted');
    const head = (living.length > 0 ? living : versions).toSorted(byNumbers).at(-1)!;
    const lastUpdatedAt = versions
      .map((version) => version.updatedAt)
      .toSorted()
      .at(-1)!;
    return { ...head, name: versions[0]!.name, lastUpdatedAt, hasLatest: living.length > 0 };
  });
}

function byNumbers(a: Listed, b: Listed): number {
  const [left, right] = [a, b].map((one) => one.version.split('.').map(Number)) as [number[], number[]];
  return left[0]! - right[0]! || left[1]! - right[1]!;
}
