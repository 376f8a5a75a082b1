import type * as Clack from '@clack/prompts';
import { CliError, usage } from './errors.ts';
import type { Output } from './output.ts';

/** A person to ask, where there is one. */
export interface Terminal {
  isInteractive: boolean;
  text(question: string, options?: { initial?: string; check?: (text: string) => string | undefined }): Promise<string>;
  secret(question: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  choose<T extends string>(question: string, choices: { value: T; label: string }[]): Promise<T>;
}

type Prompts = typeof Clack;

/** Questions on stderr, so that stdout holds results only; without a terminal, or with `--json`, each is an error. */
export function createTerminal({ json, env }: { json: boolean; env: NodeJS.ProcessEnv; output: Output }): Terminal {
  const isInteractive = Boolean(process.stdin.isTTY && process.stderr.isTTY) && !json && !env.CI;
  // The library takes longer to load than help takes to show.
  const ask = async <T>(question: string, how: (prompts: Prompts) => Promise<T | symbol>): Promise<T> => {
    if (!isInteractive) throw usage(`There is no terminal to ask on: ${question}`);
    const prompts = await import('@clack/prompts');
    const answer = await how(prompts);
    if (prompts.isCancel(answer)) throw new CliError('cancelled', 'CANCELLED', 'Stopped; nothing was changed.');
    return answer as T;
  };
  const common = { output: process.stderr };
  return {
    isInteractive,
    text: (message, { initial, check } = {}) =>
      ask<string>(message, ({ text }) =>
        text({
          message,
          ...common,
          ...(initial !== undefined && { placeholder: initial, defaultValue: initial }),
          validate: (typed) => check?.(typed || initial || ''),
        }),
      ),
    secret: (message) => ask<string>(message, ({ password }) => password({ message, ...common })),
    confirm: (message) => ask<boolean>(message, ({ confirm }) => confirm({ message, initialValue: false, ...common })),
    choose: <T extends string>(message: string, choices: { value: T; label: string }[]) =>
      ask<T>(message, ({ select }) => select<string>({ message, options: choices, ...common }) as Promise<T | symbol>),
  };
}

/** All of standard input, for secrets; bounded. */
export async function readStdin(what: string): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > 100_000) throw usage(`Standard input is too long for ${what}.`);
  }
  return text.trim();
}
