import { builder } from '../builder.ts';
import { checkText } from '../input.ts';
import { rawJson } from '../raw-json.ts';
import { connectionCost, toConnection, toRowId } from './connection.ts';
import { IconRef, PackageRef, RemoteRef, RepositoryRef } from './document.graphql.ts';
import type { Publisher, VersionEntry } from './entries.ts';
import { entityKey } from './entity-key.ts';
import { ServerStatusRef, VersionFilterRef } from './filter.graphql.ts';
import { listVersions } from './list.ts';
import { pageRequest } from './page.ts';

const PublisherRef = builder.objectRef<Publisher>('Publisher').implement({
  description: 'Who published a version here, and how the namespace was proved.',
  fields: (t) => ({
    method: t.exposeString('method', {
      description: 'The proof: `github-at`, `github-oidc`, `dns`, `http`, `oidc` or `none`.',
    }),
    subject: t.exposeString('subject', {
      description: 'Who it proved: a login, an organisation or a domain, as it was then.',
    }),
  }),
});

export const VersionRef = builder.objectRef<VersionEntry>('ServerVersion');

builder.node(VersionRef, {
  description: 'One published version of a server. Its document never changes.',
  id: { resolve: (version) => version.id, description: 'The global id, for `node`.' },
  loadOne: (id, { loaders }) => loaders.versionById.load(toRowId(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: "The server's name." }),
    version: t.exposeString('version', { description: 'The version, as published.' }),
    status: t.field({
      type: ServerStatusRef,
      description: 'Whether it should be used.',
      resolve: (version) => version.status,
    }),
    statusMessage: t.exposeString('statusMessage', { nullable: true, description: 'Why it has this status.' }),
    statusChangedAt: t.field({
      type: 'DateTime',
      description: 'When the status last changed.',
      resolve: (version) => version.statusChangedAt,
    }),
    isLatest: t.exposeBoolean('isLatest', { description: "Whether it is the server's latest version." }),
    publishedAt: t.field({
      type: 'DateTime',
      description: 'When it was published.',
      resolve: (version) => version.publishedAt,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When anything of it last changed.',
      resolve: (version) => version.updatedAt,
    }),
    publisher: t.field({
      type: PublisherRef,
      nullable: true,
      description: 'Who published it here; null when it was imported.',
      resolve: (version) => version.publisher,
    }),
    document: t.field({
      type: 'JSON',
      description: 'server.json, byte for byte as it was published.',
      resolve: (version) => rawJson(version.document),
    }),
    digest: t.exposeString('digest', { description: 'The SHA-256 of its canonical form (RFC 8785), hex.' }),
    revision: t.field({
      type: 'Revision',
      description: 'The revision of its last change.',
      resolve: (version) => version.revision,
    }),
  }),
});

builder.objectFields(VersionRef, (t) => ({
  title: t.string({ nullable: true, description: 'The name to show.', resolve: (version) => version.views.title }),
  description: t.string({ description: 'What the server does.', resolve: (version) => version.views.description }),
  websiteUrl: t.string({
    nullable: true,
    description: 'The home page.',
    resolve: (version) => version.views.websiteUrl,
  }),
  repository: t.field({
    type: RepositoryRef,
    nullable: true,
    description: 'Where the source code is.',
    resolve: (version) => version.views.repository,
  }),
  icons: t.field({ type: [IconRef], description: 'Icons to show.', resolve: (version) => version.views.icons }),
  packages: t.field({
    type: [PackageRef],
    description: 'Packages that run the server.',
    resolve: (version) => version.views.packages,
  }),
  remotes: t.field({
    type: [RemoteRef],
    description: 'Addresses where it runs already.',
    resolve: (version) => version.views.remotes,
  }),
  schemaUrl: t.string({
    nullable: true,
    description: 'The `$schema` of the document.',
    resolve: (version) => version.views.schemaUrl,
  }),
  publisherMetadata: t.field({
    type: 'JSON',
    nullable: true,
    description: "The publisher's own part of the document's `_meta`.",
    resolve: (version) => version.views.publisherMetadata,
  }),
}));

builder.asEntity(VersionRef, {
  key: builder.selection<{ name: string; version: string }>('name version'),
  resolveReference: ({ name, version }, { loaders }) =>
    loaders.version.load({ name: entityKey(name, 'name'), version: entityKey(version, 'version') }),
});

const VersionEdgeRef = builder.edgeObject({
  type: VersionRef,
  name: 'ServerVersionEdge',
  description: 'A version and where it stands in the list.',
});

export const VersionConnectionRef = builder.connectionObject(
  { type: VersionRef, name: 'ServerVersionConnection', description: 'A page of versions.' },
  VersionEdgeRef,
);

builder.queryFields((t) => ({
  serverVersion: t.field({
    type: VersionRef,
    nullable: true,
    description: 'A version of a server; null when there is none.',
    args: {
      name: t.arg.string({ required: true, description: "The server's name, in any case." }),
      version: t.arg.string({ defaultValue: 'latest', description: 'The exact version, or `latest`.' }),
      includeDeleted: t.arg.boolean({
        defaultValue: false,
        description: 'Whether a deleted one counts.',
      }),
    },
    resolve: async (_root, { name, includeDeleted, ...args }, { loaders }) => {
      checkText(name, 'A name');
      const version = checkText(args.version ?? 'latest', 'A version');
      const found = await (version === 'latest' ? loaders.head.load(name) : loaders.version.load({ name, version }));
      return found && (includeDeleted || found.status !== 'deleted') ? found : null;
    },
  }),
  serverVersions: t.connection(
    {
      type: VersionRef,
      description: 'Versions of all servers, by name and version.',
      complexity: connectionCost,
      args: {
        filter: t.arg({
          type: VersionFilterRef,
          description: 'Which versions; all that are not deleted when left out.',
        }),
      },
      resolve: async (_root, { filter, ...args }, { reads, store }) => {
        const list = await listVersions(reads.sql, pageRequest(args), filter ?? {});
        return toConnection(list, await store.versions(list.rows));
      },
    },
    VersionConnectionRef,
    VersionEdgeRef,
  ),
}));
