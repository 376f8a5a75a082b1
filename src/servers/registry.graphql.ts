import { builder } from '../builder.ts';
import { MAX_NAME } from '../input.ts';
import { readCounts, type Counts } from './registry.db.ts';

/** The server.json schemas that are understood, oldest first (official-registry 2). */
const SCHEMA_VERSIONS = ['2025-07-09', '2025-09-16', '2025-09-29', '2025-10-11', '2025-10-17', '2025-12-11'];

/** Counting everything is dearer than any list; in fields, as all costs are. */
const COUNTING_COST = 1_000;

const LimitsRef = builder.objectRef<object>('Limits').implement({
  description: 'The limits of what is published and asked.',
  fields: (t) => ({
    pageSize: t.int({ description: 'Rows of a page at most.', resolve: () => 100 }),
    nameLength: t.int({ description: 'Characters of a name or version at most.', resolve: () => MAX_NAME }),
    versionsPerServer: t.int({ description: 'Versions of one server at most.', resolve: () => 10_000 }),
  }),
});

const RegistryRef = builder.objectRef<Counts>('Registry').implement({
  description: 'The registry as a whole.',
  fields: (t) => ({
    revision: t.field({
      type: 'Revision',
      description: 'The newest revision.',
      resolve: (registry) => registry.revision,
    }),
    serverCount: t.exposeInt('servers', { description: 'Servers that are not deleted.' }),
    versionCount: t.exposeInt('versions', { description: 'Versions that are not deleted.' }),
    namespaceCount: t.exposeInt('namespaces', { description: 'Namespaces with a server that is not deleted.' }),
    schemaVersions: t.stringList({
      description: 'The server.json schemas that are understood, oldest first.',
      resolve: () => SCHEMA_VERSIONS,
    }),
    limits: t.field({
      type: LimitsRef,
      description: 'The limits of what is published and asked.',
      resolve: () => ({}),
    }),
  }),
});

builder.queryField('registry', (t) =>
  t.field({
    type: RegistryRef,
    description: 'The registry as a whole.',
    complexity: COUNTING_COST,
    resolve: (_root, _args, { app }) => readCounts(app.db.sql),
  }),
);
