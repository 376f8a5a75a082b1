/**
 * What went wrong outside: `blocked` (an address we refuse to contact), `timeout`, `too-large`, `network` (unreachable
 * or cut off), `redirect` (one we do not follow), `protocol` (an answer, certificate or URL that makes no sense).
 */
export type ExternalErrorKind = 'blocked' | 'timeout' | 'too-large' | 'network' | 'redirect' | 'protocol';

const RETRYABLE = new Set<ExternalErrorKind>(['timeout', 'network']);

/** A failure of the outside world in one sentence that names the host and no more of the URL, which may hold secrets. */
export class ExternalError extends Error {
  override readonly name = 'ExternalError';
  readonly kind: ExternalErrorKind;
  /** True when the same request may succeed later. */
  readonly retryable: boolean;

  constructor(kind: ExternalErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.retryable = RETRYABLE.has(kind);
  }

  /** True when the resolver says that there is no such name, rather than that it can't tell. */
  get isUnknownName(): boolean {
    return codeOf(this.cause) === 'ENOTFOUND';
  }
}

/** Translates whatever undici, node:net, node:tls or node:zlib threw while talking to `host`. */
export function toExternalError(host: string, thrown: unknown): ExternalError {
  if (thrown instanceof ExternalError) return thrown;
  const code = codeOf(thrown);
  if (isTimeout(thrown, code)) return new ExternalError('timeout', `${host} did not answer in time.`, thrown);
  if (code === 'Z_BUF_ERROR') return new ExternalError('network', `The answer of ${host} breaks off.`, thrown);
  if (/^(Z_|ERR__ERROR_|ERR_BROTLI|ZSTD_)/.test(code)) {
    return new ExternalError('protocol', `The answer of ${host} is not compressed as it says (${code}).`, thrown);
  }
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/.test(code)) {
    return new ExternalError('protocol', `The TLS certificate or handshake of ${host} is not valid (${code}).`, thrown);
  }
  if (/^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_INVALID_ARG|ERR_INVALID_)/.test(code)) {
    return new ExternalError('protocol', `The exchange with ${host} is not valid HTTP (${code}).`, thrown);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ExternalError('network', `The name ${host} could not be resolved (${code}).`, thrown);
  }
  return new ExternalError('network', `The connection to ${host} failed (${code || 'no reason given'}).`, thrown);
}

function isTimeout(thrown: unknown, code: string): boolean {
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return true;
  return code === 'ETIMEDOUT' || /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code);
}

function codeOf(thrown: unknown): string {
  // undici gives its parser's errors a name but no code.
  if (thrown instanceof Error && thrown.name === 'HTTPParserError') return 'HPE_INVALID';
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
