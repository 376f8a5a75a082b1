import type { Cli } from '../cli.ts';
import { oneLine } from '../clean.ts';
import { succeed } from '../client.ts';
import { defineCommand, flag, optional, required, value } from '../command.ts';
import { CliError, usage } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import type { ServerStatus } from '../gql/graphql.ts';
import { askAsViewer, notLoggedIn, tokenOf } from '../session.ts';
import { listVersions } from './versions.ts';

const StatusOf = graphql(`
  query StatusOf($name: String!, $version: String!) {
    serverVersion(name: $name, version: $version, includeDeleted: true) {
      version
      status
    }
  }
`);

const SetVersionStatus = graphql(`
  mutation SetVersionStatus($input: SetVersionStatusInput!) {
    setVersionStatus(input: $input) {
      __typename
      ... on SetVersionStatusPayload {
        version {
          name
          version
          status
          statusMessage
        }
      }
      ...Refusal
    }
  }
`);

const SetServerStatus = graphql(`
  mutation SetServerStatus($input: SetServerStatusInput!) {
    setServerStatus(input: $input) {
      __typename
      ... on SetServerStatusPayload {
        updatedCount
        server {
          name
          status
        }
      }
      ...Refusal
    }
  }
`);

export const status = defineCommand({
  name: 'status',
  summary: 'deprecate, delete or restore a version, or all of them',
  description:
    'Changes the status of a version, or with --all-versions of all in one go, after showing which. A deleted version is hidden, and its number stays taken; `--set active` restores it.',
  parameters: {
    name: required('the server, such as io.github.alice/weather'),
    version: optional('the version'),
    set: value('status', 'what it becomes', ['active', 'deprecated', 'deleted']),
    message: value('text', 'why, shown to everyone who looks at it'),
    allVersions: flag('all versions of the server'),
    yes: flag('ask nothing', '-y'),
  },
  examples: [
    'mcp status io.github.alice/weather 1.0.0 --set deprecated --message "Use 2.0.0."',
    'mcp status --set deleted --all-versions --yes io.github.alice/weather',
  ],
  async run(cli, { name, version, set, message, allVersions, yes }) {
    if (set === undefined) throw usage('Say what it becomes: --set active, deprecated or deleted.');
    if ((version === undefined) !== allVersions) throw usage('Name one version, or say --all-versions.');
    const token = await tokenOf(cli);
    if (token === null) throw notLoggedIn(cli);
    const becomes = set.toUpperCase() as ServerStatus;
    const found =
      version === undefined
        ? (await listVersions(cli, name, 10_000, token)).versions
        : [await findOne(cli, name, version)];
    await confirm(cli, { name, found, becomes, yes });
    const input = { name, status: becomes, statusMessage: message ?? null };
    if (version === undefined) {
      const { updatedCount, server } = succeed((await askAsViewer(cli, SetServerStatus, { input })).setServerStatus);
      return {
        value: { name: server.name, status: server.status, updatedCount },
        lines: [`${server.name}: ${versionsOf(updatedCount)} ${set} now.`],
      };
    }
    const done = succeed(
      (await askAsViewer(cli, SetVersionStatus, { input: { ...input, version } })).setVersionStatus,
    ).version;
    return { value: done, lines: [`${done.name} ${done.version} is ${done.status.toLowerCase()} now.`] };
  },
});

const versionsOf = (count: number) => `${count} ${count === 1 ? 'version is' : 'versions are'}`;

async function findOne(cli: Cli, name: string, version: string) {
  const { serverVersion } = await askAsViewer(cli, StatusOf, { name, version });
  if (serverVersion) return serverVersion;
  throw new CliError(
    'refused',
    'NOT_FOUND',
    `There is no version ${version} of ${name} at ${cli.registry}: \`mcp versions ${name}\` lists them.`,
  );
}

interface Question {
  name: string;
  found: { version: string; status: string }[];
  becomes: ServerStatus;
  yes: boolean;
}

async function confirm({ output, terminal }: Cli, { name, found, becomes, yes }: Question): Promise<void> {
  output.note(`This changes ${found.length} of ${name}:`);
  for (const one of found) {
    output.note(`  ${oneLine(one.version)}: ${one.status.toLowerCase()} → ${becomes.toLowerCase()}`);
  }
  if (yes) return;
  if (!terminal.isInteractive) throw usage('There is no terminal to ask on: say --yes if this is meant.');
  if (!(await terminal.confirm('Change it?'))) throw new CliError('refused', 'CANCELLED', 'Nothing was changed.');
}
