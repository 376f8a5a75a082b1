import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DirectivePlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';
import type { Context } from './context.ts';
import { getDatamodel } from './generated/pothos-types.ts';
import type PrismaTypes from './generated/pothos-types.ts';
import { RegistryError } from './errors.ts';
import { isTime } from './input.ts';

/** The one schema builder: plugins, scalars and defaults; the features define the types. */
export const builder = new SchemaBuilder<{
  PrismaTypes: PrismaTypes;
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Connection: { totalCount: () => Promise<number> };
  Scalars: {
    DateTime: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    Revision: { Input: number; Output: number };
  };
}>({
  plugins: [PrismaPlugin, RelayPlugin, ComplexityPlugin, DirectivePlugin, FederationPlugin],
  defaultFieldNullability: false,
  prisma: { client: (context) => context.app.db.prisma, dmmf: getDatamodel(), onUnusedQuery: null },
  relay: {
    decodeGlobalID,
    nodeTypeOptions: { description: 'Anything with a global id.' },
    idFieldOptions: { description: 'The global id, for `node`.' },
    nodeQueryOptions: {
      description: 'An object by its global id; null when there is none.',
      args: { id: { description: 'The global id.' } },
    },
    nodesQueryOptions: {
      description: 'Objects by their global ids, in their order; null where there is none.',
      // Each is read whole, whatever little is asked of it.
      complexity: ({ ids }) => ({ field: 50 * ids.length, multiplier: ids.length }),
      args: { ids: { description: 'The global ids.' } },
    },
    pageInfoTypeOptions: { shareable: true, description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'Whether there is more behind the page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is more ahead of the page.' },
    startCursorFieldOptions: { description: 'The cursor of the first row.' },
    endCursorFieldOptions: { description: 'The cursor of the last row.' },
    pageInfoFieldOptions: { description: 'Where the page stands in the list.' },
    edgesFieldOptions: { nullable: false, description: 'The rows of the page.' },
    nodeFieldOptions: { nullable: false, description: 'What the row is.' },
    cursorFieldOptions: { description: 'Where this row stands: pass it as `after` or `before`.' },
    firstArgOptions: { description: 'Rows from the start, 1 to 100; 30 when `last` is left out too.' },
    lastArgOptions: { description: 'Rows from the end, 1 to 100.' },
    afterArgOptions: { description: 'Only rows behind this cursor.' },
    beforeArgOptions: { description: 'Only rows ahead of this cursor.' },
  },
  // The cost of a list is said by each connection; lists inside a document are short.
  complexity: { defaultComplexity: 1, defaultListMultiplier: 1 },
});

/** The type's name and the key in it that a global id stands for. */
function decodeGlobalID(id: string): { typename: string; id: string } {
  const [, typename, key] = /^([A-Za-z]\w*):([^]+)$/.exec(Buffer.from(id, 'base64').toString()) ?? [];
  if (typename && key) return { typename, id: key };
  throw new RegistryError('BAD_USER_INPUT', 'The `id` is malformed: pass one as it was answered.');
}

builder.queryType({ description: 'Everything that can be read.' });

builder.mutationType({ description: 'Everything that can be done, one field a request.' });

builder.subscriptionType({ description: 'Everything that can be followed, as server-sent events.' });

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many rows the whole list has, whatever page is read.',
    resolve: (connection) => connection.totalCount(),
  }),
);

builder.scalarType('DateTime', {
  description: 'A time, RFC 3339, answered in UTC to the microsecond: `2025-09-09T00:16:49.16262Z`.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && isTime(value)) return value;
    throw new GraphQLError('A DateTime is an RFC 3339 time such as "2025-09-09T00:16:49Z".');
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
});

builder.scalarType('Revision', {
  description: 'A place in the change log: 1, 2, 3, … without gaps, in the order of commits; 0 is before the first.',
  serialize: (value) => value,
  parseValue: (value) => {
    const revision = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0) return revision;
    throw new GraphQLError('A Revision is a whole number from 0 upwards.');
  },
});
