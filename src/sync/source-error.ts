/** Why a source can't be read on, in a sentence for people that also says what to do; no secrets of its URL in it. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  /** True when the same request may succeed later. */
  readonly retryable: boolean;
  /** How long the other side asked us to wait. */
  readonly retryAfterMs: number;

  constructor(message: string, { retryable = false, retryAfterMs = 0, cause }: SourceErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

interface SourceErrorOptions {
  retryable?: boolean;
  retryAfterMs?: number;
  cause?: unknown;
}
