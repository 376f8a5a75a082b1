import type { Known } from './marketplace-store.ts';
import { stockMarketplace, type MarketplaceStore } from './marketplace-store.ts';
import { compose, type Service } from './compose.ts';
import { marketplaceResolvers } from './marketplace.ts';
import { reviewsResolvers, stockReviews, type ReviewsStore } from './reviews.ts';
import { serveSubgraph, type Subgraph } from './subgraph-server.ts';

/** The registry and two other teams' subgraphs beside it, ready to be routed to. */
export interface Supergraph {
  services: Service[];
  marketplace: Subgraph;
  reviews: Subgraph;
  store: MarketplaceStore;
  said: ReviewsStore;
  /** By which composer is asked for. */
  compose(composer?: string): string;
  close(): Promise<void>;
}

/** Takes the registry's SDL from its door, serves the others, and notes for them what the registry knows. */
export async function joinRegistry(registryUrl: string, headers: Record<string, string> = {}): Promise<Supergraph> {
  const sdl = await (await fetch(`${registryUrl}?sdl`, { headers })).text();
  const known = await readKnown(registryUrl, headers);
  const store = stockMarketplace(known);
  const listings = [...store.offers.values()].flatMap(({ listing }) => listing?.id ?? []);
  const reviewed = known
    .slice(0, 12)
    .flatMap(({ name, versions }) => versions.map(({ version }) => ({ name, version })));
  const ratings = new Map([...store.offers].map(([name, { rating }]) => [name, rating]));
  const said = stockReviews(reviewed, listings, ratings);
  const marketplace = await serveSubgraph('marketplace', marketplaceResolvers(store));
  const reviews = await serveSubgraph('reviews', reviewsResolvers(said));
  const services = [{ name: 'registry', url: registryUrl, sdl }, marketplace, reviews];
  return {
    services,
    marketplace,
    reviews,
    store,
    said,
    compose: (composer) => compose(services, composer),
    close: async () => {
      await marketplace.close();
      await reviews.close();
    },
  };
}

/** The first hundred servers, as whoever joins the registry reads them. */
async function readKnown(url: string, headers: Record<string, string>): Promise<Known[]> {
  const query = `{ servers(first: 100) { edges { node { name
    versions(first: 5) { edges { node { version packages { registryType identifier } } } } } } } }`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data: Answer };
  return data.servers.edges.map(({ node }) => ({ ...node, versions: node.versions.edges.map((edge) => edge.node) }));
}

interface Answer {
  servers: {
    edges: { node: Omit<Known, 'versions'> & { versions: { edges: { node: Known['versions'][0] }[] } } }[];
  };
}
