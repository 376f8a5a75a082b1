import { defineCommand, optional } from '../command.ts';
import { shells } from '../completion.ts';
import { usage } from '../errors.ts';

const names = Object.keys(shells) as (keyof typeof shells)[];

export const completion = defineCommand({
  name: 'completion',
  summary: 'show the script that completes commands in your shell',
  parameters: { shell: optional('bash, zsh or fish', names) },
  examples: [
    'eval "$(mcp completion bash)"                              in ~/.bashrc',
    'eval "$(mcp completion zsh)"                               in ~/.zshrc, behind compinit',
    'mcp completion fish > ~/.config/fish/completions/mcp.fish',
  ],
  async run({ env }, { shell = /(\w+)$/.exec(env.SHELL ?? '')?.[1] }) {
    const known = names.find((name) => name === shell);
    if (!known) throw usage('Say for which shell: mcp completion bash, zsh or fish.');
    return { value: { shell: known, script: shells[known] }, lines: [shells[known]] };
  },
});
