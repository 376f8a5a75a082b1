import { oneLine } from '../clean.ts';
import { defineCommand, rest, value } from '../command.ts';
import { graphql } from '../gql/gql.ts';
import { table } from '../output.ts';
import { readNumber } from '../wait.ts';

const Search = graphql(`
  query Search($search: String!, $first: Int!, $after: String) {
    servers(first: $first, after: $after, filter: { search: $search }) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          name
          title
          description
          status
          latestVersion {
            version
          }
        }
      }
    }
  }
`);

export const search = defineCommand({
  name: 'search',
  summary: 'find servers by words in name, title and description',
  parameters: {
    words: rest('words that must all occur; beginnings of words and one typo will do'),
    limit: value('number', 'how many at most, 1 to 100; 30 when left out'),
    after: value('cursor', 'go on behind a page: the `nextCursor` of --json'),
  },
  examples: ['mcp search weather forecast', 'mcp search postgres --limit 5 --json'],
  async run({ client, output }, { words, limit, after }) {
    const first = readNumber(limit, 'limit', { most: 100, otherwise: 30 });
    const { servers } = await client.ask(Search, { search: words.join(' '), first, after: after ?? null });
    const found = servers.edges.map(({ node: { latestVersion, ...server } }) => ({
      ...server,
      version: latestVersion?.version ?? null,
    }));
    const { hasNextPage, endCursor } = servers.pageInfo;
    const rows = found.map(({ name, version, status, title, description }) => [
      oneLine(name),
      oneLine(version ?? '', 30),
      oneLine(`${status === 'ACTIVE' ? '' : `[${status.toLowerCase()}] `}${title ? `${title}: ` : ''}${description}`),
    ]);
    if (found.length === 0) output.note('Nothing found: try fewer words.');
    else if (hasNextPage) output.note(`${found.length} of ${servers.totalCount}; --limit shows more.`);
    return {
      value: { servers: found, totalCount: servers.totalCount, nextCursor: hasNextPage ? endCursor : null },
      lines: table(rows),
    };
  },
});
