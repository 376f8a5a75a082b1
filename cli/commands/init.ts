import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { oneLine } from '../clean.ts';
import type { Cli } from '../cli.ts';
import { defineCommand, flag, value } from '../command.ts';
import { CliError, usage } from '../errors.ts';
import { text, type Found } from '../project/found.ts';
import { readGit, type Git } from '../project/git.ts';
import { readManifests } from '../project/manifests.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';
/** The schema's; longer ones are cut. */
const MAX_DESCRIPTION = 100;
const NAME = /^[A-Za-z0-9.-]+\/[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]$/;
const badName = 'Write it like io.github.alice/weather.';

interface Wishes {
  name: string | undefined;
  description: string | undefined;
  serverVersion: string | undefined;
  remote: string | undefined;
}

export const init = defineCommand({
  name: 'init',
  summary: 'write a server.json from what is in this folder',
  description:
    'Writes a server.json from package.json, pyproject.toml, Cargo.toml, *.csproj, the labels of a Dockerfile and the git remote, also for a folder of a monorepo. It asks only for what it can not find, and overwrites nothing unasked.',
  parameters: {
    name: value('name', "the server's name, such as io.github.alice/weather"),
    description: value('text', 'what it does, in one line'),
    serverVersion: value('version', 'its version'),
    remote: value('url', 'where it answers, if it runs somewhere'),
    force: flag('overwrite a server.json that is there'),
  },
  examples: ['mcp init', 'mcp init --name com.example/weather --remote https://mcp.example.com/mcp'],
  async run(cli, { force, ...wishes }) {
    await mayWrite(cli, force);
    const folder = process.cwd();
    const [found, git] = [readManifests(folder), readGit(folder)];
    const document = await compose(cli, { found, git, wishes, folder });
    write('server.json', `${JSON.stringify(document, null, 2)}\n`);
    const { note, remarks } = cli.output;
    const sources = [...found.map(({ source }) => source), ...(git ? ['git'] : [])];
    note(`${remarks.green('Wrote server.json')}${sources.length > 0 ? ` from ${sources.join(', ')}` : ''}.`);
    const advice = found.find((one) => one.package)?.proof?.(document.name);
    if (advice) note(`${remarks.yellow('Before you publish:')} ${advice}`);
    note('Next: `mcp validate`, then `mcp publish`.');
    return { value: { file: 'server.json', document, sources, advice: advice ?? null } };
  },
});

async function mayWrite({ terminal }: Cli, force: boolean): Promise<void> {
  if (force || !existsSync('server.json')) return;
  if (!terminal.isInteractive) throw usage('There is a server.json already: say --force to overwrite it.');
  if (await terminal.confirm('There is a server.json already. Overwrite it?')) return;
  throw new CliError('refused', 'CANCELLED', 'Nothing was changed.');
}

interface Sources {
  found: Found[];
  git: Git | undefined;
  wishes: Wishes;
  folder: string;
}

async function compose(cli: Cli, { found, git, wishes, folder }: Sources) {
  const first = <Key extends keyof Found>(key: Key) => found.map((one) => one[key]).find((one) => one !== undefined);
  const missing: Missing = { terminal: cli.terminal };
  const name = await need(missing, {
    known: wishes.name ?? first('serverName') ?? nameBy(git, first('shortName'), folder),
    question: 'What is the server called? (io.github.<you>/<server>, or a domain turned round: com.example/<server>)',
    option: '--name',
    check: (typed) => (NAME.test(typed) ? undefined : badName),
  });
  if (!NAME.test(name)) throw usage(`"${oneLine(name)}" can not be a server's name. ${badName}`);
  const description = await need(missing, {
    known: wishes.description ?? first('description'),
    question: 'What does it do, in one line?',
    option: '--description',
    check: (typed) => (typed.trim() ? undefined : 'One line, at most 100 characters.'),
  });
  const version = await need(missing, {
    known: wishes.serverVersion ?? first('version'),
    question: 'Which version is it?',
    option: '--server-version',
    initial: '1.0.0',
  });
  const packages = found.flatMap((one) => (one.package ? [one.package] : []));
  const remote = await remoteOf(cli, wishes, packages.length > 0);
  const repository = repositoryOf(first('repositoryUrl'), git);
  const websiteUrl = first('websiteUrl');
  const title = first('title');
  return {
    $schema: SCHEMA,
    name,
    ...(title && { title }),
    description: shorten(cli, description),
    ...(repository && { repository }),
    version,
    ...(websiteUrl?.startsWith('https://') && { websiteUrl }),
    ...(packages.length > 0 && { packages }),
    ...(remote !== undefined && { remotes: [{ type: 'streamable-http', url: remote }] }),
  };
}

interface Missing {
  terminal: Cli['terminal'];
}

interface Need {
  known: string | undefined;
  question: string;
  option: string;
  initial?: string;
  check?: (typed: string) => string | undefined;
}

/** What is known, or what the person says; where there is none, what may be taken for granted. */
async function need({ terminal }: Missing, { known, question, option, initial, check }: Need): Promise<string> {
  if (known !== undefined) return known;
  if (terminal.isInteractive) {
    return (await terminal.text(question, { ...(initial && { initial }), ...(check && { check }) })).trim();
  }
  if (initial !== undefined) return initial;
  throw usage(`Nothing in this folder says it: ${question} Give it with ${option}.`);
}

/** `io.github.<owner>/<folder of a monorepo, package or repository>`, for GitHub only: elsewhere the name is a domain's. */
function nameBy(git: Git | undefined, shortName: string | undefined, folder: string): string | undefined {
  if (git?.host !== 'github.com' || git.owner.includes('/')) return undefined;
  const last = (git.subfolder ? basename(folder) : undefined) ?? shortName ?? git.repository;
  return `io.github.${git.owner}/${last.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[._-]+|[._-]+$/g, '')}`;
}

async function remoteOf(
  { terminal, output }: Cli,
  { remote }: Wishes,
  hasPackage: boolean,
): Promise<string | undefined> {
  if (remote !== undefined || hasPackage) return remote;
  if (terminal.isInteractive) {
    return text(
      await terminal.text('Where does it answer? (the address of a remote server; leave it empty if there is none)'),
    );
  }
  output.note('No package was found and no --remote given: clients will not know how to run it.');
  return undefined;
}

function repositoryOf(url: string | undefined, git: Git | undefined) {
  const web = url
    ?.replace(/^git\+/, '')
    .replace(/^(ssh:\/\/)?git@([^:/]+)[:/]/, 'https://$2/')
    .replace(/^git:/, 'https:')
    .replace(/\.git$/, '');
  const full =
    web && /^[\w.-]+\/[\w.-]+$/.test(web)
      ? `https://github.com/${web}`
      : web?.replace(/^github:/, 'https://github.com/');
  const at = git?.url ?? (full?.startsWith('https://') ? full : undefined);
  if (at === undefined) return undefined;
  const { hostname } = new URL(at);
  const source = { 'github.com': 'github', 'gitlab.com': 'gitlab' }[hostname] ?? hostname;
  return { url: at, source, ...(git?.subfolder && { subfolder: git.subfolder }) };
}

function shorten({ output }: Cli, description: string): string {
  const line = oneLine(description, 10_000);
  if (line.length <= MAX_DESCRIPTION) return line;
  output.note(`The description is cut to ${MAX_DESCRIPTION} characters.`);
  return oneLine(line, MAX_DESCRIPTION);
}

/** Writes beside and renames: who stops it leaves no half of a file. */
function write(file: string, content: string): void {
  const draft = `${file}.${crypto.randomUUID()}`;
  try {
    writeFileSync(draft, content, { flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw usage(`${file} can not be written (${(error as Error).message}).`);
  }
}
