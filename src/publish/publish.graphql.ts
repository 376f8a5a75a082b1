import { builder } from '../builder.ts';
import { jsonText } from '../json-source.ts';
import { errorRefs, resultType, viewerErrors } from '../results.graphql.ts';
import type { VersionEntry } from '../servers/entries.ts';
import { ValidationIssueRef } from '../servers/validation.graphql.ts';
import type { ValidationIssue } from '../servers/validation/validate.ts';
import { VersionRef } from '../servers/version.graphql.ts';
import { editVersion } from './edit.ts';
import { publish, type Published } from './publish.ts';

builder.objectField(errorRefs.ValidationFailed, 'issues', (t) =>
  t.field({
    type: [ValidationIssueRef],
    description: 'Everything that is wrong, and what could be better.',
    resolve: ({ details }) => (details.issues ?? []) as ValidationIssue[],
  }),
);

builder.objectField(errorRefs.VersionExists, 'existing', (t) =>
  t.field({
    type: VersionRef,
    description: 'The version that is there.',
    resolve: async ({ details }, _args, { loaders }) =>
      (await loaders.version.load(details.existing as { name: string; version: string }))!,
  }),
);

/** The package that does not prove it, as the refusal names it. */
interface UnprovenPackage {
  registryType: string;
  identifier: string;
  version: string | null;
}

const UnprovenPackageRef = builder.objectRef<UnprovenPackage>('UnprovenPackage').implement({
  description: 'A package that does not say that it belongs to the server.',
  fields: (t) => ({
    registryType: t.exposeString('registryType', { description: 'Where it is: `npm`, `pypi`, `oci`.' }),
    identifier: t.exposeString('identifier', { description: 'Its name there.' }),
    version: t.exposeString('version', { nullable: true, description: 'The version that was looked at.' }),
  }),
});

builder.objectField(errorRefs.OwnershipUnproven, 'package', (t) =>
  t.field({
    type: UnprovenPackageRef,
    description: 'The package; the first, where there are several.',
    resolve: ({ details }) => details.package as UnprovenPackage,
  }),
);

builder.objectField(errorRefs.RemoteUrlTaken, 'servers', (t) =>
  t.stringList({
    description: 'The servers that use the addresses.',
    resolve: ({ details }) => (Array.isArray(details.servers) ? details.servers.map(String) : []),
  }),
);

const PublishOutcomeRef = builder.enumType('PublishOutcome', {
  description: 'What became of a server.json.',
  values: {
    CREATED: { value: 'created', description: 'The version is published.' },
    UNCHANGED: { value: 'unchanged', description: 'It was published before, with this very document.' },
    VALID: { value: 'valid', description: 'It can be published; it was only tried.' },
  } as const,
});

const PublishPayloadRef = builder.objectRef<Published>('PublishServerPayload').implement({
  description: 'The server.json is published, or could be.',
  fields: (t) => ({
    outcome: t.field({ type: PublishOutcomeRef, description: 'What became of it.', resolve: ({ outcome }) => outcome }),
    version: t.field({
      type: VersionRef,
      nullable: true,
      description: 'The version; null when it was only tried.',
      resolve: ({ version }) => version,
    }),
    warnings: t.field({
      type: [ValidationIssueRef],
      description: 'What is not wrong, but could be better.',
      resolve: ({ warnings }) => warnings,
    }),
  }),
});

const EditPayloadRef = builder.objectRef<{ version: VersionEntry }>('EditVersionPayload').implement({
  description: 'The document is corrected.',
  fields: (t) => ({
    version: t.field({ type: VersionRef, description: 'The version.', resolve: ({ version }) => version }),
  }),
});

const unsound = ['ValidationFailed', 'NamespaceForbidden', 'OwnershipUnproven', 'RemoteUrlTaken'] as const;

const PublishResult = resultType('PublishServerResult', PublishPayloadRef, [
  ...viewerErrors,
  ...unsound,
  'VersionExists',
  'LimitReached',
  'UpstreamUnavailable',
]);

const EditResult = resultType('EditVersionResult', EditPayloadRef, [
  ...viewerErrors,
  ...unsound,
  'NotFound',
  'UpstreamUnavailable',
]);

const PublishInput = builder.inputType('PublishServerInput', {
  description: 'A server.json to publish.',
  fields: (t) => ({
    document: t.field({
      type: 'JSON',
      required: true,
      description: 'The server.json; sent as a variable it is kept as it was sent, byte for byte.',
    }),
    dryRun: t.boolean({ defaultValue: false, description: 'Whether to check everything and write nothing.' }),
  }),
});

const EditInput = builder.inputType('EditVersionInput', {
  description: 'A correction of a published server.json.',
  fields: (t) => ({
    name: t.string({ required: true, description: "The server's name." }),
    version: t.string({ required: true, description: 'The version; name and version stay as they are.' }),
    document: t.field({ type: 'JSON', required: true, description: 'The whole new server.json.' }),
    reason: t.string({ description: 'Why: the audit keeps it.' }),
  }),
});

builder.mutationFields((t) => ({
  publishServer: t.field({
    type: PublishResult.type,
    description: 'Publishes a version of a server. The same document again is answered with what is there.',
    args: { input: t.arg({ type: PublishInput, required: true, description: 'The server.json.' }) },
    resolve: (_root, { input: { document, dryRun } }, context) =>
      PublishResult.settle(publish(context, { text: jsonText(document), dryRun: dryRun ?? false })),
  }),
  editVersion: t.field({
    type: EditResult.type,
    description: 'Corrects the document of a published version; for administrators.',
    args: { input: t.arg({ type: EditInput, required: true, description: 'Which one, and how it should read.' }) },
    resolve: (_root, { input: { name, version, document, reason } }, context) =>
      EditResult.settle(
        editVersion(context, { name, version, text: jsonText(document), reason: reason ?? null }).then((entry) => ({
          version: entry,
        })),
      ),
  }),
}));
