import { pageOf } from '../address.ts';
import { oneLine } from '../clean.ts';
import { defineCommand, optional, required } from '../command.ts';
import { CliError } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import type { ShowQuery } from '../gql/graphql.ts';
import { installLines } from '../install.ts';
import type { Colors } from '../output.ts';

const Show = graphql(`
  query Show($name: String!, $version: String!, $includeDeleted: Boolean!) {
    serverVersion(name: $name, version: $version, includeDeleted: $includeDeleted) {
      name
      version
      title
      description
      websiteUrl
      status
      statusMessage
      isLatest
      publishedAt
      updatedAt
      digest
      publisher {
        method
        subject
      }
      repository {
        url
      }
      document
    }
  }
`);

export const show = defineCommand({
  name: 'show',
  summary: 'show a server and how to install it',
  parameters: {
    name: required('the server, such as io.github.alice/weather'),
    version: optional('the version; the latest when left out'),
  },
  examples: ['mcp show io.github.alice/weather', 'mcp show io.github.alice/weather 1.0.0 --json | jq .document'],
  async run({ client, registry, output }, { name, version }) {
    const variables = { name, version: version ?? 'latest', includeDeleted: version !== undefined };
    const { serverVersion } = await client.ask(Show, variables);
    if (!serverVersion) {
      const what = version === undefined ? `server ${name}` : `version ${version} of ${name}`;
      throw new CliError(
        'refused',
        'NOT_FOUND',
        `There is no ${what} at ${registry}: \`mcp search\` and \`mcp versions\` show what there is.`,
      );
    }
    const url = pageOf(registry, serverVersion.name);
    const install = installLines(serverVersion.name, serverVersion.document);
    return { value: { ...serverVersion, url, install }, lines: lines(serverVersion, { url, install }, output.colors) };
  },
});

type Shown = NonNullable<ShowQuery['serverVersion']>;

function lines(
  one: Shown,
  { url, install }: { url: string; install: ReturnType<typeof installLines> },
  colors: Colors,
): string[] {
  const { bold, dim, yellow, cyan } = colors;
  const fact = (name: string, text: string | null | undefined) =>
    text ? [`${dim(name.padEnd(11))} ${oneLine(text)}`] : [];
  const state = `${one.status.toLowerCase()}${one.isLatest ? ', latest' : ''}`;
  return [
    `${bold(oneLine(one.name))} ${oneLine(one.version)} ${dim(`(${state})`)}`,
    ...(one.title ? [oneLine(one.title)] : []),
    oneLine(one.description, 500),
    ...(one.statusMessage ? [yellow(oneLine(one.statusMessage, 500))] : []),
    '',
    ...fact('Page', url),
    ...fact(
      'Published',
      `${one.publishedAt}${one.publisher ? ` by ${one.publisher.subject} (${one.publisher.method})` : ''}`,
    ),
    ...fact('Repository', one.repository?.url),
    ...fact('Web site', one.websiteUrl),
    ...fact('Digest', one.digest),
    ...install.flatMap(({ client, lines: text }) => [
      '',
      bold(client),
      ...text.map((line) => `  ${cyan(oneLine(line, 2_000))}`),
    ]),
  ];
}
