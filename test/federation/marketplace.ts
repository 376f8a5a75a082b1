import type { MarketplaceStore, Offer } from './marketplace-store.ts';

interface ServerKey {
  name: string;
}

interface VersionKey extends ServerKey {
  version: string;
}

/** What the registry said of a server, where `@requires` asks for it. */
interface RequiredOfServer extends ServerKey {
  title?: string | null;
  description?: string;
}

interface RequiredOfVersion extends VersionKey {
  packages?: { registryType: string; identifier: string }[];
}

/** The resolvers of marketplace.graphql over a store. */
export function marketplaceResolvers(store: MarketplaceStore) {
  const offerOf = ({ name }: ServerKey) => store.offers.get(name);
  const listingOf = (offer: Offer | undefined) =>
    offer?.listing && {
      __typename: offer.listing.cents ? 'PaidListing' : 'FreeListing',
      ...offer.listing,
      server: { name: offer.name },
    };
  const listing = (id: string) => listingOf([...store.offers.values()].find((offer) => offer.listing?.id === id));
  const reference = { __resolveReference: ({ id }: { id: string }) => listing(id) ?? null };
  return {
    Query: {
      topRated: (_: unknown, { first }: { first: number }) => topRated(store, first),
      categories: () => [...store.categories.values()],
      category: (_: unknown, { slug }: { slug: string }) => store.categories.get(slug) ?? null,
      listing: (_: unknown, { id }: { id: string }) => listing(id) ?? null,
    },
    Server: {
      __resolveReference: (server: RequiredOfServer) => server,
      rating: (server: ServerKey) => offerOf(server)?.rating ?? null,
      installs: (server: ServerKey) => offerOf(server)?.installs ?? 0,
      categories: (server: ServerKey) => (offerOf(server)?.categories ?? []).map((slug) => store.categories.get(slug)),
      listing: (server: ServerKey) => listingOf(offerOf(server)) ?? null,
      headline: ({ title, description, ...server }: RequiredOfServer) =>
        headline({ title: title ?? null, description: description!, installs: offerOf(server)?.installs ?? 0 }),
    },
    ServerVersion: {
      __resolveReference: (version: RequiredOfVersion) => version,
      vulnerabilities: ({ name, version }: VersionKey) => store.vulnerabilities.get(`${name}@${version}`) ?? [],
      downloads: ({ packages }: RequiredOfVersion) => downloads(store, packages!),
    },
    Category: {
      __resolveReference: ({ slug }: { slug: string }) => store.categories.get(slug) ?? null,
      servers: ({ slug }: { slug: string }) =>
        [...store.offers.values()].filter((offer) => offer.categories.includes(slug)).map(({ name }) => ({ name })),
      featured: ({ featured }: { featured: string }) => ({ name: featured }),
    },
    Listing: reference,
    FreeListing: reference,
    PaidListing: reference,
  };
}

/** What the shop window says of a server. */
export const headline = ({ title, description, installs }: Omit<RequiredOfServer, 'name'> & { installs: number }) =>
  `${title ?? 'Untitled'}: ${description} (${installs} installs)`;

/** How often packages were downloaded, all together. */
export const downloads = (
  store: Pick<MarketplaceStore, 'downloads'>,
  packages: { registryType: string; identifier: string }[],
): number =>
  packages.reduce(
    (sum, { registryType, identifier }) => sum + (store.downloads.get(`${registryType}:${identifier}`) ?? 0),
    0,
  );

/** Names by their rating, best first. */
export function ranked(store: Pick<MarketplaceStore, 'offers'>): string[] {
  const rated = [...store.offers.values()].filter(({ rating }) => rating !== null);
  return rated.sort((a, b) => b.rating! - a.rating! || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

function topRated(store: MarketplaceStore, first: number) {
  const all = ranked(store);
  const names = all.slice(0, first);
  return {
    edges: names.map((name) => ({ cursor: name, node: { name } })),
    pageInfo: {
      hasNextPage: all.length > names.length,
      hasPreviousPage: false,
      startCursor: names[0] ?? null,
      endCursor: names.at(-1) ?? null,
    },
  };
}
