import { builder } from './builder.ts';
import { GraphQLSchema } from 'graphql';
import { answerEachEntity } from './entities.ts';
import './namespaces/namespace.graphql.ts';
import './auth/viewer.graphql.ts';
import './auth/login.graphql.ts';
import './auth/api-token.graphql.ts';
import './auth/trusted-publisher.graphql.ts';
import './auth/domain-verification.graphql.ts';
import './auth/moderation.graphql.ts';
import './servers/version.graphql.ts';
import './servers/server.graphql.ts';
import './servers/namespace-servers.graphql.ts';
import './servers/package.graphql.ts';
import './servers/changes.graphql.ts';
import './servers/registry.graphql.ts';
import './servers/validation.graphql.ts';
import './publish/publish.graphql.ts';
import './publish/status.graphql.ts';

/** What the public door serves. */
export const publicSchema = builder.toSchema();

/** Apollo Server, which is the door for routers, serves no subscriptions, so they are told of none. */
function withoutSubscription(schema: GraphQLSchema): GraphQLSchema {
  const { subscription, types, ...config } = schema.toConfig();
  return new GraphQLSchema({ ...config, types: types.filter((type) => type !== subscription) });
}

const routersBuilder = Object.create(builder, {
  toSchema: { value: (options: object) => withoutSubscription(builder.toSchema(options)) },
}) as typeof builder;

/** The same for supergraph routers; v2.9 is the newest federation that every composer takes. */
export const subgraphSchema = answerEachEntity(
  routersBuilder.toSubGraphSchema({
    linkUrl: 'https://specs.apollo.dev/federation/v2.9',
    federationDirectives: ['@key', '@shareable'],
  }),
);
