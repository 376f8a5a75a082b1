import { builder } from '../builder.ts';
import type { ChangeRow } from './changes.db.ts';
import { listChanges, type ChangePage } from './changes.ts';
import { connectionCost } from './connection.ts';
import type { VersionEntry } from './entries.ts';
import { VersionRef } from './version.graphql.ts';

const ChangeKindRef = builder.enumType('ChangeKind', {
  description: 'What changed.',
  values: {
    PUBLISHED: { value: 'published', description: 'The version is new.' },
    EDITED: { value: 'edited', description: 'Its document was corrected.' },
    STATUS_CHANGED: { value: 'status_changed', description: 'Its status or status message changed.' },
    LATEST_CHANGED: { value: 'latest_changed', description: 'It became or ceased to be the latest version.' },
  } as const,
});

type Change = Omit<ChangeRow, 'version'> & { version: VersionEntry };

const ChangeRef = builder.objectRef<Change>('Change').implement({
  description: 'An entry of the change log.',
  fields: (t) => ({
    revision: t.field({
      type: 'Revision',
      description: 'Its place in the log.',
      resolve: (change) => change.changeRevision,
    }),
    kind: t.field({ type: ChangeKindRef, description: 'What changed.', resolve: (change) => change.kind }),
    changedAt: t.field({
      type: 'DateTime',
      description: 'When it changed here.',
      resolve: (change) => change.changedAt,
    }),
    version: t.field({
      type: VersionRef,
      description: 'The version that changed, as it is now.',
      resolve: (change) => change.version,
    }),
  }),
});

const ChangePageRef = builder.objectRef<Omit<ChangePage, 'changes'> & { changes: Change[] }>('ChangePage').implement({
  description: 'A page of the change log, oldest first.',
  fields: (t) => ({
    changes: t.field({ type: [ChangeRef], description: 'The changes.', resolve: (page) => page.changes }),
    revision: t.field({
      type: 'Revision',
      description: 'Where to go on: pass it as `after`.',
      resolve: (page) => page.revision,
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether there are more changes already.' }),
  }),
});

builder.queryField('changes', (t) =>
  t.field({
    type: ChangePageRef,
    description: 'What changed behind a revision; whoever goes on from `revision` misses nothing.',
    complexity: ({ first }) => connectionCost({ first: first ?? 100 }),
    args: {
      after: t.arg({
        type: 'Revision',
        defaultValue: 0,
        description: 'The revision that is known already.',
      }),
      first: t.arg.int({ defaultValue: 100, description: 'How many, 1 to 100.' }),
    },
    resolve: async (_root, { after, first }, { app }) => {
      const page = await listChanges(app.db.sql, after ?? 0, first ?? 100);
      const versions = new Map((await app.store.versions(page.changes)).map((version) => [version.id, version]));
      return { ...page, changes: page.changes.map((change) => ({ ...change, version: versions.get(change.id)! })) };
    },
  }),
);
