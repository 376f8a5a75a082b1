/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What changed. */
export type ChangeKind =
  /** Its document was corrected. */
  | 'EDITED'
  /** It became or ceased to be the latest version. */
  | 'LATEST_CHANGED'
  /** The version is new. */
  | 'PUBLISHED'
  /** Its status or status message changed. */
  | 'STATUS_CHANGED';

/** What a new token is to be good for; never for more than its maker may do. */
export type CreateApiTokenInput = {
  /** What it may do to them. */
  actions?: Array<PermissionAction>;
  /** How long it lasts, 1 to 365 days. */
  expiresInDays?: number;
  /** What you call it. */
  name: string;
  /** Whole names or namespaces: `io.github.alice/weather`, `io.github.alice/*`. */
  names: Array<string>;
};

/** Where a domain publishes its key. */
export type DomainProofMethod =
  /** In a TXT record at the domain itself: proves all below it too. */
  | 'DNS'
  /** At https://<domain>/.well-known/mcp-registry-auth: proves this domain only. */
  | 'HTTP';

/** Where the proof of a domain stands. */
export type DomainVerificationStatus =
  /** It was found, but another account proved the domain first. */
  | 'DISPUTED'
  /** The record is to be published, and then checked. */
  | 'PENDING'
  /** It was gone for three days: no writing until it is found again. */
  | 'SUSPENDED'
  /** It was found; it is asked for again every day. */
  | 'VERIFIED';

/** What went wrong, for programs. Codes never change. */
export type ErrorCode =
  /** Something in the request is malformed. */
  | 'BAD_USER_INPUT'
  /** The account or the namespace is blocked. */
  | 'BLOCKED'
  /** This login may not do that. */
  | 'FORBIDDEN'
  /** The document is no GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not fit the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** The head of the request is too long. */
  | 'HEADERS_TOO_LARGE'
  /** Something unexpected happened: tell the operator the request id. */
  | 'INTERNAL_SERVER_ERROR'
  /** The cursor is not one that was answered. */
  | 'INVALID_CURSOR'
  /** There are as many as there may be. */
  | 'LIMIT_REACHED'
  /** The path does not have this method. */
  | 'METHOD_NOT_ALLOWED'
  /** Another account proved the namespace first. */
  | 'NAMESPACE_DISPUTED'
  /** The name is not under a namespace of this login. */
  | 'NAMESPACE_FORBIDDEN'
  /** No form of answer that is offered is accepted. */
  | 'NOT_ACCEPTABLE'
  /** This registry does not offer it. */
  | 'NOT_ENABLED'
  /** There is no such thing. */
  | 'NOT_FOUND'
  /** It is not clear which operation of the document to run. */
  | 'OPERATION_RESOLUTION_FAILURE'
  /** A package does not say that it belongs to the server. */
  | 'OWNERSHIP_UNPROVEN'
  /** The request is too large. */
  | 'PAYLOAD_TOO_LARGE'
  /** The operation is not registered: send it once with its text. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** Only operations that the operator trusts run here. */
  | 'PERSISTED_QUERY_ONLY'
  /** The proof does not prove it. */
  | 'PROOF_REJECTED'
  /** The query costs too much or is too deep. */
  | 'QUERY_TOO_COMPLEX'
  /** Too many requests: wait. */
  | 'RATE_LIMITED'
  /** The registry takes no writes at the moment. */
  | 'READ_ONLY'
  /** Another owner's server uses the address of a remote. */
  | 'REMOTE_URL_TAKEN'
  /** The request did not arrive in time. */
  | 'REQUEST_TIMEOUT'
  /** There is no token, or it is worth nothing (any more). */
  | 'UNAUTHENTICATED'
  /** The registry can not answer at the moment. */
  | 'UNAVAILABLE'
  /** The request does not have the form that is wanted. */
  | 'UNPROCESSABLE'
  /** The body is of a type that is not read. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  /** Someone outside who had to be asked does not answer. */
  | 'UPSTREAM_UNAVAILABLE'
  /** The server.json is not valid. */
  | 'VALIDATION_FAILED'
  /** The version was published with another document. */
  | 'VERSION_EXISTS';

/** A signature by a key that the domain publishes: of a `challenge` or, as old clients do it, of a `timestamp`. */
export type ExchangeDomainProofInput = {
  /** The line that `startDomainProof` gave. */
  challenge?: string | null | undefined;
  /** The domain: `example.com`. */
  domain: string;
  /** Where its key is published. */
  method: DomainProofMethod;
  /** The signature of the challenge or timestamp, hex. */
  signature: string;
  /** The time now, RFC 3339; it counts within 15 seconds, and once. */
  timestamp?: string | null | undefined;
};

/** What can be done to a server. */
export type PermissionAction =
  /** Change what was published; for administrators. */
  | 'EDIT'
  /** Publish versions. */
  | 'PUBLISH'
  /** Deprecate, delete and restore versions. */
  | 'STATUS';

/** What became of a server.json. */
export type PublishOutcome =
  /** The version is published. */
  | 'CREATED'
  /** It was published before, with this very document. */
  | 'UNCHANGED'
  /** It can be published; it was only tried. */
  | 'VALID';

/** Whether a version should be used. */
export type ServerStatus =
  /** In use. */
  | 'ACTIVE'
  /** Withdrawn; hidden unless asked for. */
  | 'DELETED'
  /** Still there, but not recommended any more. */
  | 'DEPRECATED';

/** A server and the new status of all its versions. */
export type SetServerStatusInput = {
  /** The server's name. */
  name: string;
  /** Why, for the audit: administrators who take something down say it here or in the message. */
  reason?: string | null | undefined;
  /** The status. */
  status: ServerStatus;
  /** Shown to everyone who looks at it; at most 500 characters, and none for ACTIVE. */
  statusMessage?: string | null | undefined;
};

/** A version and its new status. */
export type SetVersionStatusInput = {
  /** The server's name. */
  name: string;
  /** Why, for the audit: administrators who take something down say it here or in the message. */
  reason?: string | null | undefined;
  /** The status. */
  status: ServerStatus;
  /** Shown to everyone who looks at it; at most 500 characters, and none for ACTIVE. */
  statusMessage?: string | null | undefined;
  /** The version. */
  version: string;
};

/** How bad an issue is. */
export type ValidationSeverity =
  /** The document can not be published. */
  | 'ERROR'
  /** Good to know. */
  | 'INFO'
  /** It can, but this is most often a slip. */
  | 'WARNING';

export type ChangeFieldsFragment = { revision: number, kind: ChangeKind, changedAt: string, version: { name: string, version: string, status: ServerStatus, isLatest: boolean } };

export type NewestRevisionQueryVariables = Exact<{ [key: string]: never; }>;


export type NewestRevisionQuery = { registry: { revision: number } };

export type ChangesQueryVariables = Exact<{
  after: number;
  first: number;
}>;


export type ChangesQuery = { changes: { revision: number, hasMore: boolean, changes: Array<{ revision: number, kind: ChangeKind, changedAt: string, version: { name: string, version: string, status: ServerStatus, isLatest: boolean } }> } };

export type FollowChangesSubscriptionVariables = Exact<{
  after?: number | null | undefined;
}>;


export type FollowChangesSubscription = { changes: { revision: number, kind: ChangeKind, changedAt: string, version: { name: string, version: string, status: ServerStatus, isLatest: boolean } } };

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { revokeSession:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RevokeSessionPayload', sessionId: string }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
   };

export type BeforePublishQueryVariables = Exact<{
  document: unknown;
  name: string;
}>;


export type BeforePublishQuery = { registry: { minimumClientVersion: string }, viewer: { subject: string } | null, validateServer: { issues: Array<{ path: string, severity: ValidationSeverity, message: string, reference: string }> }, serverVersion: { version: string, document: unknown } | null };

export type PublishMutationVariables = Exact<{
  document: unknown;
  dryRun: boolean;
}>;


export type PublishMutation = { publishServer:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LimitReached', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NamespaceForbidden', namespaces: Array<string>, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'OwnershipUnproven', code: ErrorCode, message: string, retryable: boolean, package: { registryType: string, identifier: string, version: string | null } }
    | { __typename: 'PublishServerPayload', outcome: PublishOutcome, version: { name: string, version: string, isLatest: boolean, digest: string, publishedAt: string } | null, warnings: Array<{ path: string, severity: ValidationSeverity, message: string, reference: string }> }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RemoteUrlTaken', servers: Array<string>, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ValidationFailed', code: ErrorCode, message: string, retryable: boolean, issues: Array<{ path: string, severity: ValidationSeverity, message: string, reference: string }> }
    | { __typename: 'VersionExists', code: ErrorCode, message: string, retryable: boolean, existing: { version: string, publishedAt: string, digest: string } }
   };

export type SearchQueryVariables = Exact<{
  search: string;
  first: number;
  after?: string | null | undefined;
}>;


export type SearchQuery = { servers: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { name: string, title: string | null, description: string, status: ServerStatus, latestVersion: { version: string } | null } }> } };

export type ShowQueryVariables = Exact<{
  name: string;
  version: string;
  includeDeleted: boolean;
}>;


export type ShowQuery = { serverVersion: { name: string, version: string, title: string | null, description: string, websiteUrl: string | null, status: ServerStatus, statusMessage: string | null, isLatest: boolean, publishedAt: string, updatedAt: string, digest: string, document: unknown, publisher: { method: string, subject: string } | null, repository: { url: string } | null } | null };

export type StatusOfQueryVariables = Exact<{
  name: string;
  version: string;
}>;


export type StatusOfQuery = { serverVersion: { version: string, status: ServerStatus } | null };

export type SetVersionStatusMutationVariables = Exact<{
  input: SetVersionStatusInput;
}>;


export type SetVersionStatusMutation = { setVersionStatus:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NamespaceForbidden', namespaces: Array<string>, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFound', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RemoteUrlTaken', servers: Array<string>, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'SetVersionStatusPayload', version: { name: string, version: string, status: ServerStatus, statusMessage: string | null } }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type SetServerStatusMutationVariables = Exact<{
  input: SetServerStatusInput;
}>;


export type SetServerStatusMutation = { setServerStatus:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NamespaceForbidden', namespaces: Array<string>, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFound', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RemoteUrlTaken', servers: Array<string>, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'SetServerStatusPayload', updatedCount: number, server: { name: string, status: ServerStatus } }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type TokenFieldsFragment = { id: string, name: string, names: Array<string>, actions: Array<PermissionAction>, createdAt: string, expiresAt: string, lastUsedAt: string | null };

export type CreateTokenMutationVariables = Exact<{
  input: CreateApiTokenInput;
}>;


export type CreateTokenMutation = { createApiToken:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'CreateApiTokenPayload', token: string, apiToken: { id: string, name: string, names: Array<string>, actions: Array<PermissionAction>, createdAt: string, expiresAt: string, lastUsedAt: string | null } }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LimitReached', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NamespaceForbidden', namespaces: Array<string>, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type ListTokensQueryVariables = Exact<{ [key: string]: never; }>;


export type ListTokensQuery = { viewer: { apiTokens: Array<{ id: string, name: string, names: Array<string>, actions: Array<PermissionAction>, createdAt: string, expiresAt: string, lastUsedAt: string | null }> } | null };

export type RevokeTokenMutationVariables = Exact<{
  id: string;
}>;


export type RevokeTokenMutation = { revokeApiToken:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFound', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RevokeApiTokenPayload', id: string }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
   };

export type ValidateQueryVariables = Exact<{
  document: unknown;
}>;


export type ValidateQuery = { validateServer: { valid: boolean, issues: Array<{ path: string, severity: ValidationSeverity, message: string, reference: string }> } };

export type VerificationFieldsFragment = { domain: string, status: DomainVerificationStatus, reason: string | null, expiresAt: string | null, verifiedAt: string | null, record: { type: string, name: string, value: string } | null };

export type StartVerificationMutationVariables = Exact<{
  domain: string;
}>;


export type StartVerificationMutation = { startDomainVerification:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LimitReached', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'StartDomainVerificationPayload', verification: { domain: string, status: DomainVerificationStatus, reason: string | null, expiresAt: string | null, verifiedAt: string | null, record: { type: string, name: string, value: string } | null } }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
   };

export type CheckVerificationMutationVariables = Exact<{
  domain: string;
}>;


export type CheckVerificationMutation = { checkDomainVerification:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'CheckDomainVerificationPayload', verification: { domain: string, status: DomainVerificationStatus, reason: string | null, expiresAt: string | null, verifiedAt: string | null, record: { type: string, name: string, value: string } | null } }
    | { __typename: 'Forbidden', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFound', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ProofRejected', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'Unauthenticated', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type VersionsQueryVariables = Exact<{
  name: string;
  first: number;
  after?: string | null | undefined;
}>;


export type VersionsQuery = { server: { name: string, versions: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { version: string, status: ServerStatus, statusMessage: string | null, isLatest: boolean, publishedAt: string } }> } } | null };

export type WhoamiQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoamiQuery = { viewer: { method: string, subject: string, isApiToken: boolean, expiresAt: string, namespaces: Array<{ name: string, problem: string | null }>, permissions: Array<{ action: PermissionAction, resource: string }> } | null };

export type StartDomainProofMutationVariables = Exact<{
  domain: string;
  method: DomainProofMethod;
}>;


export type StartDomainProofMutation = { startDomainProof:
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'StartDomainProofPayload', challenge: string }
   };

export type LoginDomainMutationVariables = Exact<{
  input: ExchangeDomainProofInput;
}>;


export type LoginDomainMutation = { exchangeDomainProof:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LoginPayload', token: string, expiresAt: string, viewer: { method: string, subject: string, namespaces: Array<{ name: string, problem: string | null }>, permissions: Array<{ action: PermissionAction, resource: string }> } }
    | { __typename: 'NotEnabled', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ProofRejected', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type LoginFieldsFragment = { token: string, expiresAt: string, viewer: { method: string, subject: string, namespaces: Array<{ name: string, problem: string | null }>, permissions: Array<{ action: PermissionAction, resource: string }> } };

export type LoginNoneMutationVariables = Exact<{ [key: string]: never; }>;


export type LoginNoneMutation = { loginAnonymously:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LoginPayload', token: string, expiresAt: string, viewer: { method: string, subject: string, namespaces: Array<{ name: string, problem: string | null }>, permissions: Array<{ action: PermissionAction, resource: string }> } }
    | { __typename: 'NotEnabled', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ProofRejected', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type LoginGithubMutationVariables = Exact<{
  token: string;
}>;


export type LoginGithubMutation = { exchangeGithubToken:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LoginPayload', token: string, expiresAt: string, viewer: { method: string, subject: string, namespaces: Array<{ name: string, problem: string | null }>, permissions: Array<{ action: PermissionAction, resource: string }> } }
    | { __typename: 'NotEnabled', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ProofRejected', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type LoginWorkflowMutationVariables = Exact<{
  token: string;
}>;


export type LoginWorkflowMutation = { exchangeGithubOidcToken:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LoginPayload', token: string, expiresAt: string, viewer: { method: string, subject: string, namespaces: Array<{ name: string, problem: string | null }>, permissions: Array<{ action: PermissionAction, resource: string }> } }
    | { __typename: 'NotEnabled', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ProofRejected', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type LoginOidcMutationVariables = Exact<{
  token: string;
}>;


export type LoginOidcMutation = { exchangeOidcToken:
    | { __typename: 'Blocked', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'LoginPayload', token: string, expiresAt: string, viewer: { method: string, subject: string, namespaces: Array<{ name: string, problem: string | null }>, permissions: Array<{ action: PermissionAction, resource: string }> } }
    | { __typename: 'NotEnabled', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ProofRejected', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'RateLimited', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ReadOnly', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UpstreamUnavailable', retryAfter: number, code: ErrorCode, message: string, retryable: boolean }
   };

export type LoginOptionsQueryVariables = Exact<{ [key: string]: never; }>;


export type LoginOptionsQuery = { registry: { minimumClientVersion: string, login: { methods: Array<string>, githubUrl: string, githubClientId: string | null } } };

export type TokenOwnerQueryVariables = Exact<{ [key: string]: never; }>;


export type TokenOwnerQuery = { viewer: { subject: string, expiresAt: string } | null };

type Refusal_Blocked_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_Forbidden_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_InvalidInput_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_LimitReached_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_NamespaceForbidden_Fragment = { namespaces: Array<string>, code: ErrorCode, message: string, retryable: boolean };

type Refusal_NotEnabled_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_NotFound_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_OwnershipUnproven_Fragment = { code: ErrorCode, message: string, retryable: boolean, package: { registryType: string, identifier: string, version: string | null } };

type Refusal_ProofRejected_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_RateLimited_Fragment = { retryAfter: number, code: ErrorCode, message: string, retryable: boolean };

type Refusal_ReadOnly_Fragment = { retryAfter: number, code: ErrorCode, message: string, retryable: boolean };

type Refusal_RemoteUrlTaken_Fragment = { servers: Array<string>, code: ErrorCode, message: string, retryable: boolean };

type Refusal_Unauthenticated_Fragment = { code: ErrorCode, message: string, retryable: boolean };

type Refusal_UpstreamUnavailable_Fragment = { retryAfter: number, code: ErrorCode, message: string, retryable: boolean };

type Refusal_ValidationFailed_Fragment = { code: ErrorCode, message: string, retryable: boolean, issues: Array<{ path: string, severity: ValidationSeverity, message: string, reference: string }> };

type Refusal_VersionExists_Fragment = { code: ErrorCode, message: string, retryable: boolean, existing: { version: string, publishedAt: string, digest: string } };

export type RefusalFragment =
  | Refusal_Blocked_Fragment
  | Refusal_Forbidden_Fragment
  | Refusal_InvalidInput_Fragment
  | Refusal_LimitReached_Fragment
  | Refusal_NamespaceForbidden_Fragment
  | Refusal_NotEnabled_Fragment
  | Refusal_NotFound_Fragment
  | Refusal_OwnershipUnproven_Fragment
  | Refusal_ProofRejected_Fragment
  | Refusal_RateLimited_Fragment
  | Refusal_ReadOnly_Fragment
  | Refusal_RemoteUrlTaken_Fragment
  | Refusal_Unauthenticated_Fragment
  | Refusal_UpstreamUnavailable_Fragment
  | Refusal_ValidationFailed_Fragment
  | Refusal_VersionExists_Fragment
;

export const ChangeFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ChangeFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Change"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"changedAt"}},{"kind":"Field","name":{"kind":"Name","value":"version"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isLatest"}}]}}]}}]} as unknown as DocumentNode<ChangeFieldsFragment, unknown>;
export const TokenFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TokenFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApiToken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"names"}},{"kind":"Field","name":{"kind":"Name","value":"actions"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}}]}}]} as unknown as DocumentNode<TokenFieldsFragment, unknown>;
export const VerificationFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VerificationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DomainVerification"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"domain"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"verifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"record"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}}]} as unknown as DocumentNode<VerificationFieldsFragment, unknown>;
export const LoginFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LoginFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LoginPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"token"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"namespaces"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"problem"}}]}},{"kind":"Field","name":{"kind":"Name","value":"permissions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}}]}}]}}]}}]} as unknown as DocumentNode<LoginFieldsFragment, unknown>;
export const RefusalFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfter"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReadOnly"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfter"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpstreamUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfter"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NamespaceForbidden"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"namespaces"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OwnershipUnproven"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"package"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registryType"}},{"kind":"Field","name":{"kind":"Name","value":"identifier"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoteUrlTaken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"servers"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VersionExists"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"existing"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"publishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}}]}}]}}]}}]} as unknown as DocumentNode<RefusalFragment, unknown>;
export const NewestRevisionDocument = {"__meta__":{"documentId":"sha256:af1a4e16b7510192d46a480e4f109887eefc52f2e2b294ff9b768a3dd7854344"}} as unknown as DocumentNode<NewestRevisionQuery, NewestRevisionQueryVariables>;
export const ChangesDocument = {"__meta__":{"documentId":"sha256:8d51967cb28f0463e25ced5d64ea3039ef36c2ec212e3ccf423a12daee56c712"}} as unknown as DocumentNode<ChangesQuery, ChangesQueryVariables>;
export const FollowChangesDocument = {"__meta__":{"documentId":"sha256:90726a602e8d360c40636724087a0d0eb16b323424afa7834f8f9ae606ddb4ee"}} as unknown as DocumentNode<FollowChangesSubscription, FollowChangesSubscriptionVariables>;
export const LogoutDocument = {"__meta__":{"documentId":"sha256:e6fc80f540e022b422378cd16c1f4538949245effbe97fde4b8c0e256d6a5059"}} as unknown as DocumentNode<LogoutMutation, LogoutMutationVariables>;
export const BeforePublishDocument = {"__meta__":{"documentId":"sha256:bc0f360cbf53bc5fe317d67929afe53991671a2c6d0d686cf0c55bf353dcbea9"}} as unknown as DocumentNode<BeforePublishQuery, BeforePublishQueryVariables>;
export const PublishDocument = {"__meta__":{"documentId":"sha256:35c98bc7394f417a84bf848c5bdebb0588dea9fd2ecc57c433d85a591d859e88"}} as unknown as DocumentNode<PublishMutation, PublishMutationVariables>;
export const SearchDocument = {"__meta__":{"documentId":"sha256:cef2336fd111f6aa66181a5353e0a8f50bb6b02fef2241f8c506b5364411e9f8"}} as unknown as DocumentNode<SearchQuery, SearchQueryVariables>;
export const ShowDocument = {"__meta__":{"documentId":"sha256:377e6378c1805c40959d92b0e4bd2d3e8f0829cf318864d41ae45db54e9bb4ea"}} as unknown as DocumentNode<ShowQuery, ShowQueryVariables>;
export const StatusOfDocument = {"__meta__":{"documentId":"sha256:bd5324a2908deeec7256e31dd3e3c1a169870b20a74056c9e0b8e316f6ec8ab8"}} as unknown as DocumentNode<StatusOfQuery, StatusOfQueryVariables>;
export const SetVersionStatusDocument = {"__meta__":{"documentId":"sha256:44bafb3724e1e5040d4ae472ada4a6043593798c40bcf56ae2628ae36441a306"}} as unknown as DocumentNode<SetVersionStatusMutation, SetVersionStatusMutationVariables>;
export const SetServerStatusDocument = {"__meta__":{"documentId":"sha256:79c4e93ac87eae493d01686695ca1c47f260035314f9e6cbeb9af59f4b514977"}} as unknown as DocumentNode<SetServerStatusMutation, SetServerStatusMutationVariables>;
export const CreateTokenDocument = {"__meta__":{"documentId":"sha256:355bb2f18b612cf7ae66dc682c18be601598e768b2051d6d9d5ea38252123bd8"}} as unknown as DocumentNode<CreateTokenMutation, CreateTokenMutationVariables>;
export const ListTokensDocument = {"__meta__":{"documentId":"sha256:f99178fd43b8e04c4a0abfe789c05f5a29fa150e85b3b35cbccf54687cc74a22"}} as unknown as DocumentNode<ListTokensQuery, ListTokensQueryVariables>;
export const RevokeTokenDocument = {"__meta__":{"documentId":"sha256:9891f66e6edc9f10d0ce75fd7c497b7482e7397433ee836932032b3a8381ea7e"}} as unknown as DocumentNode<RevokeTokenMutation, RevokeTokenMutationVariables>;
export const ValidateDocument = {"__meta__":{"documentId":"sha256:281c3ac956cd06d9be037cc27bd710adcbaa05f9351ea8a10328273c37f7cdaa"}} as unknown as DocumentNode<ValidateQuery, ValidateQueryVariables>;
export const StartVerificationDocument = {"__meta__":{"documentId":"sha256:b30c82c3718e859224ddb5a314145328e3bca6927acce69db5772b2358defd4b"}} as unknown as DocumentNode<StartVerificationMutation, StartVerificationMutationVariables>;
export const CheckVerificationDocument = {"__meta__":{"documentId":"sha256:70198e656aabf28998bc47f2d0541064b3dc58b94e302189e54e04bbf64357c5"}} as unknown as DocumentNode<CheckVerificationMutation, CheckVerificationMutationVariables>;
export const VersionsDocument = {"__meta__":{"documentId":"sha256:8c578e00e7a699c4a8618e1fd97763fbbc9cb6ffdbb034c70bbb9d90c08e5aea"}} as unknown as DocumentNode<VersionsQuery, VersionsQueryVariables>;
export const WhoamiDocument = {"__meta__":{"documentId":"sha256:9a28223d3bd2fb20b707863584561c695c5cffdb82523619d5ae7cee76788b6c"}} as unknown as DocumentNode<WhoamiQuery, WhoamiQueryVariables>;
export const StartDomainProofDocument = {"__meta__":{"documentId":"sha256:30242a7a79ff917e97e533b4b4bb7a3d817e465657171975832d8d7d53c40cc0"}} as unknown as DocumentNode<StartDomainProofMutation, StartDomainProofMutationVariables>;
export const LoginDomainDocument = {"__meta__":{"documentId":"sha256:c7ad44756a1e6dda5cbb169816ac80d2d132951f5fbb8e2ac4d6504de6227ed8"}} as unknown as DocumentNode<LoginDomainMutation, LoginDomainMutationVariables>;
export const LoginNoneDocument = {"__meta__":{"documentId":"sha256:4a18d1791a58f32fa9817fc279531ed476f9db0a732a69a69cf298981095bc80"}} as unknown as DocumentNode<LoginNoneMutation, LoginNoneMutationVariables>;
export const LoginGithubDocument = {"__meta__":{"documentId":"sha256:c7e4254b8deda3579c48e5c77b26a27e7287057213c6f2ba812e2c967919ae5a"}} as unknown as DocumentNode<LoginGithubMutation, LoginGithubMutationVariables>;
export const LoginWorkflowDocument = {"__meta__":{"documentId":"sha256:380c7f65d679acfd00798b478cd2b43844fab28acd15bdf62d19bce6fb81de7c"}} as unknown as DocumentNode<LoginWorkflowMutation, LoginWorkflowMutationVariables>;
export const LoginOidcDocument = {"__meta__":{"documentId":"sha256:f4b58614b38257612ab2b34842c0a4e67c5a023f290964bb0b60ed7b67d7a0f7"}} as unknown as DocumentNode<LoginOidcMutation, LoginOidcMutationVariables>;
export const LoginOptionsDocument = {"__meta__":{"documentId":"sha256:8a7b20a61f3f0d5bef392419d2380db944b10679d2487b4726cd17b19c301a59"}} as unknown as DocumentNode<LoginOptionsQuery, LoginOptionsQueryVariables>;
export const TokenOwnerDocument = {"__meta__":{"documentId":"sha256:8f613807d46b4a0ed6526378bd9d28f30ba2ae4becc9bf9a82f94b69e473dd74"}} as unknown as DocumentNode<TokenOwnerQuery, TokenOwnerQueryVariables>;
