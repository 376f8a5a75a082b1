import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';

/** What a composer made of several subgraphs. */
export interface Composition {
  errors: string[];
  supergraph: string;
}

/** A subgraph to compose: what it says of itself, and where it is. */
export interface Service {
  name: string;
  url: string;
  sdl: string;
}

const toDefinitions = (services: Service[]) =>
  services.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));

/** Who makes supergraphs of subgraphs. */
export const composers: Record<string, (services: Service[]) => Composition> = {
  '@apollo/composition': (services) => {
    const { errors, supergraphSdl } = composeByApollo(toDefinitions(services));
    return { errors: (errors ?? []).map(({ message }) => message), supergraph: supergraphSdl ?? '' };
  },
  '@theguild/federation-composition': (services) => {
    const { errors, supergraphSdl } = composeByTheGuild(toDefinitions(services));
    return { errors: (errors ?? []).map(({ message }) => message), supergraph: supergraphSdl ?? '' };
  },
};

/** The supergraph of these; throws what is wrong with them. */
export function compose(services: Service[], composer = '@apollo/composition'): string {
  const { errors, supergraph } = composers[composer]!(services);
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return supergraph;
}
