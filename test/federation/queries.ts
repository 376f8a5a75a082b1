import { ofListings, ofTheOthers } from './queries.others.ts';
import { edges, type Question } from './question.ts';
import type { Truth, VersionTruth } from './truth.ts';

const NAME = 'com.example/server-04';

/** What routers are asked, with answers out of the database and the other teams' stores. */
export function questions(truth: Truth): Question[] {
  return [...ofTheRegistry(truth), ...ofServers(truth), ...ofTheOthers(truth), ...ofListings(truth)];
}

function ofTheRegistry(truth: Truth): Question[] {
  const { latest, versions, changes, of } = truth;
  const one = of(NAME)!;
  const deleted = versions.find((version) => version.name.endsWith('server-07'))!;
  const document = { name: 'x' };
  return [
    {
      asks: 'a server that is not there',
      query: '{ server(name: "com.example/none") { name rating } }',
      data: { server: null },
    },
    {
      asks: 'a deleted server, hidden and asked for',
      query: `query ($n: String!) { hidden: server(name: $n) { name } shown: server(name: $n, includeDeleted: true) { status installs } }`,
      variables: { n: deleted.name },
      data: { hidden: null, shown: { status: 'DELETED', installs: truth.installs(deleted.name) } },
    },
    {
      asks: 'the registry itself',
      query: '{ registry { serverCount versionCount revision } }',
      data: {
        registry: {
          serverCount: latest.length,
          versionCount: versions.filter(({ status }) => status !== 'DELETED' && status !== 'deleted').length,
          revision: changes.at(-1)!.revision,
        },
      },
    },
    {
      asks: 'a document',
      query: `{ serverVersion(name: "${NAME}") { digest document } }`,
      data: { serverVersion: { digest: one.digest, document: one.document } },
    },
    {
      asks: 'who asks, who is no one',
      query: '{ viewer { method } }',
      data: { viewer: null },
    },
    {
      asks: 'a check of a document',
      query: 'query ($d: JSON!) { validateServer(document: $d) { valid } }',
      variables: { d: document },
      data: { validateServer: { valid: false } },
    },
    {
      asks: 'a write without a login',
      query:
        'mutation ($d: JSON!) { publishServer(input: { document: $d }) { __typename ... on Error { code retryable } } }',
      variables: { d: document },
      data: { publishServer: { __typename: 'Unauthenticated', code: 'UNAUTHENTICATED', retryable: false } },
    },
    {
      asks: 'a page that is too long',
      query: '{ servers(first: 101) { edges { node { name } } } }',
      error: '`first` must be from 1 to 100, not 101.',
    },
    {
      asks: 'the schema',
      query: '{ __type(name: "Server") { fields { name } } }',
      data: {
        __type: {
          fields: expectNames(['name', 'latestVersion', 'rating', 'headline', 'reviews']),
        },
      },
    },
  ];
}

/** Some of many, in any order: compared by `includes`. */
const expectNames = (names: string[]) => ({ $contains: names.map((name) => ({ name })) });

function ofServers(truth: Truth): Question[] {
  const { latest, versions, of, changes } = truth;
  const one = of(NAME)!;
  const rated = ({ name }: VersionTruth) => ({ name, rating: truth.rating(name) });
  const first30 = latest.slice(0, 30);
  const npm = latest.filter((version) => truth.packages(version).some(({ registryType }) => registryType === 'npm'));
  const shipsNpm3 = ({ packages = [] }: VersionTruth['document']) =>
    packages.some(({ registryType, identifier }) => registryType === 'npm' && identifier === 'package-3');
  const shippers = new Set(
    versions
      .filter(({ document, status }) => shipsNpm3(document) && status.toLowerCase() !== 'deleted')
      .map(({ name }) => name),
  );
  return [
    {
      asks: 'a server and its rating',
      query: `{ server(name: "${NAME}") { name title rating installs } }`,
      data: {
        server: { name: NAME, title: truth.title(NAME), rating: truth.rating(NAME), installs: truth.installs(NAME) },
      },
    },
    {
      asks: 'a server by another spelling, and all that others know of it',
      query: `query ($n: String!) { server(name: $n) { name installs categories { slug } reviews { edges { node { stars } } } } }`,
      variables: { n: NAME.toUpperCase() },
      data: {
        server: {
          name: NAME,
          installs: truth.installs(NAME),
          categories: truth.store.offers.get(NAME)!.categories.map((slug) => ({ slug })),
          reviews: edges(truth.reviews(NAME).map(({ stars }) => ({ stars }))),
        },
      },
    },
    {
      asks: 'a page of 30 and ratings',
      query: '{ servers(first: 30) { totalCount pageInfo { hasNextPage } edges { node { name rating } } } }',
      data: {
        servers: { totalCount: latest.length, pageInfo: { hasNextPage: true }, ...edges(first30.map(rated)) },
      },
    },
    {
      asks: "a page of 30, ratings and the latest version's packages",
      query: `{ servers(first: 30) { edges { node { name rating latestVersion { version packages { registryType identifier } } } } } }`,
      data: {
        servers: edges(
          first30.map((version) => ({
            ...rated(version),
            latestVersion: { version: version.version, packages: truth.packageKeys(version) },
          })),
        ),
      },
    },
    {
      asks: 'the same twice, through fragments and variables',
      query: `query ($n: Int!, $with: Boolean!) { a: servers(first: $n) { ...P } b: servers(last: $n) { ...P } }
        fragment P on ServerConnection { edges { node { name ...R @include(if: $with) installs @skip(if: $with) } } }
        fragment R on Server { rating }`,
      variables: { n: 3, with: true },
      data: { a: { ...edges(latest.slice(0, 3).map(rated)) }, b: edges(latest.slice(-3).map(rated)) },
    },
    {
      asks: 'a filter, and what needs nested fields of the registry (@requires)',
      query: `{ servers(first: 50, filter: { registryType: ["npm"] }) { edges { node { name latestVersion { version downloads } } } } }`,
      data: {
        servers: edges(
          npm.map((version) => ({
            name: version.name,
            latestVersion: { version: version.version, downloads: truth.downloads(version) },
          })),
        ),
      },
    },
    {
      asks: 'a search, and what needs fields of the registry (@requires)',
      query: '{ servers(filter: { search: "server-04" }) { edges { node { headline } } } }',
      data: { servers: edges([{ headline: truth.headline(one) }]) },
    },
    {
      asks: 'a page of 30 and @requires on each',
      query: '{ servers(first: 30) { edges { node { headline } } } }',
      data: { servers: edges(first30.map((version) => ({ headline: truth.headline(version) }))) },
    },
    {
      asks: 'a version, and what a scanner and a counter know of it',
      query: `{ serverVersion(name: "${NAME}", version: "1.0.0") { name version vulnerabilities downloads } }`,
      data: {
        serverVersion: versionFacts(
          truth,
          versions.find(({ name, version }) => name === NAME && version === '1.0.0')!,
        ),
      },
    },
    {
      asks: 'all versions of a server, back to the server',
      query: `{ server(name: "com.example/server-02") { versions { edges { node { version vulnerabilities server { rating } } } } } }`,
      data: {
        server: {
          versions: edges(
            ['3.0.0', '2.0.0', '1.0.0'].map((version) => ({
              version,
              vulnerabilities: truth.vulnerabilities({ name: 'com.example/server-02', version }),
              server: { rating: truth.rating('com.example/server-02') },
            })),
          ),
        },
      },
    },
    {
      asks: 'objects by global ids',
      query: `query ($a: ID!, $b: [ID!]!) { node(id: $a) { ... on Server { name rating } }
        nodes(ids: $b) { __typename ... on ServerVersion { version vulnerabilities } ... on Server { installs } } }`,
      variables: {
        a: truth.globalId('Server', one.serverId),
        b: [
          truth.globalId('ServerVersion', one.id),
          truth.globalId('Server', one.serverId),
          truth.globalId('Server', 999_999),
        ],
      },
      data: {
        node: { name: NAME, rating: truth.rating(NAME) },
        nodes: [
          { __typename: 'ServerVersion', version: one.version, vulnerabilities: truth.vulnerabilities(one) },
          { __typename: 'Server', installs: truth.installs(NAME) },
          null,
        ],
      },
    },
    {
      asks: 'changes, and what others know of what changed',
      query:
        '{ changes(first: 20) { hasMore changes { revision version { name version vulnerabilities server { rating } } } } }',
      data: {
        changes: {
          hasMore: true,
          changes: changes.slice(0, 20).map(({ revision, name, version }) => ({
            revision,
            version: {
              name,
              version,
              vulnerabilities: truth.vulnerabilities({ name, version }),
              server: { rating: truth.rating(name) },
            },
          })),
        },
      },
    },
    {
      asks: 'who ships a package, and their ratings',
      query: `{ package(registryType: "npm", identifier: "package-3") { servers { edges { node { name rating } } } } }`,
      data: {
        package: { servers: edges(latest.filter(({ name }) => shippers.has(name)).map(rated)) },
      },
    },
    {
      asks: 'a namespace and its installs',
      query: `{ namespace(name: "com.example.tools") { name servers(first: 5) { edges { node { name installs } } } } }`,
      data: {
        namespace: {
          name: 'com.example.tools',
          servers: edges(
            latest
              .filter(({ name }) => name.startsWith('com.example.tools/'))
              .slice(0, 5)
              .map(({ name }) => ({ name, installs: truth.installs(name) })),
          ),
        },
      },
    },
    {
      asks: 'several roots of several teams',
      query: `{ registry { serverCount } categories { slug } reviewsBy(author: "ada") { id } }`,
      data: {
        registry: { serverCount: latest.length },
        categories: [...truth.store.categories.keys()].map((slug) => ({ slug })),
        reviewsBy: truth.said.reviews.filter(({ author }) => author === 'ada').map(({ id }) => ({ id })),
      },
    },
  ];
}

const versionFacts = (truth: Truth, one: VersionTruth) => ({
  name: one.name,
  version: one.version,
  vulnerabilities: truth.vulnerabilities(one),
  downloads: truth.downloads(one),
});
