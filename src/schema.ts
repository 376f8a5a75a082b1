import { builder } from './builder.ts';
import { graphqlSync, specifiedDirectives, type GraphQLSchema } from 'graphql';
import { answerEachEntity } from './entities.ts';
import { cacheControl, describeToRouters, IMPORTS, RIGHTS } from './subgraph-directives.ts';
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

/** The same made anew, for who changes it. */
export const buildPublicSchema = (): GraphQLSchema => builder.toSchema();

/** The same for supergraph routers; v2.9 is the newest federation that every composer takes. */
function buildSubgraphSchema({ rights }: { rights: boolean }): GraphQLSchema {
  const described = Object.create(builder, {
    toSchema: { value: (options: object) => describeToRouters(builder.toSchema(options), { rights }) },
  }) as typeof builder;
  return described.toSubGraphSchema({
    linkUrl: 'https://specs.apollo.dev/federation/v2.9',
    federationDirectives: rights ? [...IMPORTS, ...RIGHTS] : IMPORTS,
    directives: [...specifiedDirectives, cacheControl],
  });
}

/** What the door for routers serves. */
export const subgraphSchema = answerEachEntity(buildSubgraphSchema({ rights: false }));

/** The SDL that routers compose; with `rights` it says too which fields want a login, which some routers refuse to start with. */
export function subgraphSdl({ rights }: { rights: boolean }): string {
  return rights ? (sdlWithRights ??= sdlOf(buildSubgraphSchema({ rights }))) : sdlOf(subgraphSchema);
}

let sdlWithRights: string | undefined;

function sdlOf(schema: GraphQLSchema): string {
  const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' });
  return `${(data as { _service: { sdl: string } })._service.sdl}\n`;
}
