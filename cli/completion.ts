import type { Command, Parameter } from './command.ts';
import { dashed } from './program.ts';

const globals = ['--registry', '--json', '--quiet', '--no-color', '--help', '--version'];

/** What can stand in the place of the last of these words. */
export function complete(commands: Command[], words: string[]): string[] {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1).filter((word) => !word.startsWith('-'));
  const command = commands.find(({ name }) => name === before.slice(0, name.split(' ').length).join(' '));
  const found = command ? inCommand(command, words) : nextWords(commands, before);
  return found.filter((word) => word.startsWith(last)).toSorted();
}

function nextWords(commands: Command[], before: string[]): string[] {
  const names = commands.map(({ name }) => name.split(' '));
  const fits = names.filter((name) => before.every((word, i) => name[i] === word));
  return [...new Set([...fits.map((name) => name[before.length] ?? ''), ...globals])].filter(Boolean);
}

function inCommand({ parameters }: Command, words: string[]): string[] {
  const options = Object.entries(parameters).filter(([, one]) => isOption(one));
  const valued = options.find(([name]) => `--${dashed(name)}` === words.at(-2))?.[1];
  if (valued && valued.kind !== 'flag') return [...(choicesOf(valued) ?? [])];
  const choices = Object.values(parameters)
    .filter((one) => !isOption(one))
    .flatMap((one) => choicesOf(one) ?? []);
  return [...choices, ...options.map(([name]) => `--${dashed(name)}`), ...globals];
}

const isOption = ({ kind }: Parameter) => kind === 'flag' || kind === 'value' || kind === 'list';

const choicesOf = (one: Parameter) => ('choices' in one ? one.choices : undefined);

/** For each shell, what asks us for the candidates. */
export const shells = {
  bash: `_mcp() {
  local IFS=$'\\n'
  COMPREPLY=($(mcp __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _mcp mcp`,
  zsh: `#compdef mcp
_mcp() {
  local -a found
  found=("\${(@f)$(mcp __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "$found" ]] && compadd -a found || _files
}
compdef _mcp mcp`,
  fish: `complete -c mcp -a '(mcp __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'`,
} as const;
