import { oneLine } from '../clean.ts';
import type { Cli } from '../cli.ts';
import { defineCommand, flag, value } from '../command.ts';
import { follow } from '../follow.ts';
import { graphql } from '../gql/gql.ts';
import type { ChangeFieldsFragment } from '../gql/graphql.ts';
import { toJson } from '../output.ts';
import { readNumber } from '../wait.ts';

export const ChangeFields = graphql(`
  fragment ChangeFields on Change {
    revision
    kind
    changedAt
    version {
      name
      version
      status
      isLatest
    }
  }
`);

const NewestRevision = graphql(`
  query NewestRevision {
    registry {
      revision
    }
  }
`);

const Changes = graphql(`
  query Changes($after: Revision!, $first: Int!) {
    changes(after: $after, first: $first) {
      revision
      hasMore
      changes {
        ...ChangeFields
      }
    }
  }
`);

const FollowChanges = graphql(`
  subscription FollowChanges($after: Revision) {
    changes(after: $after) {
      ...ChangeFields
    }
  }
`);

const NEWEST = 30;

export const changes = defineCommand({
  name: 'changes',
  summary: 'show what changed in the registry, or follow it',
  description:
    'Shows the newest changes, or all behind a revision. With --follow it goes on with each change as it comes, and after a cut where it was; Ctrl-C ends it. With --json the answer is one value in any case: following, one array, an element a line, that ends with the command.',
  parameters: {
    after: value('revision', 'begin behind this revision'),
    limit: value('number', 'how many at most; 30 when left out, without end when following'),
    follow: flag('go on as changes come', '-f'),
  },
  examples: ['mcp changes', 'mcp changes --after 1200 --limit 100 --json', 'mcp changes --follow'],
  async run(cli, { after, limit, follow: follows }) {
    const since =
      after === undefined
        ? null
        : readNumber(after, 'after', { least: 0, most: Number.MAX_SAFE_INTEGER, otherwise: 0 });
    if (follows) {
      const most = readNumber(limit, 'limit', { most: 1_000_000_000, otherwise: Infinity });
      return followed(cli, since, most);
    }
    const first = readNumber(limit, 'limit', { most: 100, otherwise: NEWEST });
    const from = since ?? Math.max(0, (await cli.client.ask(NewestRevision, {})).registry.revision - first);
    const page = (await cli.client.ask(Changes, { after: from, first })).changes;
    if (page.changes.length === 0) cli.output.note(`Nothing behind revision ${from}.`);
    return { value: page, lines: page.changes.map(line) };
  },
});

const line = ({ revision, kind, changedAt, version: { name, version, status, isLatest } }: ChangeFieldsFragment) =>
  `${String(revision).padEnd(8)} ${changedAt.slice(0, 19)}Z  ${kind.toLowerCase().padEnd(14)} ${oneLine(name)} ${oneLine(version)} ${status.toLowerCase()}${isLatest ? ', latest' : ''}`;

/** Writes each change as it comes; what is left for the end is the end of the array. */
async function followed({ client, registry, output }: Cli, after: number | null, most: number) {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  output.note(`Following ${registry}; Ctrl-C ends it.`);
  let count = 0;
  const begin = () => output.stream(output.json ? '[' : '');
  const resumed = (seconds: number) => output.note(`The connection is cut; trying again in ${seconds} s.`);
  try {
    const events = follow(client, { document: FollowChanges, after, signal: stop.signal, onCut: resumed });
    for await (const change of events) {
      if (count === 0) begin();
      count += 1;
      output.stream(output.json ? `${count > 1 ? ',' : ''}\n${toJson(change, 0)}` : `${line(change)}\n`);
      if (count >= most) break;
    }
    if (count === 0) begin();
  } finally {
    stop.abort();
    // What could not be begun is a failure like any other; what was begun is ended.
    if (output.isStreaming()) output.stream(output.json ? '\n]\n' : '');
  }
  return { value: count };
}
