import { edges, type Question } from './question.ts';
import type { Truth } from './truth.ts';

const NAME = 'com.example/server-04';

/** What begins at the other teams. */
export function ofTheOthers(truth: Truth): Question[] {
  const { of, versions } = truth;
  const top = truth.ranked().slice(0, 10);
  const inData = [...truth.store.offers.values()].filter(({ categories }) => categories.includes('weather'));
  const adas = truth.said.reviews.filter(({ author }) => author === 'ada');
  const exact = (key: { name: string; version: string }) =>
    versions.find(({ name, version }) => name === key.name && version === key.version)!;
  return [
    {
      asks: 'the best, from the marketplace to the registry',
      query: '{ topRated { edges { node { name title rating } } pageInfo { hasNextPage } } }',
      data: {
        topRated: {
          ...edges(top.map((name) => ({ name, title: truth.title(name), rating: truth.rating(name) }))),
          pageInfo: { hasNextPage: true },
        },
      },
    },
    {
      asks: 'to the registry and back again',
      query: '{ topRated(first: 5) { edges { node { latestVersion { version vulnerabilities } } } } }',
      data: {
        topRated: edges(
          top.slice(0, 5).map((name) => ({
            latestVersion: { version: of(name)!.version, vulnerabilities: truth.vulnerabilities(of(name)!) },
          })),
        ),
      },
    },
    {
      asks: 'the best and what needs fields of the registry (@requires)',
      query: '{ topRated(first: 5) { edges { node { headline latestVersion { downloads } } } } }',
      data: {
        topRated: edges(
          top.slice(0, 5).map((name) => ({
            headline: truth.headline(of(name)!),
            latestVersion: { downloads: truth.downloads(of(name)!) },
          })),
        ),
      },
    },
    {
      asks: 'categories and what is featured in them',
      query: '{ categories { name featured { name title } } }',
      data: {
        categories: [...truth.store.categories.values()].map(({ name, featured }) => ({
          name,
          featured: { name: featured, title: truth.title(featured) },
        })),
      },
    },
    {
      asks: 'what a reviewer has at hand of the marketplace (@provides)',
      query: '{ reviewsBy(author: "bob") { server { name rating } } }',
      data: {
        reviewsBy: truth.said.reviews
          .filter(({ author }) => author === 'bob')
          .map(({ server: { name } }) => ({ server: { name, rating: truth.rating(name) } })),
      },
    },
    {
      asks: 'a category, its servers and what is said of them',
      query: `{ category(slug: "weather") { servers { name status reviews(first: 1) { edges { node { author } } } } } }`,
      data: {
        category: {
          servers: inData.map(({ name }) => ({
            name,
            status: of(name)!.status.toUpperCase(),
            reviews: edges(
              truth
                .reviews(name)
                .slice(0, 1)
                .map(({ author }) => ({ author })),
            ),
          })),
        },
      },
    },
    {
      asks: 'a reviewer, three teams deep',
      query: `{ reviewsBy(author: "ada") { stars server { title rating } version { version digest downloads } } }`,
      data: {
        reviewsBy: adas.map(({ stars, server, version }) => ({
          stars,
          server: { title: truth.title(server.name), rating: truth.rating(server.name) },
          version: version && {
            version: version.version,
            digest: exact(version).digest,
            downloads: truth.downloads(exact(version)),
          },
        })),
      },
    },
    {
      asks: 'a change at another team, and the registry beside it',
      query: `mutation { addReview(server: "${NAME}", author: "eve", stars: 2) { stars server { title status } } }`,
      data: { addReview: { stars: 2, server: { title: truth.title(NAME), status: 'ACTIVE' } } },
    },
    {
      asks: 'a server that only others know of',
      query: `mutation { addReview(server: "com.example/nowhere", author: "eve", stars: 1) { server { name title rating repository { url } } } }`,
      data: { addReview: { server: { name: 'com.example/nowhere', title: null, rating: null, repository: null } } },
    },
    {
      asks: 'a deleted server that others still know of',
      query: `mutation { addReview(server: "com.example.tools/server-07", author: "eve", stars: 1) { server { status latestVersion { version } } } }`,
      data: { addReview: { server: { status: 'DELETED', latestVersion: null } } },
    },
  ];
}

/** What is for sale, of which three teams know something. */
export function ofListings(truth: Truth): Question[] {
  const forSale = truth.latest.filter(({ name }) => truth.listing(name));
  const paid = forSale.find(({ name }) => truth.listing(name)!.cents > 0)!;
  const listing = truth.listing(paid.name)!;
  return [
    {
      asks: 'what is for sale, whatever its kind',
      query: `query ($id: ID!) { listing(id: $id) { __typename cents server { name title } ... on PaidListing { seats } } }`,
      variables: { id: listing.id },
      data: {
        listing: {
          __typename: 'PaidListing',
          cents: listing.cents,
          seats: listing.seats,
          server: { name: paid.name, title: truth.title(paid.name) },
        },
      },
    },
    {
      asks: 'what a third team adds to all kinds (@interfaceObject)',
      query: `query ($id: ID!) { listing(id: $id) { id complaints } }`,
      variables: { id: listing.id },
      data: { listing: { id: listing.id, complaints: truth.complaints(listing.id) } },
    },
    {
      asks: 'the same of one kind (@interfaceObject on an implementing type)',
      query: `query ($id: ID!) { listing(id: $id) { ... on PaidListing { seats complaints } } }`,
      variables: { id: listing.id },
      data: { listing: { seats: listing.seats, complaints: truth.complaints(listing.id) } },
    },
    {
      asks: 'a page and what of it is for sale (@interfaceObject in a list)',
      query: `{ servers(first: 10) { edges { node { name listing { id complaints } } } } }`,
      data: {
        servers: edges(
          truth.latest.slice(0, 10).map(({ name }) => {
            const own = truth.listing(name);
            return { name, listing: own && { id: own.id, complaints: truth.complaints(own.id) } };
          }),
        ),
      },
    },
  ];
}
