import { DEFAULT_REGISTRY, readRegistry } from './address.ts';
import { createClient, type Client } from './client.ts';
import { configDirectory, createCredentials, type Credentials } from './credentials.ts';
import { createOutput, type Output, type Wishes } from './output.ts';
import packageJson from './package.json' with { type: 'json' };
import { createTerminal, type Terminal } from './terminal.ts';

/** What `--version` says. */
export const VERSION: string = packageJson.version;

/** What every command works with. */
export interface Cli {
  /** The registry's address: --registry, then MCP_REGISTRY_URL, then the stored login, then a local one. */
  registry: string;
  client: Client;
  credentials: Credentials;
  output: Output;
  terminal: Terminal;
  env: NodeJS.ProcessEnv;
}

/** Makes all of it; throws where the registry's address is none. */
export function createCli(wishes: Wishes & { registry?: string | undefined; output?: Output }): Cli {
  const { env, json } = wishes;
  const output = wishes.output ?? createOutput(wishes);
  const credentials = createCredentials(configDirectory(env));
  const wanted = wishes.registry ?? (env.MCP_REGISTRY_URL || undefined);
  const registry = wanted === undefined ? (credentials.current() ?? DEFAULT_REGISTRY) : readRegistry(wanted);
  return {
    registry,
    client: createClient({ registry, version: VERSION, forPeople: !json }),
    credentials,
    output,
    terminal: createTerminal({ ...wishes, output }),
    env,
  };
}
