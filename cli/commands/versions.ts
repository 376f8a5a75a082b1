import { oneLine } from '../clean.ts';
import type { Cli } from '../cli.ts';
import { defineCommand, required, value } from '../command.ts';
import { CliError } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import { table } from '../output.ts';
import { readNumber } from '../wait.ts';

const Versions = graphql(`
  query Versions($name: String!, $first: Int!, $after: String) {
    server(name: $name, includeDeleted: true) {
      name
      versions(first: $first, after: $after, filter: { status: [ACTIVE, DEPRECATED, DELETED] }) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            version
            status
            statusMessage
            isLatest
            publishedAt
          }
        }
      }
    }
  }
`);

const PAGE = 100;

export const versions = defineCommand({
  name: 'versions',
  summary: 'list the versions of a server, newest first',
  parameters: {
    name: required('the server, such as io.github.alice/weather'),
    limit: value('number', 'how many at most; 100 when left out'),
  },
  examples: [
    'mcp versions io.github.alice/weather',
    'mcp versions io.github.alice/weather --json | jq -r ".versions[].version"',
  ],
  async run(cli, { name, limit }) {
    const most = readNumber(limit, 'limit', { most: 10_000, otherwise: PAGE });
    const found = await listVersions(cli, name, most);
    const rows = found.versions.map(({ version, status, statusMessage, isLatest, publishedAt }) => [
      oneLine(version),
      status.toLowerCase(),
      isLatest ? 'latest' : '',
      publishedAt.slice(0, 10),
      oneLine(statusMessage ?? ''),
    ]);
    if (found.totalCount > rows.length) cli.output.note(`${rows.length} of ${found.totalCount}; --limit shows more.`);
    return { value: found, lines: table(rows) };
  },
});

/** The versions of a server, of every status, newest first; throws NOT_FOUND. */
export async function listVersions(
  { client, registry }: Pick<Cli, 'client' | 'registry'>,
  name: string,
  most: number,
  token?: string,
) {
  const all = [];
  for (let after: string | null = null; ;) {
    const first = Math.min(PAGE, most - all.length);
    const { server }: Awaited<ReturnType<typeof page>> = await page(client, { name, first, after }, token);
    if (!server) {
      throw new CliError(
        'refused',
        'NOT_FOUND',
        `There is no server ${name} at ${registry}: \`mcp search\` finds names.`,
      );
    }
    const { totalCount, pageInfo, edges } = server.versions;
    all.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage || all.length >= most || edges.length === 0) {
      return { name: server.name, totalCount, versions: all };
    }
    after = pageInfo.endCursor;
  }
}

const page = (
  client: Cli['client'],
  variables: { name: string; first: number; after: string | null },
  token?: string,
) => client.ask(Versions, variables, token);
