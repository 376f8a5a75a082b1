import { LoginOptionsRef } from '../auth/login-options.graphql.ts';
import { builder } from '../builder.ts';
import { MAX_NAME } from '../input.ts';
import { readCounts, type Counts } from './registry.db.ts';
import { documentLimits } from './validation/limits.ts';
import { SCHEMA_VERSIONS } from './validation/schema-version.ts';

/** Counting everything is dearer than any list; in fields, as all costs are. */
const COUNTING_COST = 1_000;

/** The oldest `mcp` that still does all it says here; raise it with a change that an older one gets wrong. */
const MINIMUM_CLIENT_VERSION = '0.1.0';

const LimitsRef = builder.objectRef<object>('Limits').implement({
  description: 'The limits of what is published and asked.',
  fields: (t) => ({
    pageSize: t.int({ description: 'Rows of a page at most.', resolve: () => 100 }),
    nameLength: t.int({ description: 'Characters of a name or version at most.', resolve: () => MAX_NAME }),
    versionsPerServer: t.int({ description: 'Versions of one server at most.', resolve: () => 10_000 }),
  }),
});

const limit = (name: keyof typeof documentLimits, description: string) => ({
  description,
  resolve: () => documentLimits[name],
});

builder.objectFields(LimitsRef, (t) => ({
  documentBytes: t.int(limit('bytes', 'Bytes of a server.json at most.')),
  documentDepth: t.int(limit('depth', 'How deep its objects and lists may nest.')),
  documentValues: t.int(limit('values', 'Values in it at most, of any kind.')),
  descriptionLength: t.int(limit('descriptionLength', 'Characters of its description at most.')),
  titleLength: t.int(limit('titleLength', 'Characters of its title at most.')),
  packages: t.int(limit('packages', 'Packages in it at most.')),
  remotes: t.int(limit('remotes', 'Remotes in it at most.')),
  icons: t.int(limit('icons', 'Icons in it at most.')),
  listEntries: t.int(
    limit('listEntries', 'Entries of each list inside of these at most: arguments, variables, headers.'),
  ),
  urlLength: t.int(limit('urlLength', 'Characters of a URL at most.')),
  identifierLength: t.int(limit('identifierLength', "Characters of a package's identifier at most.")),
  publisherMetadataBytes: t.int(limit('publisherMetadataBytes', "Bytes of the publisher's part of `_meta` at most.")),
}));

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
      resolve: () => [...SCHEMA_VERSIONS],
    }),
    limits: t.field({
      type: LimitsRef,
      description: 'The limits of what is published and asked.',
      resolve: () => ({}),
    }),
    login: t.field({
      type: LoginOptionsRef,
      description: 'How to log in here.',
      resolve: (_registry, _args, { app }) => app.config,
    }),
    minimumClientVersion: t.string({
      description: "The oldest version of this project's command line that works with this registry.",
      resolve: () => MINIMUM_CLIENT_VERSION,
    }),
  }),
});

builder.queryField('registry', (t) =>
  t.field({
    type: RegistryRef,
    description: 'The registry as a whole.',
    complexity: COUNTING_COST,
    resolve: (_root, _args, { reads }) => readCounts(reads.sql),
  }),
);
