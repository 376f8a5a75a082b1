import type { Cli } from '../cli.ts';
import type { Credential } from '../credentials.ts';
import { notLoggedIn } from '../session.ts';
import { logIn } from './ways.ts';
import { isWorkflow } from './workflow.ts';

/** Logs in for a name that is to be published: as a workflow, by what the environment holds, or by asking who is there. */
export async function logInFor(cli: Cli, name: string): Promise<Credential> {
  const { env, terminal, output } = cli;
  const namespace = name.split('/')[0]!.toLowerCase();
  if (namespace === 'io.modelcontextprotocol.anonymous') return logIn(cli, { way: 'none' });
  if (isWorkflow(env)) return logIn(cli, { way: 'github-oidc' });
  if (env.MCP_GITHUB_TOKEN) return logIn(cli, { way: 'github' });
  if (!terminal.isInteractive) throw notLoggedIn(cli);
  if (namespace.startsWith('io.github.')) {
    output.note(`${name} wants a login at GitHub.`);
    return logIn(cli, { way: 'github' });
  }
  const domain = namespace.split('.').toReversed().join('.');
  output.note(`${name} wants a login as ${domain}, by the key in its DNS.`);
  return logIn(cli, { way: 'dns', domain });
}
