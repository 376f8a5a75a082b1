import { z } from 'zod';
import { listChanges, MAX_CHANGES, type Change } from '../../servers/changes.ts';
import { LIST_TAG, serverTag } from '../../servers/cache-tags.ts';
import { operation } from './operation.ts';
import { ChangeList } from './wire.ts';

const query = z.strictObject({
  after: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'The revision that is known already: `metadata.revision` of the page before.' }),
  limit: z.int().min(1).max(MAX_CHANGES).default(MAX_CHANGES).meta({ description: 'Changes of a page.' }),
});

/** The change log, page by page: the same as `changes` in GraphQL. */
export const changes = operation({
  described: {
    id: 'list-changes',
    tag: 'changes',
    summary: 'What changed',
    description:
      'What changed behind a revision, oldest first: every publication, edit, change of status and change of `isLatest`. ' +
      'Go on with `after=` `metadata.revision`, at once while `metadata.hasMore`, else when you come back: nothing that ' +
      'was committed is ever missed or told twice. Each version is shown as it is now, deleted ones too.',
    answer: ChangeList,
    problems: [400, 422],
  },
  query,
  handle: async ({ reads, store }, { query: { after, limit } }) => {
    const page = await listChanges({ db: reads, store }, after, limit);
    const metadata = JSON.stringify({ revision: page.revision, hasMore: page.hasMore });
    return {
      body: `{"changes":[${page.changes.map(textOf).join(',')}],"metadata":${metadata}}`,
      tags: [LIST_TAG, ...page.changes.map((change) => serverTag(change.version.nameKey))],
    };
  },
});

/** The version's ready-made text, behind what the log says: no document changes by a byte. */
function textOf({ revision, kind, changedAt, version }: Change): string {
  const entry = JSON.stringify({ revision, kind: kind.toUpperCase(), changedAt });
  return `${entry.slice(0, -1)},${version.wire.slice(1)}`;
}
