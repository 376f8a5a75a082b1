import { builder } from '../builder.ts';
import { checkText } from '../input.ts';
import { NamespaceRef } from '../namespaces/namespace.graphql.ts';
import { namespaceOf } from '../namespaces/server-name.ts';
import { connectionCost, toConnection, toRowId, versionsCost } from './connection.ts';
import { IconRef, RepositoryRef } from './document.graphql.ts';
import type { ServerEntry } from './entries.ts';
import { entityKey } from './entity-key.ts';
import { ServerFilterRef, ServerOrderRef, ServerStatusRef, VersionFilterRef } from './filter.graphql.ts';
import { listServers } from './list.ts';
import { pageRequest } from './page.ts';
import { listServerVersions } from './server-versions.ts';
import { VersionConnectionRef, VersionRef } from './version.graphql.ts';

export const ServerRef = builder.objectRef<ServerEntry>('Server');

builder.node(ServerRef, {
  description: 'An MCP server: one name and all versions published under it. What it shows is its latest version.',
  id: { resolve: (server) => server.id, description: 'The global id, for `node`.' },
  loadOne: (id, { loaders }) => loaders.serverById.load(toRowId(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The unique name, `io.github.alice/weather`.' }),
    namespace: t.field({
      type: NamespaceRef,
      description: 'The part of the name before the slash.',
      resolve: (server) => ({ name: namespaceOf(server.name) }),
    }),
    status: t.field({
      type: ServerStatusRef,
      description: 'The status of the latest version; DELETED when all versions are.',
      resolve: (server) => server.status,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When its first version was published.',
      resolve: (server) => server.createdAt,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When any of its versions last changed.',
      resolve: (server) => server.updatedAt,
    }),
    revision: t.field({
      type: 'Revision',
      description: 'The revision of the last change of any of its versions.',
      resolve: (server) => server.revision,
    }),
  }),
});

builder.objectFields(ServerRef, (t) => ({
  title: t.string({ nullable: true, description: 'The name to show.', resolve: (server) => server.head.views.title }),
  description: t.string({ description: 'What the server does.', resolve: (server) => server.head.views.description }),
  websiteUrl: t.string({
    nullable: true,
    description: 'The home page.',
    resolve: (server) => server.head.views.websiteUrl,
  }),
  repository: t.field({
    type: RepositoryRef,
    nullable: true,
    description: 'Where the source code is.',
    resolve: (server) => server.head.views.repository,
  }),
  icons: t.field({ type: [IconRef], description: 'Icons to show.', resolve: (server) => server.head.views.icons }),
}));

builder.objectFields(ServerRef, (t) => ({
  latestVersion: t.field({
    type: VersionRef,
    nullable: true,
    description:
      'The version to use: the greatest semantic version or, without any, the newest; null when all are deleted.',
    resolve: (server) => (server.head.isLatest ? server.head : null),
  }),
  version: t.field({
    type: VersionRef,
    nullable: true,
    description: 'One exact version, also a deleted one; null when there is none.',
    args: { version: t.arg.string({ required: true, description: 'The version, as published.' }) },
    resolve: (server, { version }, { loaders }) =>
      loaders.version.load({ name: server.nameKey, version: checkText(version, 'A version') }),
  }),
  versions: t.connection(
    {
      type: VersionRef,
      description: 'Its versions, newest first.',
      complexity: versionsCost,
      args: {
        filter: t.arg({
          type: VersionFilterRef,
          description: 'Which versions; all that are not deleted when left out.',
        }),
      },
      resolve: async (server, { filter, ...args }, { reads, loaders }) => {
        const list = await listServerVersions(reads.sql, server, pageRequest(args), filter ?? {});
        return toConnection(list, await loaders.versionsByRef(list.rows));
      },
    },
    VersionConnectionRef,
  ),
}));

builder.asEntity(ServerRef, {
  key: builder.selection<{ name: string }>('name'),
  resolveReference: ({ name }, { loaders }) => loaders.server.load(entityKey(name, 'name')),
});

builder.objectField(VersionRef, 'server', (t) =>
  t.field({
    type: ServerRef,
    description: 'The server that it is a version of.',
    resolve: async (version, _args, { loaders }) => (await loaders.serverById.load(version.serverId))!,
  }),
);

const ServerEdgeRef = builder.edgeObject({
  type: ServerRef,
  name: 'ServerEdge',
  description: 'A server and where it stands in the list.',
});

export const ServerConnectionRef = builder.connectionObject(
  { type: ServerRef, name: 'ServerConnection', description: 'A page of servers.' },
  ServerEdgeRef,
);

builder.queryFields((t) => ({
  server: t.field({
    type: ServerRef,
    nullable: true,
    description: 'A server by name; null when there is none.',
    args: {
      name: t.arg.string({ required: true, description: 'The name, in any case.' }),
      includeDeleted: t.arg.boolean({
        defaultValue: false,
        description: 'Whether a deleted one counts.',
      }),
    },
    resolve: async (_root, { name, includeDeleted }, { loaders }) => {
      const server = await loaders.server.load(checkText(name, 'A name'));
      return server && (includeDeleted || server.status !== 'deleted') ? server : null;
    },
  }),
  servers: t.connection(
    {
      type: ServerRef,
      description: 'Servers, by name or, when searched for, by relevance.',
      complexity: connectionCost,
      args: {
        filter: t.arg({ type: ServerFilterRef, description: 'Which servers; all that are not deleted when left out.' }),
        orderBy: t.arg({ type: ServerOrderRef, description: 'The order of the list.' }),
      },
      resolve: async (_root, { filter, orderBy, ...args }, { reads, store }) => {
        const list = await listServers(reads.sql, pageRequest(args), filter ?? {}, orderBy);
        return toConnection(list, await store.servers(list.rows));
      },
    },
    ServerConnectionRef,
    ServerEdgeRef,
  ),
}));
