import { builder } from '../builder.ts';
import { checkText } from '../input.ts';
import { connectionCost, STATEMENT_COST, toConnection } from './connection.ts';
import { listServers } from './list.ts';
import { pageRequest } from './page.ts';
import { isPublished } from './packages.db.ts';
import { ServerConnectionRef, ServerRef } from './server.graphql.ts';

/** A package as servers name it. */
interface PublishedPackage {
  registryType: string;
  identifier: string;
}

const PublishedPackageRef = builder.objectRef<PublishedPackage>('PublishedPackage').implement({
  description: 'A package that servers ship, and who ships it.',
  fields: (t) => ({
    registryType: t.exposeString('registryType', {
      description: 'The kind of registry: `npm`, `pypi`, `oci`, `nuget`, `mcpb`, `cargo`.',
    }),
    identifier: t.exposeString('identifier', { description: 'The identifier that was asked for.' }),
    servers: t.connection(
      {
        type: ServerRef,
        description: 'Servers with a version, not deleted, that ships it, by name.',
        complexity: connectionCost,
        resolve: async (one, args, { reads, store }) => {
          const list = await listServers(reads.sql, pageRequest(args), { package: one });
          return toConnection(list, await store.servers(list.rows));
        },
      },
      ServerConnectionRef,
    ),
  }),
});

builder.queryField('package', (t) =>
  t.field({
    type: PublishedPackageRef,
    nullable: true,
    description: 'Who ships a package; null when no server does.',
    complexity: STATEMENT_COST,
    args: {
      registryType: t.arg.string({ required: true, description: '`npm`, `pypi`, `oci`, `nuget`, `mcpb` or `cargo`.' }),
      identifier: t.arg.string({
        required: true,
        description: 'As in server.json; an OCI image may leave out tag and digest.',
      }),
    },
    resolve: async (_root, args, { reads }) => {
      const registryType = checkText(args.registryType, 'A registry type').toLowerCase();
      const identifier = checkText(args.identifier, 'An identifier', 2_000);
      return (await isPublished(reads.sql, registryType, identifier)) ? { registryType, identifier } : null;
    },
  }),
);
