import { z } from 'zod';
import { RegistryError } from '../../errors.ts';
import { isTime } from '../../input.ts';
import { listVersions, type VersionFilter } from '../../servers/list.ts';
import { LIST_TAG, serverTag } from '../../servers/cache-tags.ts';
import { toListCursor } from './cursor.ts';
import { operation } from './operation.ts';
import { includeDeleted, statusesShown } from './server.ts';
import { listBody, ServerList } from './wire.ts';

const query = z.object({
  cursor: z
    .string()
    .optional()
    .meta({ description: 'Where the page begins: `metadata.nextCursor` of the one before.' }),
  limit: z
    .int()
    .min(1)
    .max(100)
    .default(30)
    .meta({ description: 'Rows of a page.', examples: [50] }),
  updated_since: z
    .string()
    .optional()
    .meta({
      description: 'Only what changed after this RFC 3339 time; brings deleted versions too.',
      examples: ['2025-08-07T13:15:04.280Z'],
    }),
  search: z
    .string()
    .max(256)
    .optional()
    .meta({
      description: 'Only names and descriptions that hold this text, in any case.',
      examples: ['filesystem'],
    }),
  version: z
    .string()
    .optional()
    .meta({
      description: '`latest` for the latest version of each server, else an exact version.',
      examples: ['latest', '1.2.3'],
    }),
  include_deleted: includeDeleted,
});

/** Lists versions of all servers by name and version text, with the official registry's parameters (section 1.3). */
export const servers = operation({
  described: {
    id: 'list-servers',
    tag: 'servers',
    summary: 'List MCP servers',
    description:
      'A page of published versions, by name and then by version as text: without `version=latest` that is every ' +
      'version of a server, its oldest often first. Go on with `metadata.nextCursor` until there is none.',
    answer: ServerList,
    problems: [400, 422],
  },
  query,
  handle: async ({ reads, store }, { query }) => {
    const after = query.cursor === undefined ? null : toListCursor(query.cursor);
    const page = { limit: query.limit, backwards: false, after, before: null };
    const list = await listVersions(reads.sql, page, toFilter(query));
    const entries = await store.versions(list.rows);
    const nextCursor = list.hasNextPage ? list.rows.at(-1)?.cursor : undefined;
    return {
      body: listBody(entries, nextCursor),
      tags: [LIST_TAG, ...entries.map((entry) => serverTag(entry.nameKey))],
    };
  },
});

function toFilter(asked: z.output<typeof query>): VersionFilter {
  checkUpdatedSince(asked.updated_since, asked.include_deleted);
  const latest = asked.version === 'latest';
  return {
    search: asked.search,
    version: latest ? null : asked.version,
    isLatest: latest ? true : null,
    updatedSince: asked.updated_since,
    status: asked.updated_since === undefined ? statusesShown(asked.include_deleted) : null,
  };
}

function checkUpdatedSince(since: string | undefined, deleted: boolean | undefined): void {
  if (since === undefined) return;
  if (!isTime(since)) {
    throw new RegistryError(
      'BAD_USER_INPUT',
      'Invalid updated_since format: expected RFC3339 timestamp (e.g., 2025-08-07T13:15:04.280Z)',
    );
  }
  if (deleted === false) {
    throw new RegistryError(
      'BAD_USER_INPUT',
      'Cannot set include_deleted=false when using updated_since (incremental sync requires deleted servers)',
    );
  }
}
