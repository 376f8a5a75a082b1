import type { Cli } from './cli.ts';
import type { Result } from './output.ts';

/** One argument or option; which of them it is, is its kind. */
export type Parameter =
  | { kind: 'required' | 'optional' | 'rest'; description: string; choices?: readonly string[] }
  | { kind: 'flag'; description: string; short?: string }
  | { kind: 'value' | 'list'; value: string; description: string; choices?: readonly string[] };

type ValueOf<P extends Parameter> = P extends { kind: 'required' }
  ? string
  : P extends { kind: 'flag' }
    ? boolean
    : P extends { kind: 'rest' | 'list' }
      ? string[]
      : string | undefined;

/** A command: what help says of it, what it takes, and what it does. */
export interface Command<Parameters extends Record<string, Parameter> = Record<string, Parameter>> {
  /** `publish`, or two words: `token create`. */
  name: string;
  summary: string;
  description?: string;
  /** Arguments in their order, and options: `dryRun` is `--dry-run`. */
  parameters: Parameters;
  examples: string[];
  run(cli: Cli, input: { [Name in keyof Parameters]: ValueOf<Parameters[Name]> }): Promise<Result>;
}

/** A command whose input is typed by what it takes. */
export const defineCommand = <const Parameters extends Record<string, Parameter>>(
  command: Command<Parameters>,
): Command => command as unknown as Command;

/** An argument that must be there. */
export const required = (description: string) => ({ kind: 'required', description }) as const;

/** An argument that may be left out; `choices` are all that it can be. */
export const optional = (description: string, choices?: readonly string[]) =>
  ({ kind: 'optional', description, ...(choices && { choices }) }) as const;

/** All arguments that are left. */
export const rest = (description: string) => ({ kind: 'rest', description }) as const;

/** An option without a value. */
export const flag = (description: string, short?: string) =>
  ({ kind: 'flag', description, ...(short && { short }) }) as const;

/** An option with a value: `value('file', …)` is `--name <file>`. */
export const value = (name: string, description: string, choices?: readonly string[]) =>
  ({ kind: 'value', value: name, description, ...(choices && { choices }) }) as const;

/** An option that can be given several times. */
export const list = (name: string, description: string, choices?: readonly string[]) =>
  ({ kind: 'list', value: name, description, ...(choices && { choices }) }) as const;
