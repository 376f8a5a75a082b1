import { resolve } from 'node:path';
import type { Cli } from '../cli.ts';
import { isCredential, type Credential } from '../credentials.ts';
import { CliError, usage } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import { badAnswer } from '../http.ts';
import { warnOpen } from '../session.ts';
import { readStdin } from '../terminal.ts';
import { checkVersion } from '../version.ts';
import { copy, openBrowser } from './browser.ts';
import { deviceFlow } from './github.ts';
import { loginWith } from './login.ts';
import { workflowToken } from './workflow.ts';

export const methods = ['github', 'github-oidc', 'dns', 'http', 'oidc', 'token', 'none'] as const;

export type LoginWay = (typeof methods)[number];

const LoginOptions = graphql(`
  query LoginOptions {
    registry {
      minimumClientVersion
      login {
        methods
        githubUrl
        githubClientId
      }
    }
  }
`);

const TokenOwner = graphql(`
  query TokenOwner {
    viewer {
      subject
      expiresAt
    }
  }
`);

/** How someone wants to log in. */
export interface LoginWish {
  way: LoginWay;
  domain?: string | undefined;
  keyFile?: string | undefined;
  noBrowser?: boolean;
}

/** Logs in the way that was asked for, and keeps the login. */
export async function logIn(cli: Cli, wish: LoginWish): Promise<Credential> {
  warnOpen(cli);
  switch (wish.way) {
    case 'github':
      return loginWith(cli, {
        method: 'github',
        token: cli.env.MCP_GITHUB_TOKEN?.trim() || (await byBrowser(cli, wish)),
      });
    case 'github-oidc':
      return loginWith(cli, { method: 'github-oidc', token: await workflowToken(cli.env, cli.registry) });
    case 'oidc':
      return loginWith(cli, { method: 'oidc', token: await readSecret(cli, 'The identity token') });
    case 'token':
      return keepToken(cli, await readSecret(cli, 'The API token'));
    case 'none':
      return loginWith(cli, { method: 'none' });
    default:
      return byKey(cli, wish.way, wish);
  }
}

/** What the registry says of logging in; throws where this program is too old for it. */
export async function loginOptions({ client, output }: Cli) {
  const { login, minimumClientVersion } = (await client.ask(LoginOptions, {})).registry;
  checkVersion(minimumClientVersion, output);
  return login;
}

async function byBrowser(cli: Cli, { noBrowser }: LoginWish): Promise<string> {
  const { registry, output, terminal, env } = cli;
  if (!terminal.isInteractive) {
    throw usage('A login in the browser needs a terminal: in CI use `mcp login github-oidc`, or set MCP_GITHUB_TOKEN.');
  }
  const login = await loginOptions(cli);
  if (!login.methods.includes('github-at') || login.githubClientId === null) {
    throw new CliError(
      'refused',
      'NOT_ENABLED',
      `${registry} has no GitHub app: set MCP_GITHUB_TOKEN, or log in another way.`,
    );
  }
  const app = { url: login.githubUrl.replace(/\/+$/, ''), clientId: login.githubClientId };
  return deviceFlow(app, ({ userCode, verificationUrl }) => {
    const { bold } = output.remarks;
    copy(userCode);
    output.tell(`Type the code ${bold(userCode)} (copied, where your terminal allows it) at ${bold(verificationUrl)}`);
    if (!noBrowser) openBrowser(verificationUrl, env);
    output.note('Waiting for GitHub…');
  });
}

async function byKey(cli: Cli, method: 'dns' | 'http', { domain, keyFile }: LoginWish): Promise<Credential> {
  const named = domain ?? (cli.terminal.isInteractive ? await cli.terminal.text('Which domain?') : undefined);
  if (named === undefined) throw usage(`Say which domain: mcp login ${method} --domain example.com.`);
  const key = cli.env.MCP_PRIVATE_KEY;
  if (keyFile === undefined && key) return loginWith(cli, { method, domain: named, key });
  return loginWith(cli, { method, domain: named, keyFile: resolve(keyFile ?? 'mcp-key.pem') });
}

/** From standard input, or typed unseen: a command line is seen by everyone on the machine. */
async function readSecret({ terminal }: Cli, what: string): Promise<string> {
  const text = process.stdin.isTTY ? (await terminal.secret(what)).trim() : await readStdin('a token');
  if (!/^[\x21-\x7e]+$/.test(text)) throw usage(`${what} is read from standard input, and there is none in it.`);
  return text;
}

async function keepToken({ client, registry, credentials }: Cli, token: string): Promise<Credential> {
  const { viewer } = await client.ask(TokenOwner, {}, token);
  const credential = { token, method: 'token', subject: viewer?.subject, expiresAt: viewer?.expiresAt };
  if (!isCredential(credential)) throw badAnswer(`${registry} does not say whose token this is.`);
  credentials.keep(registry, credential);
  return credential;
}
