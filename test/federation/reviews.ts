/** What someone says of a server. */
export interface Review {
  id: string;
  author: string;
  stars: number;
  server: { name: string };
  version: { name: string; version: string } | null;
}

/** What is kept: reviews, and complaints by the id of what is for sale. */
export interface ReviewsStore {
  reviews: Review[];
  complaints: Map<string, string[]>;
  /** The marketplace's ratings, of which this team has a copy. */
  ratings: Map<string, number | null>;
}

/** Fills a store: two reviews for each version that is named, by three authors. */
export function stockReviews(
  versions: { name: string; version: string }[],
  listings: string[],
  ratings: ReviewsStore['ratings'],
): ReviewsStore {
  const authors = ['ada', 'bob', 'cyd'];
  const reviews = versions.flatMap(({ name, version }, i) =>
    [0, 1].map((n): Review => ({
      id: `review-${i}-${n}`,
      author: authors[(i + n) % authors.length]!,
      stars: 1 + ((i + n) % 5),
      server: { name },
      version: n ? null : { name, version },
    })),
  );
  const complaints = new Map(listings.map((id, i) => [id, i % 2 ? [] : [`${id} is too dear`]]));
  return { reviews, complaints, ratings };
}

/** The resolvers of reviews.graphql over a store. */
export function reviewsResolvers(store: ReviewsStore) {
  return {
    Query: {
      reviewsBy: (_: unknown, { author }: { author: string }) => store.reviews.filter((one) => one.author === author),
    },
    Mutation: {
      addReview: (_: unknown, { server, author, stars }: { server: string; author: string; stars: number }) => {
        const id = `review-${store.reviews.length}-new`;
        const review: Review = { id, author, stars, server: { name: server }, version: null };
        store.reviews.push(review);
        return review;
      },
    },
    Server: {
      __resolveReference: (server: { name: string }) => server,
      reviews: ({ name }: { name: string }, { first }: { first: number }) => {
        const all = store.reviews.filter((one) => one.server.name === name);
        const page = all.slice(0, first);
        return {
          edges: page.map((node) => ({ cursor: node.id, node })),
          pageInfo: {
            hasNextPage: all.length > page.length,
            hasPreviousPage: false,
            startCursor: page[0]?.id ?? null,
            endCursor: page.at(-1)?.id ?? null,
          },
        };
      },
    },
    Listing: {
      __resolveReference: (listing: { id: string }) => listing,
      complaints: ({ id }: { id: string }) => store.complaints.get(id) ?? [],
    },
    Review: {
      server: ({ server: { name } }: Review) => ({ name, rating: store.ratings.get(name) ?? null }),
      __resolveReference: ({ id }: { id: string }) => store.reviews.find((one) => one.id === id) ?? null,
    },
  };
}
