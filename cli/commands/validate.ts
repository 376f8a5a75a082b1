import type { Cli } from '../cli.ts';
import { defineCommand, flag, optional } from '../command.ts';
import { isTransient } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import { issueLine, type Issue } from '../output.ts';
import { offlineIssues, readServerFile, withLines } from '../server-json.ts';

const Validate = graphql(`
  query Validate($document: JSON!) {
    validateServer(document: $document) {
      valid
      issues {
        path
        severity
        message
        reference
      }
    }
  }
`);

export const validate = defineCommand({
  name: 'validate',
  summary: 'check a server.json, all issues at once',
  description:
    "Checks a server.json as publishing does and keeps nothing: first what can be told offline, then by all of the registry's rules. It does not ask whose the packages are; `mcp publish --dry-run` does.",
  parameters: {
    file: optional('the file; server.json when left out'),
    offline: flag('ask no registry'),
  },
  examples: ['mcp validate', 'mcp validate weather/server.json --json', 'mcp validate --offline'],
  async run(cli, { file, offline }) {
    const read = readServerFile(file);
    const early = offlineIssues(read);
    const issues: Issue[] = offline ? early : await allIssues(cli, read.raw, early);
    const valid = !issues.some(({ severity }) => severity === 'ERROR');
    const placed = withLines(issues, read);
    const { green, red } = cli.output.colors;
    const verdict = valid ? green(`${read.file} is valid.`) : red(`${read.file} is not valid.`);
    return {
      value: { file: read.file, valid, issues: placed },
      lines: [
        ...placed.map((issue) => issueLine(issue, cli.output.colors)),
        offline && valid ? `${read.file} has nothing wrong that can be seen offline.` : verdict,
      ],
      ending: valid ? 'done' : 'refused',
    };
  },
});

/** The registry's issues, and of ours those for whose path it has none; ours alone where it is away. */
async function allIssues({ client }: Cli, document: unknown, early: Issue[]): Promise<Issue[]> {
  const { issues } = await client.ask(Validate, { document }).then(
    (data) => data.validateServer,
    (error: unknown) => {
      if (!isTransient(error) || early.length === 0) throw error;
      return { issues: [] };
    },
  );
  const paths = new Set(issues.map(({ path }) => path));
  return [...issues, ...early.filter(({ path }) => !paths.has(path))];
}
