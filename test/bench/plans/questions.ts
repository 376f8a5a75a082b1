import type { Sql } from '../../../src/context.ts';

/** A request whose statements are looked at. */
export interface Question {
  name: string;
  door: 'graphql' | 'subgraph' | 'rest';
  /** The query, or the path. */
  ask: string;
  variables?: object;
  /** Reads all that it counts or ranks, by its nature: only its time is held against it. */
  readsAll?: boolean;
  /** Few rows fit: a small table is rightly read from end to end for them. */
  sparse?: boolean;
}

/** What questions are about: things out of the middle of the registry, and the most usual of their kind. */
export interface Subjects {
  name: string;
  version: string;
  /** The server with the most versions. */
  busy: string;
  /** The namespace with the most servers, and one below which there are many. */
  namespace: string;
  repository: string;
  package: { registryType: string; identifier: string };
  /** A word of many descriptions, one of few, and one that is there by a typo only. */
  common: string;
  rare: string;
  typo: string;
  /** Times after which little, and half of everything, changed. */
  lately: string;
  longAgo: string;
  revision: number;
}

/** Chooses the subjects. */
export async function chooseSubjects(sql: Sql): Promise<Subjects> {
  const one = async <Row extends object>(text: string) => (await sql<Row>(text))[0]!;
  const middle = await one<{ name: string; version: string; repository: string | null }>(
    `SELECT s.name, v.version, v.document->'repository'->>'url' AS repository FROM servers s JOIN versions v ON v.id = s.head_id
     WHERE s.id >= (SELECT max(id) / 2 FROM servers) AND v.document->'repository'->>'url' <> '' ORDER BY s.id LIMIT 1`,
  );
  const busy = await one<{ name: string }>(
    `SELECT name FROM servers WHERE id = (SELECT server_id FROM versions GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)`,
  );
  const namespace = await one<{ name: string }>(
    `SELECT name FROM namespaces WHERE id = (SELECT namespace_id FROM servers GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)`,
  );
  const shipped = await one<Subjects['package']>(
    `SELECT registry_type AS "registryType", identifier FROM packages ORDER BY version_id DESC LIMIT 1`,
  );
  const words = await sql<{ word: string }>(
    `SELECT word FROM (SELECT unnest(tsvector_to_array(search)) AS word FROM servers TABLESAMPLE SYSTEM (50) REPEATABLE (1)) w
     WHERE word ~ '^[a-z]{6,12}$' GROUP BY 1 ORDER BY count(*) DESC, 1`,
  );
  const times = await one<{ lately: string; longAgo: string; n: number }>(
    `SELECT max(changed_at) - interval '10 minutes' AS lately, min(changed_at) + (max(changed_at) - min(changed_at)) / 2 AS "longAgo",
       max(revision) AS n FROM changes`,
  );
  const common = words[3]!.word;
  return {
    ...{ name: middle.name, version: middle.version, repository: middle.repository!, busy: busy.name },
    ...{ namespace: namespace.name, package: shipped, common, rare: words.at(-1)!.word },
    ...{ typo: `${common.slice(0, 3)}q${common.slice(4)}` },
    ...{ lately: times.lately, longAgo: times.longAgo, revision: Math.floor(times.n / 2) },
  };
}

const serverFields = `id name title description status latestVersion { version publishedAt packages { identifier } } versions(first: 5) { edges { node { version } } }`;
const list = (of: 'servers' | 'serverVersions') => {
  const [filter, order] = of === 'servers' ? ['ServerFilter', ', $orderBy: ServerOrder'] : ['VersionFilter', ''];
  const fields = of === 'servers' ? serverFields : 'id name version description document';
  return `query ($filter: ${filter}${order}, $first: Int, $after: String, $last: Int, $before: String) {
    ${of}(filter: $filter${order && ', orderBy: $orderBy'}, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor startCursor } } }`;
};
export const SERVERS = list('servers');
export const VERSIONS = list('serverVersions');

/** The lists, each of which is walked to its second page, and read from its end. */
export function lists(of: Subjects): { name: string; ask: string; variables: { filter?: object; orderBy?: object } }[] {
  const filters: [string, object][] = [
    ['all', {}],
    ['of a namespace', { namespace: of.namespace }],
    ['below a namespace', { namespace: 'io.github.*' }],
    ['of every status', { status: ['ACTIVE', 'DEPRECATED', 'DELETED'] }],
    ['deprecated', { status: ['DEPRECATED'] }],
    ['by kind of package', { registryType: ['nuget'] }],
    ['by the most usual kind of package', { registryType: ['npm'] }],
    ['by transport', { transport: ['SSE'] }],
    ['by delivery', { delivery: ['REMOTE'] }],
    ['by repository', { repositoryUrl: of.repository }],
    ['changed lately', { updatedSince: of.lately }],
    ['changed since long ago', { updatedSince: of.longAgo }],
    ['search of a common word', { search: of.common }],
    ['search of a rare word', { search: of.rare }],
    ['search of nothing that is there', { search: 'zzzzqqqqzzzz' }],
    ['a common word, by kind of package', { search: of.common, registryType: ['nuget'] }],
  ];
  const orders = ['NAME', 'PUBLISHED_AT', 'UPDATED_AT'].flatMap((field) =>
    ['ASC', 'DESC'].map((direction) => ({ field, direction })),
  );
  return [
    ...filters.map(([name, filter]) => ({ name: `servers, ${name}`, ask: SERVERS, variables: { filter } })),
    { name: 'servers, search with a typo', ask: SERVERS, variables: { filter: { search: of.typo } } },
    ...orders.map((orderBy) => ({
      name: `servers by ${orderBy.field} ${orderBy.direction}`,
      ask: SERVERS,
      variables: { orderBy },
    })),
    ...['PUBLISHED_AT', 'UPDATED_AT'].map((field) => ({
      name: `servers, a common word by ${field}`,
      ask: SERVERS,
      variables: { orderBy: { field }, filter: { search: of.common } },
    })),
    ...['PUBLISHED_AT', 'UPDATED_AT'].map((field) => ({
      name: `servers by kind of package and ${field}`,
      ask: SERVERS,
      variables: { orderBy: { field }, filter: { registryType: ['nuget'] } },
    })),
    ...filters.map(([name, filter]) => ({ name: `versions, ${name}`, ask: VERSIONS, variables: { filter } })),
    { name: 'versions, latest', ask: VERSIONS, variables: { filter: { isLatest: true } } },
    { name: 'versions, not latest', ask: VERSIONS, variables: { filter: { isLatest: false } } },
    { name: 'versions of one number', ask: VERSIONS, variables: { filter: { version: of.version } } },
    { name: 'versions of a number that nobody has', ask: VERSIONS, variables: { filter: { version: '987.6.5' } } },
  ];
}

/** All else that is asked: by key, page by page of the log, at the routers' door, by REST. */
export function otherQuestions(of: Subjects): Question[] {
  const { name, version, busy } = of;
  const graphql = (what: string, ask: string, variables: object = {}): Question => ({
    ...{ name: what, door: 'graphql', ask, variables },
  });
  const rest = (path: string): Question => ({ name: `REST ${path.split('?')[0]}`, door: 'rest', ask: path });
  const [server, busyServer] = [encodeURIComponent(name), encodeURIComponent(busy)];
  const representations = [
    { __typename: 'Server', name },
    { __typename: 'Server', name: busy },
    { __typename: 'ServerVersion', name, version },
    { __typename: 'Namespace', name: of.namespace },
  ];
  return [
    graphql('server', `query ($name: String!) { server(name: $name) { ${serverFields} } }`, { name }),
    graphql(
      'versions of a server with many, page by page',
      `
        query ($name: String!) {
          server(name: $name) {
            versions(first: 30) {
              edges {
                node {
                  version
                }
              }
              totalCount
            }
            filtered: versions(first: 30, filter: { isLatest: false }) {
              edges {
                node {
                  version
                }
              }
            }
          }
        }
      `,
      { name: busy },
    ),
    graphql(
      'version',
      `
        query ($n: String!, $v: String!) {
          serverVersion(name: $n, version: $v) {
            id
            document
          }
        }
      `,
      {
        ...{ n: name, v: version },
      },
    ),
    graphql(
      'latest',
      `
        query ($n: String!) {
          serverVersion(name: $n) {
            id
            document
          }
        }
      `,
      { n: name },
    ),
    graphql(
      'package',
      'query ($t: String!, $i: String!) { package(registryType: $t, identifier: $i) { servers { edges { node { name } } } } }',
      {
        ...{ t: of.package.registryType, i: of.package.identifier },
      },
    ),
    graphql('namespace', 'query ($n: String!) { namespace(name: $n) { name servers { edges { node { name } } } } }', {
      n: of.namespace,
    }),
    graphql('changes, first page', '{ changes { revision changes { kind version { name version } } } }'),
    graphql(
      'changes, from the middle',
      'query ($r: Revision) { changes(after: $r) { revision changes { kind version { name document } } } }',
      {
        r: of.revision,
      },
    ),
    {
      ...graphql('registry', '{ registry { serverCount versionCount namespaceCount revision } }'),
      readsAll: true,
    },
    { ...graphql('count of servers', '{ servers(first: 1) { totalCount } }'), readsAll: true },
    { ...graphql('count of versions', '{ serverVersions(first: 1) { totalCount } }'), readsAll: true },
    {
      ...{ name: 'entities', door: 'subgraph', variables: { representations } },
      ask: `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Server { name latestVersion { version } } ... on ServerVersion { name document } ... on Namespace { name } } }`,
    },
    rest('/v0.1/servers?limit=100'),
    rest('/v0.1/servers?limit=100&version=latest'),
    { ...rest(`/v0.1/servers?search=${of.common}`), sparse: true },
    { ...rest(`/v0.1/servers?search=${of.rare}&version=latest`), sparse: true },
    { ...rest(`/v0.1/servers?updated_since=${of.lately}`), sparse: true },
    { ...rest(`/v0.1/servers?updated_since=${of.longAgo}&limit=100`), sparse: true },
    rest('/v0.1/servers?include_deleted=true'),
    rest(`/v0.1/servers/${server}/versions`),
    rest(`/v0.1/servers/${busyServer}/versions`),
    rest(`/v0.1/servers/${server}/versions/latest`),
    rest(`/v0.1/servers/${server}/versions/${encodeURIComponent(version)}`),
    rest('/v0.1/changes?limit=100'),
    rest(`/v0.1/changes?limit=100&after=${of.revision}`),
    { ...rest('/'), readsAll: true },
    { ...rest(`/?q=${of.common}`), readsAll: true },
    rest(`/servers/${name}`),
  ];
}
