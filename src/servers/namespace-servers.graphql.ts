import { builder } from '../builder.ts';
import { NamespaceRef } from '../namespaces/namespace.graphql.ts';
import { connectionCost, toConnection } from './connection.ts';
import { ServerFilterRef, ServerOrderRef } from './filter.graphql.ts';
import { listServers } from './list.ts';
import { pageRequest } from './page.ts';
import { ServerConnectionRef, ServerRef } from './server.graphql.ts';

builder.objectField(NamespaceRef, 'servers', (t) =>
  t.connection(
    {
      type: ServerRef,
      description: 'The servers of the namespace.',
      complexity: connectionCost,
      args: {
        filter: t.arg({
          type: ServerFilterRef,
          description: 'Which of them; its own `namespace` does not count here.',
        }),
        orderBy: t.arg({ type: ServerOrderRef, description: 'The order of the list.' }),
      },
      resolve: async ({ name }, { filter, orderBy, ...args }, { reads, store }) => {
        const own = { ...filter, namespace: null, namespaceName: name };
        const list = await listServers(reads.sql, pageRequest(args), own, orderBy);
        return toConnection(list, await store.servers(list.rows));
      },
    },
    ServerConnectionRef,
  ),
);
