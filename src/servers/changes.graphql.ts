import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { listChanges, MAX_CHANGES, type Change, type ChangePage } from './changes.ts';
import { connectionCost } from './connection.ts';
import { createLoaders } from './loaders.ts';
import { readRevision } from './registry.db.ts';
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

const ChangeRef = builder.objectRef<Change>('Change').implement({
  description: 'An entry of the change log.',
  fields: (t) => ({
    revision: t.field({
      type: 'Revision',
      description: 'Its place in the log.',
      resolve: (change) => change.revision,
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

const ChangePageRef = builder.objectRef<ChangePage>('ChangePage').implement({
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
    complexity: ({ first }) => connectionCost({ first: first ?? MAX_CHANGES }),
    args: {
      after: t.arg({
        type: 'Revision',
        defaultValue: 0,
        description: 'The revision that is known already.',
      }),
      first: t.arg.int({ defaultValue: MAX_CHANGES, description: 'How many, 1 to 100.' }),
    },
    resolve: (_root, { after, first }, { reads, store }) =>
      listChanges({ db: reads, store }, after ?? 0, first ?? MAX_CHANGES),
  }),
);

builder.subscriptionField('changes', (t) =>
  t.field({
    type: ChangeRef,
    description:
      'Every change behind a revision, once and in order, as it comes. Whoever is cut off goes on with `after` and the ' +
      '`revision` of the last one.',
    args: {
      after: t.arg({ type: 'Revision', description: 'The revision that is known already; the newest when left out.' }),
    },
    subscribe: (_root, { after }, context) => follow(context, after),
    resolve: (change) => change,
  }),
);

/** Takes a seat until nobody listens any more, and begins where the subscriber stands. */
async function follow(context: Context, after: number | null | undefined): Promise<AsyncIterable<Change>> {
  const { app, address, ended, reads } = context;
  const free = app.seats.follow.take(address);
  ended.addEventListener('abort', free, { once: true });
  if (ended.aborted) free();
  return readAnew(context, app.feed.follow(after ?? (await readRevision(reads.sql)), ended));
}

/** A subscription outlives what a request may remember: what an event asks for is looked up for it alone. */
async function* readAnew(context: Context, changes: AsyncIterable<Change>): AsyncGenerator<Change> {
  for await (const change of changes) {
    context.loaders = createLoaders(context.reads, context.store);
    context.shown.clear();
    yield change;
  }
}
