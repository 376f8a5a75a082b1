import type { Logger } from 'pino';
import { GraphQLError } from 'graphql';
import { isUnexpected, toRegistryError } from '../errors.ts';

/** Logs, once and at the door, an error that nobody expected; the caller only learns the request id. */
export function logUnexpected(log: Logger, thrown: unknown, requestId: string): void {
  const cause = thrown instanceof GraphQLError ? thrown.originalError : thrown;
  if (!cause || cause instanceof GraphQLError || !isUnexpected(toRegistryError(cause))) return;
  log.error({ requestId, err: cause }, 'a request failed unexpectedly');
}
