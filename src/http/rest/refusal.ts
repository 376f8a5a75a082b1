import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import { RegistryError, toRegistryError, type ErrorCode } from '../../errors.ts';
import { cachePolicies } from '../cache.ts';
import { logUnexpected } from '../log.ts';
import { problemOf } from '../problem.ts';
import { mayBeShared } from './answer.ts';
import { hasBody, splitTarget } from './guard.ts';
import type { Route } from './operation.ts';

/** Sends a problem document for anything thrown, and logs it when nobody expected it. */
export function sendProblem(app: App, request: FastifyRequest, reply: FastifyReply, thrown: unknown) {
  const cause = ofFramework(thrown) ?? thrown;
  logUnexpected(app.log, cause, request.id);
  const error = toRegistryError(cause);
  const { allow, ...details } = error.details;
  const problem = problemOf(new RegistryError(error.code, error.message, details), request.id);
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const absent = problem.status === 404 && reading && mayBeShared(request);
  reply.headers({ 'cache-control': cachePolicies[absent ? 'absent' : 'none'], vary: 'Accept-Encoding' });
  if (allow !== undefined) reply.header('allow', allow);
  if (problem.retryable) reply.header('retry-after', String(details.retryAfter ?? 5));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  // What was not read of the body would be taken for the next request.
  if (hasBody(request) && !request.raw.complete) reply.header('connection', 'close');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

const codes: Record<number, ErrorCode> = {
  400: 'BAD_USER_INPUT',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** What Fastify itself refuses, in our terms; null for everything else. */
function ofFramework(thrown: unknown): RegistryError | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('statusCode' in thrown)) return null;
  const code = codes[Number(thrown.statusCode)];
  return code && String(thrown.code).startsWith('FST_ERR_') ? new RegistryError(code, thrown.message) : null;
}

/** The refusal of a path that is not there, or of a method that it does not have. */
export function unknownEndpoint(routes: Route[], request: FastifyRequest): RegistryError {
  const { path } = splitTarget(request.raw.url ?? '/');
  const methods = routes.filter((route) => patternOf(route).test(path)).map((route) => route.method);
  if (methods.length > 0) {
    const allow = [...new Set(methods), ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    return new RegistryError('METHOD_NOT_ALLOWED', `${request.method} is not possible here: use ${allow}.`, { allow });
  }
  const shown = path.slice(0, 200);
  const known = path.startsWith('/v0/') || path.startsWith('/v0.1/');
  const hint = known ? '' : ` Did you mean '/v0.1${shown}' or '/v0${shown}'?`;
  return new RegistryError('NOT_FOUND', `Endpoint not found.${hint} See /docs for the API documentation.`);
}

const patternOf = ({ path }: Route) =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+').replace('*', '.+')}$`);
