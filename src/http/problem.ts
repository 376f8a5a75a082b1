import { catalogue, isUnexpected, type RegistryError } from '../errors.ts';

/** The one translation for plain HTTP: a problem document (RFC 9457); the request id goes with what was masked. */
export function problemOf(error: RegistryError, requestId: string) {
  const { status, title, retryable } = catalogue[error.code];
  return {
    title,
    status,
    detail: error.message,
    ...error.details,
    code: error.code,
    retryable,
    ...(isUnexpected(error) ? { requestId } : {}),
  };
}
