import { z } from 'zod';
import { RegistryError } from '../../errors.ts';
import type { VersionEntry } from '../../servers/entries.ts';
import type { ServerStatus } from '../../servers/rows.ts';
import { listServerVersions } from '../../servers/server-versions.ts';
import { serverTag } from '../../servers/cache-tags.ts';
import { operation, type Answer } from './operation.ts';
import { listBody, ServerList, ServerResponse } from './wire.ts';

/** The parameter of every read that can hide what was deleted. */
export const includeDeleted = z
  .boolean()
  .optional()
  .meta({ description: 'Whether deleted versions count too; they do not when left out.' });

/** The statuses to show; null where the rules of lists decide: all but deleted. */
export const statusesShown = (deleted: boolean | undefined): ServerStatus[] | null =>
  deleted ? ['active', 'deprecated', 'deleted'] : null;

const serverName = z.string().meta({
  description: "The server's name in any case; in the path it stands URL-encoded: `com.example%2Fmy-server`.",
  examples: ['com.example/my-server'],
});
const query = z.object({ include_deleted: includeDeleted });

/** There is no paging here: more than any server has. */
const ALL = 1_000_000;

/** All versions of a server, newest first. */
export const versionsOfServer = operation({
  described: {
    id: 'get-server-versions',
    tag: 'servers',
    summary: 'All versions of an MCP server',
    description: 'Every version of one server, newest first.',
    answer: ServerList,
    problems: [400, 404, 422],
  },
  query,
  params: z.object({ serverName }),
  handle: async ({ reads, store, loaders }, { query, params }) => {
    const server = await loaders.server.load(params.serverName);
    if (!server) throw notFound();
    const page = { limit: ALL, backwards: false, after: null, before: null };
    const filter = { status: statusesShown(query.include_deleted) };
    const list = await listServerVersions(reads.sql, server, page, filter);
    const entries = await store.versions(list.rows);
    if (entries.length === 0) throw notFound();
    return { body: listBody(entries), tags: [serverTag(server.nameKey)] };
  },
});

/** The latest version of a server: the greatest semantic version or, without any, the newest. */
export const latestVersion = operation({
  described: {
    id: 'get-latest-server-version',
    tag: 'servers',
    summary: 'Latest version of an MCP server',
    description:
      'The version to use: the greatest semantic version or, without any, the newest; ' +
      'with `include_deleted` also the newest of a server whose versions are all deleted.',
    answer: ServerResponse,
    problems: [400, 404, 422],
  },
  query,
  params: z.object({ serverName }),
  handle: async ({ loaders }, { query, params }) =>
    answerVersion(await loaders.head.load(params.serverName), query.include_deleted),
});

/** One exact version of a server. */
export const exactVersion = operation({
  described: {
    id: 'get-server-version',
    tag: 'servers',
    summary: 'One version of an MCP server',
    description: 'One exact version; `latest` is the latest one.',
    answer: ServerResponse,
    problems: [400, 404, 422],
  },
  query,
  params: z.object({
    serverName,
    version: z.string().meta({ description: 'The version as published, URL-encoded.', examples: ['1.0.0'] }),
  }),
  handle: async ({ loaders }, { query, params }) =>
    answerVersion(
      await loaders.version.load({ name: params.serverName, version: params.version }),
      query.include_deleted,
    ),
});

function answerVersion(entry: VersionEntry | null, deleted: boolean | undefined): Answer {
  if (!entry || (entry.status === 'deleted' && !deleted)) throw notFound();
  return { body: entry.wire, tags: [serverTag(entry.nameKey)] };
}

const notFound = () => new RegistryError('NOT_FOUND', 'Server not found');
