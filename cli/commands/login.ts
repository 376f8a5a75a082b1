import type { Cli } from '../cli.ts';
import { defineCommand, flag, optional, value } from '../command.ts';
import type { Credential } from '../credentials.ts';
import { usage } from '../errors.ts';
import { logIn, loginOptions, methods, type LoginWay } from '../login/ways.ts';

export const login = defineCommand({
  name: 'login',
  summary: 'prove who you are to the registry',
  description: `Logs in and keeps the login for this registry, in a file that only you can read.

  github       in the browser: your own names and those of organisations that you own; or by MCP_GITHUB_TOKEN
  github-oidc  in GitHub Actions, with \`permissions: id-token: write\`
  dns, http    by a key that your domain publishes: \`mcp keygen\`, \`mcp dns-record\`
  oidc         an identity token of the operators' issuer, from standard input
  token        an API token, from standard input or typed unseen
  none         for trials, where the registry allows it`,
  parameters: {
    method: optional('the way; asked for when left out', methods),
    domain: value('domain', 'for dns and http: the domain'),
    keyFile: value('file', 'for dns and http: the private key, PEM or hex; mcp-key.pem when left out'),
    noBrowser: flag('for github: open no browser'),
  },
  examples: [
    'mcp login github',
    'mcp login dns --domain example.com --key-file mcp-key.pem',
    'mcp login token < token.txt',
    'mcp login github-oidc --registry https://registry.example.com',
  ],
  async run(cli, { method, domain, keyFile, noBrowser }) {
    const way = (method as LoginWay | undefined) ?? (await chooseWay(cli));
    return shown(cli, await logIn(cli, { way, domain, keyFile, noBrowser }));
  },
});

/** The ways that a person can choose from, and what the registry calls them; an API token is always one. */
const choices: { value: LoginWay; label: string; proof?: string }[] = [
  { value: 'github', label: 'GitHub, in the browser', proof: 'github-at' },
  { value: 'dns', label: 'a domain, by a key in its DNS', proof: 'dns' },
  { value: 'http', label: 'a domain, by a key on its web site', proof: 'http' },
  { value: 'token', label: 'an API token' },
  { value: 'none', label: 'not at all, for a trial', proof: 'none' },
];

async function chooseWay(cli: Cli): Promise<LoginWay> {
  if (!cli.terminal.isInteractive) throw usage(`Say how to log in: mcp login ${methods.join('|')}.`);
  const { methods: taken } = await loginOptions(cli);
  const offered = choices.filter(({ proof }) => proof === undefined || taken.includes(proof));
  return cli.terminal.choose<LoginWay>('How do you log in?', offered);
}

function shown({ registry, output }: Cli, { method, subject, expiresAt }: Credential) {
  const until = `until ${expiresAt}`;
  return {
    value: { registry, method, subject, expiresAt },
    lines: [
      `${output.colors.green('Logged in')} to ${registry} as ${output.colors.bold(subject)} (${method}, ${until}).`,
    ],
  };
}
