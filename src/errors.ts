import { GraphQLError } from 'graphql';

/** Every code a caller can meet: its HTTP status, and whether the same request may succeed later. Codes never change. */
export const catalogue = {
  BAD_USER_INPUT: { status: 400, title: 'Bad Request', retryable: false },
  INVALID_CURSOR: { status: 400, title: 'Bad Request', retryable: false },
  GRAPHQL_PARSE_FAILED: { status: 400, title: 'Bad Request', retryable: false },
  GRAPHQL_VALIDATION_FAILED: { status: 400, title: 'Bad Request', retryable: false },
  OPERATION_RESOLUTION_FAILURE: { status: 400, title: 'Bad Request', retryable: false },
  UNPROCESSABLE: { status: 422, title: 'Unprocessable Entity', retryable: false },
  NOT_FOUND: { status: 404, title: 'Not Found', retryable: false },
  REQUEST_TIMEOUT: { status: 408, title: 'Request Timeout', retryable: true },
  HEADERS_TOO_LARGE: { status: 431, title: 'Request Header Fields Too Large', retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method Not Allowed', retryable: false },
  NOT_ACCEPTABLE: { status: 406, title: 'Not Acceptable', retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'Content Too Large', retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported Media Type', retryable: false },
  QUERY_TOO_COMPLEX: { status: 400, title: 'Bad Request', retryable: false },
  UNAVAILABLE: { status: 503, title: 'Service Unavailable', retryable: true },
  INTERNAL_SERVER_ERROR: { status: 500, title: 'Internal Server Error', retryable: false },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>;

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
