import type { Cli } from '../cli.ts';
import { succeed } from '../client.ts';
import { defineCommand } from '../command.ts';
import { CliError, isTransient } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import { isEnded } from '../session.ts';

const Logout = graphql(`
  mutation Logout {
    revokeSession {
      __typename
      ... on RevokeSessionPayload {
        sessionId
      }
      ...Refusal
    }
  }
`);

export const logout = defineCommand({
  name: 'logout',
  summary: 'revoke the login and forget it',
  description:
    'Revokes the login at the registry and forgets it on this machine. An API token is only forgotten: `mcp token revoke` ends it.',
  parameters: {},
  examples: ['mcp logout', 'mcp logout --registry https://registry.example.com'],
  async run(cli) {
    const { registry, credentials } = cli;
    const stored = credentials.read(registry);
    if (!stored) return { value: { registry, loggedOut: false }, lines: [`You are not logged in to ${registry}.`] };
    const revoked = stored.method === 'token' ? null : await revoke(cli, stored.token);
    credentials.forget(registry);
    if (revoked instanceof CliError) {
      cli.output.note(
        `The login is forgotten here, but could not be revoked (${revoked.message}) It ends by itself at ${stored.expiresAt}.`,
      );
    }
    return { value: { registry, loggedOut: true, revoked: revoked === true }, lines: [`Logged out of ${registry}.`] };
  },
});

/** True where it is revoked or was; the failure where that can't be had now. */
async function revoke({ client }: Cli, token: string): Promise<true | CliError> {
  try {
    succeed((await client.ask(Logout, {}, token)).revokeSession);
    return true;
  } catch (error) {
    if (isEnded(error)) return true;
    if (isTransient(error)) return error;
    throw error;
  }
}
