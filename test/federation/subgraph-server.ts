import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

/** A subgraph that another team serves. */
export interface Subgraph {
  name: string;
  url: string;
  sdl: string;
  /** The queries that came since the last call. */
  takeRequests(): string[];
  close(): Promise<void>;
}

/** What is written in this folder. */
export const readSdl = (name: string): string => readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8');

type Modules = Exclude<Parameters<typeof buildSubgraphSchema>[0], unknown[]>;
type Resolvers = Extract<Modules, { resolvers?: unknown }>['resolvers'];

/** Serves `<name>.graphql` on a free port. */
export async function serveSubgraph(name: string, resolvers: Resolvers): Promise<Subgraph> {
  const sdl = readSdl(name);
  const requests: string[] = [];
  const yoga = createYoga({
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers }),
    logging: false,
    graphiql: false,
    plugins: [{ onParams: ({ params }) => void requests.push(params.query ?? '') }],
  });
  const server = createServer((request, response) => void yoga(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name,
    url: `http://127.0.0.1:${port}/graphql`,
    sdl,
    takeRequests: () => requests.splice(0),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await yoga.dispose();
    },
  };
}
