import { succeed } from '../client.ts';
import { defineCommand, list, required, value } from '../command.ts';
import { CliError, usage } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import type { PermissionAction } from '../gql/graphql.ts';
import { table } from '../output.ts';
import { askAsViewer } from '../session.ts';
import { readNumber } from '../wait.ts';

export const TokenFields = graphql(`
  fragment TokenFields on ApiToken {
    id
    name
    names
    actions
    createdAt
    expiresAt
    lastUsedAt
  }
`);

const CreateToken = graphql(`
  mutation CreateToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      __typename
      ... on CreateApiTokenPayload {
        token
        apiToken {
          ...TokenFields
        }
      }
      ...Refusal
    }
  }
`);

const ListTokens = graphql(`
  query ListTokens {
    viewer {
      apiTokens {
        ...TokenFields
      }
    }
  }
`);

const RevokeToken = graphql(`
  mutation RevokeToken($id: String!) {
    revokeApiToken(input: { id: $id }) {
      __typename
      ... on RevokeApiTokenPayload {
        id
      }
      ...Refusal
    }
  }
`);

export const tokenCreate = defineCommand({
  name: 'token create',
  summary: 'make an API token for CI, shown once',
  parameters: {
    name: required('what you call it, such as ci-weather'),
    for: list('name', 'a server or a namespace it is good for, such as io.github.alice/*; can be given several times'),
    action: list('action', 'what it may do: publish, status; publish when left out', ['publish', 'status', 'edit']),
    days: value('number', 'how long it lasts, 1 to 365; 90 when left out'),
  },
  examples: [
    "mcp token create ci --for 'io.github.alice/*'",
    'mcp token create ci --for io.github.alice/weather --action publish --action status --days 30',
    "mcp token create ci --for 'io.github.alice/*' --quiet | gh secret set MCP_REGISTRY_TOKEN",
  ],
  async run(cli, { name, for: names, action, days }) {
    if (names.length === 0) throw usage("Say what the token is good for: --for 'io.github.alice/*'.");
    const actions = (action.length > 0 ? action : ['publish']).map((one) => one.toUpperCase() as PermissionAction);
    const expiresInDays = readNumber(days, 'days', { most: 365, otherwise: 90 });
    const input = { name, names, actions, expiresInDays };
    const { token, apiToken } = succeed((await askAsViewer(cli, CreateToken, { input })).createApiToken);
    cli.output.note(
      `${apiToken.name} (${apiToken.id}) lasts until ${apiToken.expiresAt}. The token is shown this once:`,
    );
    return { value: { token, ...apiToken }, lines: [token] };
  },
});

export const tokenList = defineCommand({
  name: 'token list',
  summary: 'list your API tokens',
  parameters: {},
  examples: ['mcp token list'],
  async run(cli) {
    const { viewer } = await askAsViewer(cli, ListTokens, {});
    if (!viewer) throw new CliError('login', 'UNAUTHENTICATED', 'Your login has ended: run `mcp login` again.');
    const rows = viewer.apiTokens.map(({ id, name, names, actions, expiresAt, lastUsedAt }) => [
      ...[id, name, actions.join(',').toLowerCase(), `until ${expiresAt.slice(0, 10)}`],
      ...[lastUsedAt === null ? 'never used' : `used ${lastUsedAt.slice(0, 10)}`, names.join(' ')],
    ]);
    if (rows.length === 0) cli.output.note('You have no API tokens: `mcp token create` makes one.');
    return { value: { tokens: viewer.apiTokens }, lines: table(rows) };
  },
});

export const tokenRevoke = defineCommand({
  name: 'token revoke',
  summary: 'end an API token, at once',
  parameters: { id: required('its id, as `mcp token list` shows it') },
  examples: ['mcp token revoke 6f9619ff-8b86-4d01-b42d-00cf4fc964ff'],
  async run(cli, { id }) {
    const revoked = succeed((await askAsViewer(cli, RevokeToken, { id })).revokeApiToken);
    return { value: { id: revoked.id, revoked: true }, lines: [`Revoked ${revoked.id}.`] };
  },
});
