import { defineCommand } from '../command.ts';
import { CliError } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import { askAsViewer } from '../session.ts';

const Whoami = graphql(`
  query Whoami {
    viewer {
      method
      subject
      isApiToken
      expiresAt
      namespaces {
        name
        problem
      }
      permissions {
        action
        resource
      }
    }
  }
`);

export const whoami = defineCommand({
  name: 'whoami',
  summary: 'show who you are to the registry, and what you may publish',
  parameters: {},
  examples: ['mcp whoami', 'mcp whoami --json | jq -r ".permissions[].resource"'],
  async run(cli) {
    const { viewer } = await askAsViewer(cli, Whoami, {});
    if (!viewer) throw new CliError('login', 'UNAUTHENTICATED', 'Your login has ended: run `mcp login` again.');
    const { bold, yellow, dim } = cli.output.colors;
    const kind = viewer.isApiToken ? 'API token' : viewer.method;
    return {
      value: { registry: cli.registry, ...viewer },
      lines: [
        `${bold(viewer.subject)} at ${cli.registry} (${kind}, until ${viewer.expiresAt})`,
        ...viewer.permissions.map(({ action, resource }) => `  may ${action.toLowerCase()} ${resource}`),
        ...viewer.namespaces.flatMap(({ name, problem }) =>
          problem === null ? [] : [yellow(`  ${name}: ${problem}`)],
        ),
        ...(viewer.permissions.length === 0 ? [dim('  may publish nothing: no namespace is yours yet')] : []),
      ],
    };
  },
});
