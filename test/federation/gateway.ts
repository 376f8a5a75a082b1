import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloGateway, RemoteGraphQLDataSource, type GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { ApolloServer, HeaderMap } from '@apollo/server';

/** A router that runs. */
export interface Router {
  url: string;
  close(): Promise<void>;
}

interface Options {
  supergraph: string;
  port?: number;
  /** What a browser gets at `/`. */
  page?: string;
  routerSecret?: string;
}

interface Caller {
  authorization?: string;
}

/** Starts @apollo/gateway in @apollo/server over a supergraph. */
export async function startGateway({ supergraph, port = 0, page, routerSecret }: Options): Promise<Router> {
  /** Callers' tokens go on to the subgraphs, and the secret of the registry's door with them. */
  class Source extends RemoteGraphQLDataSource<Caller> {
    override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Caller>) {
      if (context.authorization) request.http?.headers.set('authorization', context.authorization);
      if (routerSecret) request.http?.headers.set('router-authorization', routerSecret);
    }
  }
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ url }) => new Source({ url }),
    logger: quiet,
  });
  const apollo = new ApolloServer<Caller>({
    gateway,
    logger: quiet,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  const server = createServer(async (request, response) => {
    if (page && request.method === 'GET' && request.url === '/') {
      return response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
    }
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
    const text = (await request.toArray()).join('');
    const { search } = new URL(request.url ?? '/', 'http://localhost');
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body: text && parseJson(text) },
      context: async () => ({ authorization: request.headers.authorization }),
    });
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    response.statusCode = answer.status ?? 200;
    return response.end(answer.body.kind === 'complete' ? answer.body.string : '');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await apollo.stop();
    },
  };
}

const nothing = () => {};
const quiet = { debug: nothing, info: nothing, warn: nothing, error: console.error };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
