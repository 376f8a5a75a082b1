import { z } from 'zod';
import { editVersion } from '../../publish/edit.ts';
import { publish } from '../../publish/publish.ts';
import { setServerStatus, setVersionStatus } from '../../publish/status.ts';
import { operation, type Description, type Operation } from './operation.ts';
import { ServerJson } from './server-json.ts';
import { ServerResponse } from './wire.ts';

const secured: Pick<Description, 'tag' | 'secured'> = { tag: 'publishing', secured: true };
const writeProblems = [400, 401, 403, 409, 422, 429, 503];

const serverName = z
  .string()
  .meta({ description: "The server's name, URL-encoded.", examples: ['com.example/my-server'] });
const version = z.string().meta({ description: 'The version as published, URL-encoded.', examples: ['1.0.0'] });

/** Publishes a server.json; the same one again is answered with what is there. */
export const publishServer = operation({
  described: {
    ...secured,
    id: 'publish-server',
    summary: 'Publish an MCP server',
    description:
      'Publishes one version. Its document is kept byte for byte; the same document again is answered with what is there.',
    answer: ServerResponse,
    problems: writeProblems,
  },
  body: ServerJson,
  raw: true,
  handle: async (context, { text }) => {
    const { version: entry } = await publish(context, { text, dryRun: false });
    return { body: entry!.wire };
  },
});

/** The same at the address that creates a server elsewhere. */
export const createServer: Operation = {
  ...publishServer,
  described: { ...publishServer.described!, id: 'create-server' },
};

/** Corrects a published document; for administrators. */
export const editServer = operation({
  described: {
    ...secured,
    id: 'edit-server-version',
    summary: 'Edit a version',
    description: 'Replaces the document of a version whose name and number stay; for administrators.',
    answer: ServerResponse,
    problems: [...writeProblems, 404],
  },
  params: z.object({ serverName, version }),
  body: ServerJson,
  raw: true,
  handle: async (context, { params, text }) => {
    const edited = await editVersion(context, { name: params.serverName, version: params.version, text, reason: null });
    return { body: edited.wire };
  },
});

const statusBody = z.strictObject({
  status: z.enum(['active', 'deprecated', 'deleted']).meta({ description: 'The status.' }),
  statusMessage: z.string().max(500).optional().meta({ description: 'Why, shown to everyone; none for `active`.' }),
  reason: z.string().max(500).optional().meta({ description: 'Why, for the audit.' }),
});

const statusDescription = 'Active, deprecated or deleted. A deleted version is hidden, and its number stays taken.';

/** Sets the status of one version. */
export const versionStatus = operation({
  described: {
    ...secured,
    id: 'update-server-version-status',
    summary: 'Set the status of a version',
    description: statusDescription,
    answer: ServerResponse,
    problems: [...writeProblems, 404],
  },
  params: z.object({ serverName, version }),
  body: statusBody,
  handle: async (context, { params, body }) => {
    const { serverName: name, version } = params;
    const { status, statusMessage = null, reason } = body;
    return { body: (await setVersionStatus(context, { name, version, status, statusMessage, reason })).wire };
  },
});

const UpdatedVersions = z
  .object({ updatedCount: z.int().min(0), servers: z.array(ServerResponse) })
  .meta({ id: 'UpdatedVersions', description: 'The versions that changed.' });

/** Sets the status of all versions of a server at once. */
export const serverStatus = operation({
  described: {
    ...secured,
    id: 'update-server-status',
    summary: 'Set the status of all versions',
    description: `${statusDescription} All versions of the server, in one transaction.`,
    answer: UpdatedVersions,
    problems: [...writeProblems, 404],
  },
  params: z.object({ serverName }),
  body: statusBody,
  handle: async (context, { params, body }) => {
    const { status, statusMessage = null, reason } = body;
    const changed = await setServerStatus(context, { name: params.serverName, status, statusMessage, reason });
    return { body: `{"updatedCount":${changed.length},"servers":[${changed.map((one) => one.wire).join(',')}]}` };
  },
});
