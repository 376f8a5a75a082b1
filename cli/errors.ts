/** What the process ends with, by kind. */
export const exitCodes = { done: 0, refused: 1, usage: 2, login: 3, away: 4, cancelled: 130 } as const;

export type Ending = keyof typeof exitCodes;

/** A failure that is told in one sentence: what was wrong and what to do next. */
export class CliError extends Error {
  override name = 'CliError';
  readonly ending: Ending;
  /** For programs: the registry's code, or one of ours. */
  readonly code: string;
  /** Facts beside the sentence, for `--json` and for who prints more. */
  readonly details: Record<string, unknown>;

  constructor(ending: Ending, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.ending = ending;
    this.code = code;
    this.details = details;
  }
}

/** A command line or a file that can't be worked with. */
export const usage = (message: string, details?: Record<string, unknown>) =>
  new CliError('usage', 'USAGE', message, details);

/** A refusal of the registry as an error: its code decides how the process ends. */
export function refusedBy(refusal: Record<string, unknown>): CliError {
  const { code, message, retryable, ...details } = refusal;
  const said = typeof message === 'string' && message !== '' ? message : 'The registry refuses and does not say why.';
  const known = typeof code === 'string' ? code : 'UNKNOWN';
  return new CliError(endingOf(known, retryable === true), known, said, { retryable: retryable === true, ...details });
}

const forbidden = /^(UNAUTHENTICATED|PROOF_REJECTED|FORBIDDEN|NAMESPACE_FORBIDDEN|NAMESPACE_DISPUTED|BLOCKED)$/;

function endingOf(code: string, retryable: boolean): Ending {
  if (forbidden.test(code)) return 'login';
  return retryable ? 'away' : 'refused';
}

/** Whether the same may succeed later. */
export const isTransient = (error: unknown): error is CliError => error instanceof CliError && error.ending === 'away';
