import { GraphQLError } from 'graphql';

/** Every code a caller can meet: its HTTP status, and whether the same request may succeed later. Codes never change. */
export const catalogue = {
  BAD_USER_INPUT: {
    status: 400,
    title: 'Bad Request',
    retryable: false,
    meaning: 'Something in the request is malformed.',
  },
  INVALID_CURSOR: {
    status: 400,
    title: 'Bad Request',
    retryable: false,
    meaning: 'The cursor is not one that was answered.',
  },
  GRAPHQL_PARSE_FAILED: { status: 400, title: 'Bad Request', retryable: false, meaning: 'The document is no GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    title: 'Bad Request',
    retryable: false,
    meaning: 'The document does not fit the schema.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    title: 'Bad Request',
    retryable: false,
    meaning: 'It is not clear which operation of the document to run.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Unauthorized',
    retryable: false,
    meaning: 'There is no token, or it is worth nothing (any more).',
  },
  PROOF_REJECTED: { status: 401, title: 'Unauthorized', retryable: false, meaning: 'The proof does not prove it.' },
  FORBIDDEN: { status: 403, title: 'Forbidden', retryable: false, meaning: 'This login may not do that.' },
  NAMESPACE_FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    retryable: false,
    meaning: 'The name is not under a namespace of this login.',
  },
  NAMESPACE_DISPUTED: {
    status: 403,
    title: 'Forbidden',
    retryable: false,
    meaning: 'Another account proved the namespace first.',
  },
  BLOCKED: { status: 403, title: 'Forbidden', retryable: false, meaning: 'The account or the namespace is blocked.' },
  NOT_ENABLED: { status: 404, title: 'Not Found', retryable: false, meaning: 'This registry does not offer it.' },
  VALIDATION_FAILED: {
    status: 422,
    title: 'Unprocessable Entity',
    retryable: false,
    meaning: 'The server.json is not valid.',
  },
  OWNERSHIP_UNPROVEN: {
    status: 400,
    title: 'Bad Request',
    retryable: false,
    meaning: 'A package does not say that it belongs to the server.',
  },
  VERSION_EXISTS: {
    status: 409,
    title: 'Conflict',
    retryable: false,
    meaning: 'The version was published with another document.',
  },
  REMOTE_URL_TAKEN: {
    status: 409,
    title: 'Conflict',
    retryable: false,
    meaning: "Another owner's server uses the address of a remote.",
  },
  LIMIT_REACHED: { status: 409, title: 'Conflict', retryable: false, meaning: 'There are as many as there may be.' },
  RATE_LIMITED: { status: 429, title: 'Too Many Requests', retryable: true, meaning: 'Too many requests: wait.' },
  READ_ONLY: {
    status: 503,
    title: 'Service Unavailable',
    retryable: true,
    meaning: 'The registry takes no writes at the moment.',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    title: 'Service Unavailable',
    retryable: true,
    meaning: 'Someone outside who had to be asked does not answer.',
  },
  UNPROCESSABLE: {
    status: 422,
    title: 'Unprocessable Entity',
    retryable: false,
    meaning: 'The request does not have the form that is wanted.',
  },
  NOT_FOUND: { status: 404, title: 'Not Found', retryable: false, meaning: 'There is no such thing.' },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 404,
    title: 'Not Found',
    retryable: true,
    meaning: 'The operation is not registered: send it once with its text.',
  },
  PERSISTED_QUERY_ONLY: {
    status: 403,
    title: 'Forbidden',
    retryable: false,
    meaning: 'Only operations that the operator trusts run here.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request Timeout',
    retryable: true,
    meaning: 'The request did not arrive in time.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Request Header Fields Too Large',
    retryable: false,
    meaning: 'The head of the request is too long.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method Not Allowed',
    retryable: false,
    meaning: 'The path does not have this method.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'Not Acceptable',
    retryable: false,
    meaning: 'No form of answer that is offered is accepted.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: 'Content Too Large',
    retryable: false,
    meaning: 'The request is too large.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported Media Type',
    retryable: false,
    meaning: 'The body is of a type that is not read.',
  },
  QUERY_TOO_COMPLEX: {
    status: 400,
    title: 'Bad Request',
    retryable: false,
    meaning: 'The query costs too much or is too deep.',
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Service Unavailable',
    retryable: true,
    meaning: 'The registry can not answer at the moment.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    title: 'Internal Server Error',
    retryable: false,
    meaning: 'Something unexpected happened: tell the operator the request id.',
  },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean; meaning: string }>;

export type ErrorCode = keyof typeof catalogue;

/** A failure that a caller can be told of: a code of the catalogue and one sentence. */
export class RegistryError extends Error {
  override name = 'RegistryError';
  readonly code: ErrorCode;
  /** Facts beside the sentence, shown to the caller. */
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The ways of PostgreSQL, the pool and Prisma to say that the database is away, too slow or full: worth another try. */
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '53100',
  '53200',
  '53300',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2037',
]);

/** What a caller may know of any thrown value: what the catalogue names as it is, all else masked. */
export function toRegistryError(thrown: unknown): RegistryError {
  if (thrown instanceof RegistryError) return thrown;
  if (thrown instanceof Error) {
    const lostConnection = /Connection terminated|timeout exceeded when trying to connect/.test(thrown.message);
    if (codesOf(thrown).some((code) => awayCodes.has(code)) || lostConnection) {
      return new RegistryError('UNAVAILABLE', 'The registry cannot answer at the moment; try again shortly.');
    }
  }
  return new RegistryError('INTERNAL_SERVER_ERROR', 'Unexpected error.');
}

/** Prisma keeps PostgreSQL's own code inside of its own errors. */
interface DatabaseError extends Error {
  code?: unknown;
  meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
}

function codesOf({ code, meta }: DatabaseError): string[] {
  return [code, meta?.driverAdapterError?.cause?.originalCode].map(String);
}

/** True for errors that nobody expected: those are logged, once, at the door. */
export function isUnexpected(error: RegistryError): boolean {
  return catalogue[error.code].status >= 500;
}

/** The one translation for both GraphQL doors; the request id goes with what was masked. */
export function toGraphQLError(thrown: unknown, requestId: string): GraphQLError {
  const at = thrown instanceof GraphQLError ? thrown : undefined;
  const cause = at ? at.originalError : thrown;
  if (at && (!cause || cause instanceof GraphQLError)) return refusal(at);
  const error = toRegistryError(cause);
  const { status, retryable } = catalogue[error.code];
  return new GraphQLError(error.message, {
    nodes: at?.nodes,
    source: at?.source,
    positions: at?.positions,
    path: at?.path,
    extensions: {
      code: error.code,
      retryable,
      ...error.details,
      ...(isUnexpected(error) ? { requestId } : {}),
      http: { status },
    },
  });
}

/** What GraphQL itself, its server and its plugins refuse is always something in the request: our codes for it. */
function refusal(error: GraphQLError): GraphQLError {
  const { code, http: given } = error.extensions as { code?: unknown; http?: HttpExtension };
  if (isCode(code) && 'retryable' in error.extensions) return error;
  const known = isCode(code) ? code : (codesByStatus[given?.status ?? 400] ?? 'BAD_USER_INPUT');
  // `spec` lets plain JSON answer 200, which is for what GraphQL itself finds in a document only.
  const http = { status: 400, ...given, spec: isCode(code) && given?.spec };
  const { message, nodes, source, positions, path } = error;
  const extensions = { code: known, retryable: catalogue[known].retryable, http };
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

/** What graphql-yoga takes from an error for the HTTP answer. */
interface HttpExtension {
  status?: number;
  headers?: Record<string, string>;
  spec?: boolean;
}

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(catalogue, code);

const codesByStatus: Partial<Record<number, ErrorCode>> = {
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};
