import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { isOpenToAll, readRegistry } from './address.ts';
import type { Cli } from './cli.ts';
import type { Credential } from './credentials.ts';
import { CliError } from './errors.ts';
import { loginWith } from './login/login.ts';

const SOON_MS = 60_000;

/** Sends an operation with the login, which is made again first where it has ended and can be; throws a login error without one. */
export async function askAsViewer<Data, Variables>(
  cli: Cli,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const token = await tokenOf(cli);
  if (token === null) throw notLoggedIn(cli);
  try {
    return await cli.client.ask(document, variables, token);
  } catch (error) {
    if (!isEnded(error)) throw error;
    const again = await renew(cli);
    if (again === null) throw error;
    return cli.client.ask(document, variables, again.token);
  }
}

/** Whether a token turned out to be worth nothing. */
export const isEnded = (error: unknown) => error instanceof CliError && error.code === 'UNAUTHENTICATED';

/** The token for this registry and no other: from the environment, or of the stored login; null without. */
export async function tokenOf(cli: Cli): Promise<string | null> {
  const given = tokenInEnvironment(cli);
  if (given) {
    if (!/^[\x21-\x7e]+$/.test(given)) {
      throw new CliError(
        'login',
        'UNAUTHENTICATED',
        'MCP_REGISTRY_TOKEN holds no token: it has spaces or other odd characters in it.',
      );
    }
    warnOpen(cli);
    return given;
  }
  const stored = cli.credentials.read(cli.registry);
  if (!stored) return null;
  warnOpen(cli);
  // What is no time never ends by our clock; the registry knows.
  const hasEnded = Date.parse(stored.expiresAt) < Date.now() + SOON_MS;
  return hasEnded ? ((await renew(cli))?.token ?? stored.token) : stored.token;
}

/** The environment's token is for the environment's registry, where it names one. */
function tokenInEnvironment({ env, registry, output }: Cli): string | undefined {
  const token = env.MCP_REGISTRY_TOKEN?.trim();
  if (!token || !env.MCP_REGISTRY_URL || readRegistry(env.MCP_REGISTRY_URL) === registry) return token;
  output.note(`MCP_REGISTRY_TOKEN is for ${env.MCP_REGISTRY_URL} and was not sent to ${registry}.`);
  return undefined;
}

/** Makes the stored login again where that needs nobody; null where it does. */
export async function renew(cli: Cli): Promise<Credential | null> {
  const stored = cli.credentials.read(cli.registry);
  if (cli.env.MCP_REGISTRY_TOKEN || !stored?.again) return null;
  return loginWith(cli, stored.again);
}

/** Says once that others may read along. */
export function warnOpen({ registry, output }: Cli): void {
  if (isOpenToAll(registry)) {
    output.note(`Careful: ${registry} is not encrypted, so your token can be read on the way.`);
  }
}

/** The failure of whoever has no login. */
export const notLoggedIn = ({ registry }: Cli) =>
  new CliError(
    'login',
    'UNAUTHENTICATED',
    `You are not logged in to ${registry}: run \`mcp login\` first, or set MCP_REGISTRY_TOKEN.`,
  );
