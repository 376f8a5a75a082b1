import { Argument, Command as Program, CommanderError, Option } from 'commander';
import { VERSION, type Cli } from './cli.ts';
import type { Command, Parameter } from './command.ts';
import { usage } from './errors.ts';
import type { Result } from './output.ts';

/** What stands on every command line. */
export interface Globals {
  registry?: string;
  json?: boolean;
  quiet?: boolean;
  color: boolean;
}

/** What a command line asks for: a text to show, or a command to run. */
export type Parsed = { text: string } | { globals: Globals; run: (cli: Cli) => Promise<Result> };

/** Reads a command line; throws a USAGE error that says what is wrong with it. */
export function parse(commands: Command[], argv: string[]): Parsed {
  let text = '';
  let wanted: Parsed | undefined;
  const program = createProgram(commands, {
    write: (more) => (text += more),
    want: (globals, run) => (wanted = { globals, run }),
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && text === '') throw usage(sentence(error.message));
  }
  return wanted ?? { text: text || program.helpInformation() };
}

const sentence = (message: string) => {
  const said = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return `${said.charAt(0).toUpperCase()}${said.slice(1).replace(/([^.?!)])$/, '$1.')} See mcp --help.`;
};

interface Sink {
  write(text: string): void;
  want(globals: Globals, run: (cli: Cli) => Promise<Result>): void;
}

function createProgram(commands: Command[], sink: Sink): Program {
  const program = new Program('mcp');
  prepare(program, sink)
    .helpCommand('help [command]', 'show help for a command')
    .usage('<command> [options]')
    .description('Publishes MCP servers to a registry, and finds them there.')
    .version(VERSION, '-V, --version', 'show the version')
    .option('--registry <url>', 'the registry (MCP_REGISTRY_URL, or where you logged in last)')
    .option('--json', 'exactly one JSON value on stdout, errors too; asks nothing')
    .option('-q, --quiet', 'no remarks, only results and errors')
    .option('--no-color', 'no colours; so does NO_COLOR')
    .addHelpText('after', manual);
  for (const command of commands) add(program, command, sink);
  return program;
}

function prepare(program: Program, sink: Sink): Program {
  return program
    .exitOverride()
    .showSuggestionAfterError()
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'show this help')
    .configureOutput({
      writeOut: (text) => sink.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => process.stdout.columns || 100,
    })
    .configureHelp({ showGlobalOptions: true });
}

function add(program: Program, command: Command, sink: Sink): void {
  const words = command.name.split(' ');
  const last = words.pop()!;
  const parent = words.reduce(
    (at, word) => at.commands.find((one) => one.name() === word) ?? group(at, word, sink),
    program,
  );
  const sub = prepare(parent.command(last), sink)
    .helpCommand(false)
    .summary(command.summary)
    .description(command.description ?? `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`)
    .addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  $ ${line}`).join('\n')}`);
  const parameters = Object.entries(command.parameters);
  for (const [name, parameter] of parameters) addParameter(sub, name, parameter);
  const names = parameters.filter(([, one]) => isArgument(one)).map(([name]) => name);
  sub.action((...given: unknown[]) => {
    const input: Record<string, unknown> = { ...sub.opts() };
    for (const [i, name] of names.entries()) input[name] = given[i];
    for (const [name, one] of parameters) {
      input[name] ??= one.kind === 'flag' ? false : one.kind === 'list' ? [] : undefined;
    }
    sink.want(program.opts<Globals>(), (cli) => command.run(cli, input as never));
  });
}

function group(program: Program, word: string, sink: Sink): Program {
  const made = prepare(program.command(word), sink).summary(`${word}s: create, list, revoke`);
  return made.description('Makes, lists and revokes API tokens for CI.');
}

const isArgument = ({ kind }: Parameter) => kind === 'required' || kind === 'optional' || kind === 'rest';

function addParameter(sub: Program, name: string, parameter: Parameter): void {
  const long = `--${dashed(name)}`;
  switch (parameter.kind) {
    case 'flag':
      sub.option(`${parameter.short ? `${parameter.short}, ` : ''}${long}`, parameter.description);
      return;
    case 'value':
    case 'list': {
      const option = new Option(`${long} <${parameter.value}>`, parameter.description);
      if (parameter.choices) option.choices(parameter.choices);
      if (parameter.kind === 'list') {
        option.argParser((one: string, before: string[] | undefined) => [...(before ?? []), one]);
      }
      sub.addOption(option);
      return;
    }
    default: {
      const shown = { required: `<${name}>`, optional: `[${name}]`, rest: `<${name}...>` }[parameter.kind];
      const argument = new Argument(shown, parameter.description);
      sub.addArgument(parameter.choices ? argument.choices(parameter.choices) : argument);
    }
  }
}

/** `dryRun` as it is typed: `dry-run`. */
export const dashed = (name: string) => name.replaceAll(/[A-Z]/g, (one) => `-${one.toLowerCase()}`);

const manual = `
Examples:
  $ mcp init                       write a server.json from what is in this folder
  $ mcp publish                    check it, log in if needed, publish it
  $ mcp search weather             find servers
  $ mcp publish --json | jq .url   in scripts

Environment:
  MCP_REGISTRY_URL     the registry, when --registry is not given
  MCP_REGISTRY_TOKEN   a token that is used instead of the stored login, for CI
  MCP_GITHUB_TOKEN     a GitHub token for \`mcp login github\` without a browser
  MCP_PRIVATE_KEY      the key for \`mcp login dns|http\`, instead of --key-file
  XDG_CONFIG_HOME      where logins are kept (mcp-registry/logins.json, for your eyes only)
  NO_COLOR             no colours

Exit codes:
  0  done
  1  refused by the registry, or found invalid
  2  wrong usage, or nothing readable to work on
  3  not logged in, or not allowed
  4  the registry, or someone it asks, is away: try again
`;
