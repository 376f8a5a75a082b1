import { builder } from './builder.ts';
import { catalogue, RegistryError, type ErrorCode } from './errors.ts';

const ErrorCodeRef = builder.enumType('ErrorCode', {
  description: 'What went wrong, for programs. Codes never change.',
  values: Object.fromEntries(
    Object.entries(catalogue).map(([code, { meaning }]) => [code, { description: meaning }]),
  ) as Record<ErrorCode, { description: string }>,
});

/** A refusal as a value: GraphQL takes anything that is an Error for one that was thrown. */
export class Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Record<string, unknown>;

  constructor({ code, message, details }: RegistryError) {
    this.code = code;
    this.message = message;
    this.details = details;
  }
}

const ErrorRef = builder.interfaceRef<Refusal>('Error').implement({
  description: 'A refusal that can be expected.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeRef,
      description: 'What went wrong, for programs.',
      resolve: (error) => error.code,
    }),
    message: t.exposeString('message', { description: 'What was wrong and what to do next, in a sentence or two.' }),
    retryable: t.boolean({
      description: 'Whether the same request may succeed later.',
      resolve: (error) => catalogue[error.code].retryable,
    }),
  }),
  resolveType: (error) => typeOf(error.code),
});

/** The error types, and the codes that each stands for. */
const errorTypes = {
  InvalidInput: { codes: ['BAD_USER_INPUT'], description: 'Something in the input is malformed.' },
  Unauthenticated: { codes: ['UNAUTHENTICATED'], description: 'There is no login, or it has ended: log in again.' },
  ProofRejected: { codes: ['PROOF_REJECTED'], description: 'The proof does not prove it; the message says why.' },
  Forbidden: { codes: ['FORBIDDEN'], description: 'This login may not do that.' },
  NamespaceForbidden: {
    codes: ['NAMESPACE_FORBIDDEN', 'NAMESPACE_DISPUTED'],
    description: 'The name is not under a namespace that this login may write.',
  },
  Blocked: { codes: ['BLOCKED'], description: 'The account or the namespace is blocked; the message says why.' },
  NotEnabled: { codes: ['NOT_ENABLED'], description: 'This registry does not offer it.' },
  ValidationFailed: { codes: ['VALIDATION_FAILED'], description: 'The server.json is not valid; all of it is told.' },
  OwnershipUnproven: {
    codes: ['OWNERSHIP_UNPROVEN'],
    description: 'A package does not say that it belongs to the server; the message says how it can.',
  },
  VersionExists: {
    codes: ['VERSION_EXISTS'],
    description: 'The version is there with another document: publish the change under a new version.',
  },
  RemoteUrlTaken: {
    codes: ['REMOTE_URL_TAKEN'],
    description: "The active latest version of another owner's server uses the address of a remote.",
  },
  NotFound: { codes: ['NOT_FOUND'], description: 'There is no such thing.' },
  LimitReached: { codes: ['LIMIT_REACHED'], description: 'There are as many as there may be.' },
  RateLimited: { codes: ['RATE_LIMITED'], description: 'Too many requests.' },
  ReadOnly: { codes: ['READ_ONLY'], description: 'The registry takes no writes at the moment.' },
  UpstreamUnavailable: {
    codes: ['UPSTREAM_UNAVAILABLE'],
    description: 'Someone outside who had to be asked does not answer: nothing was changed.',
  },
} satisfies Record<string, { codes: ErrorCode[]; description: string }>;

export type ErrorType = keyof typeof errorTypes;

const typesByCode = new Map<ErrorCode, ErrorType>(
  Object.entries(errorTypes).flatMap(([type, { codes }]) => codes.map((code) => [code, type as ErrorType] as const)),
);

const typeOf = (code: ErrorCode): ErrorType | undefined => typesByCode.get(code);

const errorRef = (type: ErrorType) =>
  builder.objectRef<Refusal>(type).implement({ interfaces: [ErrorRef], description: errorTypes[type].description });

/** The type of each error, to which a feature adds the fields that are its own. */
export const errorRefs = Object.fromEntries(
  Object.keys(errorTypes).map((type) => [type, errorRef(type as ErrorType)]),
) as Record<ErrorType, ReturnType<typeof errorRef>>;

builder.objectField(errorRefs.NamespaceForbidden, 'namespaces', (t) =>
  t.stringList({
    description: 'What this login may write: `io.github.alice/*`, `com.example.*`.',
    resolve: ({ details }) => (Array.isArray(details.namespaces) ? details.namespaces.map(String) : []),
  }),
);

for (const type of ['RateLimited', 'ReadOnly', 'UpstreamUnavailable'] as const) {
  builder.objectField(errorRefs[type], 'retryAfter', (t) =>
    t.int({
      description: 'Seconds after which another try makes sense.',
      resolve: ({ details }) => (typeof details.retryAfter === 'number' ? details.retryAfter : 15),
    }),
  );
}

/** What any write can be refused for. */
const always: ErrorType[] = ['InvalidInput', 'RateLimited', 'ReadOnly'];

/** What a login can be refused for. */
export const loginErrors: ErrorType[] = ['ProofRejected', 'Blocked', 'NotEnabled', 'UpstreamUnavailable'];

/** What a write of someone who is logged in can be refused for. */
export const viewerErrors: ErrorType[] = ['Unauthenticated', 'Forbidden', 'Blocked'];

/** The success payload of a mutation, as the features refer to it. */
type Payload<Shape> = ReturnType<ReturnType<typeof builder.objectRef<Shape>>['implement']>;

/** The union of a mutation's success and of the errors that can be expected of it, and how to get its value from a promise. */
export function resultType<Shape extends object>(name: string, payload: Payload<Shape>, errors: ErrorType[]) {
  const expected = [...always, ...errors];
  const type = builder.unionType(name, {
    description: 'The success, or what can be expected to go wrong.',
    types: [payload, ...expected.map((error) => errorRefs[error])],
    resolveType: (value) => (value instanceof Refusal ? typeOf(value.code) : payload.name),
  });
  const settle = async (work: Promise<Shape>): Promise<Shape | Refusal> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof RegistryError && expected.some((one) => one === typeOf(error.code))) {
        return new Refusal(error);
      }
      throw error;
    }
  };
  return { type, settle };
}
