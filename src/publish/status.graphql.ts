import { builder } from '../builder.ts';
import { resultType, viewerErrors } from '../results.graphql.ts';
import type { VersionEntry } from '../servers/entries.ts';
import { ServerStatusRef } from '../servers/filter.graphql.ts';
import { ServerRef } from '../servers/server.graphql.ts';
import { VersionRef } from '../servers/version.graphql.ts';
import { setServerStatus, setVersionStatus } from './status.ts';

const VersionPayloadRef = builder.objectRef<{ version: VersionEntry }>('SetVersionStatusPayload').implement({
  description: 'The version has the status from here on.',
  fields: (t) => ({
    version: t.field({ type: VersionRef, description: 'The version.', resolve: ({ version }) => version }),
  }),
});

const ServerPayloadRef = builder.objectRef<{ versions: VersionEntry[] }>('SetServerStatusPayload').implement({
  description: 'All versions of the server have the status from here on.',
  fields: (t) => ({
    server: t.field({
      type: ServerRef,
      description: 'The server.',
      resolve: async ({ versions }, _args, { loaders }) => (await loaders.server.load(versions[0]!.name))!,
    }),
    updatedCount: t.int({
      description: 'How many versions had another status or message before.',
      resolve: ({ versions }) => versions.length,
    }),
  }),
});

const statusErrors = [
  ...viewerErrors,
  'NamespaceForbidden',
  'NotFound',
  'RemoteUrlTaken',
  'UpstreamUnavailable',
] as const;
const VersionResult = resultType('SetVersionStatusResult', VersionPayloadRef, [...statusErrors]);
const ServerResult = resultType('SetServerStatusResult', ServerPayloadRef, [...statusErrors]);

const message = 'Shown to everyone who looks at it; at most 500 characters, and none for ACTIVE.';
const reason = 'Why, for the audit: administrators who take something down say it here or in the message.';

const VersionStatusInput = builder.inputType('SetVersionStatusInput', {
  description: 'A version and its new status.',
  fields: (t) => ({
    name: t.string({ required: true, description: "The server's name." }),
    version: t.string({ required: true, description: 'The version.' }),
    status: t.field({ type: ServerStatusRef, required: true, description: 'The status.' }),
    statusMessage: t.string({ description: message }),
    reason: t.string({ description: reason }),
  }),
});

const ServerStatusInput = builder.inputType('SetServerStatusInput', {
  description: 'A server and the new status of all its versions.',
  fields: (t) => ({
    name: t.string({ required: true, description: "The server's name." }),
    status: t.field({ type: ServerStatusRef, required: true, description: 'The status.' }),
    statusMessage: t.string({ description: message }),
    reason: t.string({ description: reason }),
  }),
});

builder.mutationFields((t) => ({
  setVersionStatus: t.field({
    type: VersionResult.type,
    description: 'Deprecates, deletes or restores a version. A deleted one is hidden, and its number stays taken.',
    args: { input: t.arg({ type: VersionStatusInput, required: true, description: 'Which one, and its status.' }) },
    resolve: (_root, { input }, context) =>
      VersionResult.settle(
        setVersionStatus(context, { ...input, statusMessage: input.statusMessage ?? null }).then((version) => ({
          version,
        })),
      ),
  }),
  setServerStatus: t.field({
    type: ServerResult.type,
    description: 'Deprecates, deletes or restores all versions of a server at once.',
    args: { input: t.arg({ type: ServerStatusInput, required: true, description: 'Which one, and its status.' }) },
    resolve: (_root, { input }, context) =>
      ServerResult.settle(
        setServerStatus(context, { ...input, statusMessage: input.statusMessage ?? null }).then((versions) => ({
          versions,
        })),
      ),
  }),
}));
