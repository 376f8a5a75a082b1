import { createCli } from './cli.ts';
import { commands } from './commands.ts';
import { complete } from './completion.ts';
import { CliError, exitCodes } from './errors.ts';
import { badAnswer } from './http.ts';
import { createOutput, type Output } from './output.ts';
import { parse } from './program.ts';

/** Runs a command line; gives what the process ends with. */
export async function run(argv: string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (argv[0] === '__complete') {
    process.stdout.write(
      complete(commands, argv.slice(1))
        .map((line) => `${line}\n`)
        .join(''),
    );
    return exitCodes.done;
  }
  const asked = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  const wishes = {
    env,
    json: asked.includes('--json'),
    quiet: asked.includes('--quiet') || asked.includes('-q'),
    color: !asked.includes('--no-color'),
  };
  const output = createOutput(wishes);
  try {
    const parsed = parse(commands, argv);
    if ('text' in parsed) {
      output.result({ value: { text: parsed.text }, lines: [parsed.text.trimEnd()] });
      return exitCodes.done;
    }
    const result = await parsed.run(createCli({ ...wishes, registry: parsed.globals.registry, output }));
    output.result(result);
    return exitCodes[result.ending ?? 'done'];
  } catch (error) {
    return fail(error, output, env);
  }
}

function fail(thrown: unknown, output: Output, env: NodeJS.ProcessEnv): number {
  if (env.MCP_DEBUG && thrown instanceof Error) output.tell(String(thrown.stack));
  const error = thrown instanceof CliError ? thrown : unexpected(thrown as Error);
  output.fail(error);
  return exitCodes[error.ending];
}

/** What we did not think of is most often an answer of a registry that is not what it should be. */
const unexpected = ({ message }: Error) =>
  badAnswer(
    `Something was not what it should be (${String(message).slice(0, 200)}): the registry may be newer than this mcp; update it, or run again with MCP_DEBUG=1 and report what it says.`,
  );
