/** What a marketplace keeps of a server. */
export interface Offer {
  name: string;
  rating: number | null;
  installs: number;
  categories: string[];
  /** Null: it is not for sale here. */
  listing: { id: string; cents: number; seats: number } | null;
}

/** A marketplace's own data: by the names of servers, which the registry knows more about. */
export interface MarketplaceStore {
  offers: Map<string, Offer>;
  categories: Map<string, { slug: string; name: string; featured: string }>;
  /** By `name@version`. */
  vulnerabilities: Map<string, string[]>;
  /** By `registryType:identifier`. */
  downloads: Map<string, number>;
}

/** A server of the registry, as a marketplace notes it. */
export interface Known {
  name: string;
  versions: { version: string; packages: { registryType: string; identifier: string }[] }[];
}

const CATEGORIES = ['data', 'search', 'weather', 'code'];

/** Fills a store with something of every kind for the servers that are known. */
export function stockMarketplace(servers: Known[]): MarketplaceStore {
  const offers = servers.map(({ name }, i): Offer => {
    const cents = i % 2 ? 0 : 100 * i + 99;
    return {
      name,
      rating: i % 3 === 0 ? null : 1 + ((i * 7) % 40) / 10,
      installs: i * 1_000,
      categories: CATEGORIES.filter((_, at) => i % (at + 1) === 0),
      listing: i % 4 === 3 ? null : { id: `listing-${i}`, cents, seats: i },
    };
  });
  const versions = servers.flatMap(({ name, versions }) => versions.map((one) => ({ name, ...one })));
  return {
    offers: new Map(offers.map((offer) => [offer.name, offer])),
    categories: new Map(
      CATEGORIES.map((slug) => {
        const featured = offers.find((offer) => offer.categories.includes(slug))!.name;
        return [slug, { slug, name: slug.toUpperCase(), featured }];
      }),
    ),
    vulnerabilities: new Map(
      versions.map(({ name, version }, i) => [`${name}@${version}`, i % 5 ? [] : [`CVE-2026-${i}`]]),
    ),
    downloads: new Map(
      versions
        .flatMap(({ packages }) => packages)
        .map(({ registryType, identifier }, i) => [`${registryType}:${identifier}`, i * 10 + 1]),
    ),
  };
}
