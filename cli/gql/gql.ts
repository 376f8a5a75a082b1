/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment ChangeFields on Change {\n    revision\n    kind\n    changedAt\n    version {\n      name\n      version\n      status\n      isLatest\n    }\n  }\n": typeof types.ChangeFieldsFragmentDoc,
    "\n  query NewestRevision {\n    registry {\n      revision\n    }\n  }\n": typeof types.NewestRevisionDocument,
    "\n  query Changes($after: Revision!, $first: Int!) {\n    changes(after: $after, first: $first) {\n      revision\n      hasMore\n      changes {\n        ...ChangeFields\n      }\n    }\n  }\n": typeof types.ChangesDocument,
    "\n  subscription FollowChanges($after: Revision) {\n    changes(after: $after) {\n      ...ChangeFields\n    }\n  }\n": typeof types.FollowChangesDocument,
    "\n  mutation Logout {\n    revokeSession {\n      __typename\n      ... on RevokeSessionPayload {\n        sessionId\n      }\n      ...Refusal\n    }\n  }\n": typeof types.LogoutDocument,
    "\n  query BeforePublish($document: JSON!, $name: String!) {\n    registry {\n      minimumClientVersion\n    }\n    viewer {\n      subject\n    }\n    validateServer(document: $document) {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    serverVersion(name: $name) {\n      version\n      document\n    }\n  }\n": typeof types.BeforePublishDocument,
    "\n  mutation Publish($document: JSON!, $dryRun: Boolean!) {\n    publishServer(input: { document: $document, dryRun: $dryRun }) {\n      __typename\n      ... on PublishServerPayload {\n        outcome\n        version {\n          name\n          version\n          isLatest\n          digest\n          publishedAt\n        }\n        warnings {\n          path\n          severity\n          message\n          reference\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.PublishDocument,
    "\n  query Search($search: String!, $first: Int!, $after: String) {\n    servers(first: $first, after: $after, filter: { search: $search }) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          name\n          title\n          description\n          status\n          latestVersion {\n            version\n          }\n        }\n      }\n    }\n  }\n": typeof types.SearchDocument,
    "\n  query Show($name: String!, $version: String!, $includeDeleted: Boolean!) {\n    serverVersion(name: $name, version: $version, includeDeleted: $includeDeleted) {\n      name\n      version\n      title\n      description\n      websiteUrl\n      status\n      statusMessage\n      isLatest\n      publishedAt\n      updatedAt\n      digest\n      publisher {\n        method\n        subject\n      }\n      repository {\n        url\n      }\n      document\n    }\n  }\n": typeof types.ShowDocument,
    "\n  query StatusOf($name: String!, $version: String!) {\n    serverVersion(name: $name, version: $version, includeDeleted: true) {\n      version\n      status\n    }\n  }\n": typeof types.StatusOfDocument,
    "\n  mutation SetVersionStatus($input: SetVersionStatusInput!) {\n    setVersionStatus(input: $input) {\n      __typename\n      ... on SetVersionStatusPayload {\n        version {\n          name\n          version\n          status\n          statusMessage\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.SetVersionStatusDocument,
    "\n  mutation SetServerStatus($input: SetServerStatusInput!) {\n    setServerStatus(input: $input) {\n      __typename\n      ... on SetServerStatusPayload {\n        updatedCount\n        server {\n          name\n          status\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.SetServerStatusDocument,
    "\n  fragment TokenFields on ApiToken {\n    id\n    name\n    names\n    actions\n    createdAt\n    expiresAt\n    lastUsedAt\n  }\n": typeof types.TokenFieldsFragmentDoc,
    "\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      __typename\n      ... on CreateApiTokenPayload {\n        token\n        apiToken {\n          ...TokenFields\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.CreateTokenDocument,
    "\n  query ListTokens {\n    viewer {\n      apiTokens {\n        ...TokenFields\n      }\n    }\n  }\n": typeof types.ListTokensDocument,
    "\n  mutation RevokeToken($id: String!) {\n    revokeApiToken(input: { id: $id }) {\n      __typename\n      ... on RevokeApiTokenPayload {\n        id\n      }\n      ...Refusal\n    }\n  }\n": typeof types.RevokeTokenDocument,
    "\n  query Validate($document: JSON!) {\n    validateServer(document: $document) {\n      valid\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n  }\n": typeof types.ValidateDocument,
    "\n  fragment VerificationFields on DomainVerification {\n    domain\n    status\n    reason\n    expiresAt\n    verifiedAt\n    record {\n      type\n      name\n      value\n    }\n  }\n": typeof types.VerificationFieldsFragmentDoc,
    "\n  mutation StartVerification($domain: String!) {\n    startDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on StartDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.StartVerificationDocument,
    "\n  mutation CheckVerification($domain: String!) {\n    checkDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on CheckDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.CheckVerificationDocument,
    "\n  query Versions($name: String!, $first: Int!, $after: String) {\n    server(name: $name, includeDeleted: true) {\n      name\n      versions(first: $first, after: $after, filter: { status: [ACTIVE, DEPRECATED, DELETED] }) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        edges {\n          node {\n            version\n            status\n            statusMessage\n            isLatest\n            publishedAt\n          }\n        }\n      }\n    }\n  }\n": typeof types.VersionsDocument,
    "\n  query Whoami {\n    viewer {\n      method\n      subject\n      isApiToken\n      expiresAt\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n": typeof types.WhoamiDocument,
    "\n  mutation StartDomainProof($domain: String!, $method: DomainProofMethod!) {\n    startDomainProof(input: { domain: $domain, method: $method }) {\n      __typename\n      ... on StartDomainProofPayload {\n        challenge\n      }\n      ...Refusal\n    }\n  }\n": typeof types.StartDomainProofDocument,
    "\n  mutation LoginDomain($input: ExchangeDomainProofInput!) {\n    exchangeDomainProof(input: $input) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": typeof types.LoginDomainDocument,
    "\n  fragment LoginFields on LoginPayload {\n    token\n    expiresAt\n    viewer {\n      method\n      subject\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n": typeof types.LoginFieldsFragmentDoc,
    "\n  mutation LoginNone {\n    loginAnonymously {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": typeof types.LoginNoneDocument,
    "\n  mutation LoginGithub($token: String!) {\n    exchangeGithubToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": typeof types.LoginGithubDocument,
    "\n  mutation LoginWorkflow($token: String!) {\n    exchangeGithubOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": typeof types.LoginWorkflowDocument,
    "\n  mutation LoginOidc($token: String!) {\n    exchangeOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": typeof types.LoginOidcDocument,
    "\n  query LoginOptions {\n    registry {\n      minimumClientVersion\n      login {\n        methods\n        githubUrl\n        githubClientId\n      }\n    }\n  }\n": typeof types.LoginOptionsDocument,
    "\n  query TokenOwner {\n    viewer {\n      subject\n      expiresAt\n    }\n  }\n": typeof types.TokenOwnerDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    retryable\n    ... on RateLimited {\n      retryAfter\n    }\n    ... on ReadOnly {\n      retryAfter\n    }\n    ... on UpstreamUnavailable {\n      retryAfter\n    }\n    ... on NamespaceForbidden {\n      namespaces\n    }\n    ... on OwnershipUnproven {\n      package {\n        registryType\n        identifier\n        version\n      }\n    }\n    ... on RemoteUrlTaken {\n      servers\n    }\n    ... on ValidationFailed {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    ... on VersionExists {\n      existing {\n        version\n        publishedAt\n        digest\n      }\n    }\n  }\n": typeof types.RefusalFragmentDoc,
};
const documents: Documents = {
    "\n  fragment ChangeFields on Change {\n    revision\n    kind\n    changedAt\n    version {\n      name\n      version\n      status\n      isLatest\n    }\n  }\n": types.ChangeFieldsFragmentDoc,
    "\n  query NewestRevision {\n    registry {\n      revision\n    }\n  }\n": types.NewestRevisionDocument,
    "\n  query Changes($after: Revision!, $first: Int!) {\n    changes(after: $after, first: $first) {\n      revision\n      hasMore\n      changes {\n        ...ChangeFields\n      }\n    }\n  }\n": types.ChangesDocument,
    "\n  subscription FollowChanges($after: Revision) {\n    changes(after: $after) {\n      ...ChangeFields\n    }\n  }\n": types.FollowChangesDocument,
    "\n  mutation Logout {\n    revokeSession {\n      __typename\n      ... on RevokeSessionPayload {\n        sessionId\n      }\n      ...Refusal\n    }\n  }\n": types.LogoutDocument,
    "\n  query BeforePublish($document: JSON!, $name: String!) {\n    registry {\n      minimumClientVersion\n    }\n    viewer {\n      subject\n    }\n    validateServer(document: $document) {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    serverVersion(name: $name) {\n      version\n      document\n    }\n  }\n": types.BeforePublishDocument,
    "\n  mutation Publish($document: JSON!, $dryRun: Boolean!) {\n    publishServer(input: { document: $document, dryRun: $dryRun }) {\n      __typename\n      ... on PublishServerPayload {\n        outcome\n        version {\n          name\n          version\n          isLatest\n          digest\n          publishedAt\n        }\n        warnings {\n          path\n          severity\n          message\n          reference\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.PublishDocument,
    "\n  query Search($search: String!, $first: Int!, $after: String) {\n    servers(first: $first, after: $after, filter: { search: $search }) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          name\n          title\n          description\n          status\n          latestVersion {\n            version\n          }\n        }\n      }\n    }\n  }\n": types.SearchDocument,
    "\n  query Show($name: String!, $version: String!, $includeDeleted: Boolean!) {\n    serverVersion(name: $name, version: $version, includeDeleted: $includeDeleted) {\n      name\n      version\n      title\n      description\n      websiteUrl\n      status\n      statusMessage\n      isLatest\n      publishedAt\n      updatedAt\n      digest\n      publisher {\n        method\n        subject\n      }\n      repository {\n        url\n      }\n      document\n    }\n  }\n": types.ShowDocument,
    "\n  query StatusOf($name: String!, $version: String!) {\n    serverVersion(name: $name, version: $version, includeDeleted: true) {\n      version\n      status\n    }\n  }\n": types.StatusOfDocument,
    "\n  mutation SetVersionStatus($input: SetVersionStatusInput!) {\n    setVersionStatus(input: $input) {\n      __typename\n      ... on SetVersionStatusPayload {\n        version {\n          name\n          version\n          status\n          statusMessage\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.SetVersionStatusDocument,
    "\n  mutation SetServerStatus($input: SetServerStatusInput!) {\n    setServerStatus(input: $input) {\n      __typename\n      ... on SetServerStatusPayload {\n        updatedCount\n        server {\n          name\n          status\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.SetServerStatusDocument,
    "\n  fragment TokenFields on ApiToken {\n    id\n    name\n    names\n    actions\n    createdAt\n    expiresAt\n    lastUsedAt\n  }\n": types.TokenFieldsFragmentDoc,
    "\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      __typename\n      ... on CreateApiTokenPayload {\n        token\n        apiToken {\n          ...TokenFields\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.CreateTokenDocument,
    "\n  query ListTokens {\n    viewer {\n      apiTokens {\n        ...TokenFields\n      }\n    }\n  }\n": types.ListTokensDocument,
    "\n  mutation RevokeToken($id: String!) {\n    revokeApiToken(input: { id: $id }) {\n      __typename\n      ... on RevokeApiTokenPayload {\n        id\n      }\n      ...Refusal\n    }\n  }\n": types.RevokeTokenDocument,
    "\n  query Validate($document: JSON!) {\n    validateServer(document: $document) {\n      valid\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n  }\n": types.ValidateDocument,
    "\n  fragment VerificationFields on DomainVerification {\n    domain\n    status\n    reason\n    expiresAt\n    verifiedAt\n    record {\n      type\n      name\n      value\n    }\n  }\n": types.VerificationFieldsFragmentDoc,
    "\n  mutation StartVerification($domain: String!) {\n    startDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on StartDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.StartVerificationDocument,
    "\n  mutation CheckVerification($domain: String!) {\n    checkDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on CheckDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.CheckVerificationDocument,
    "\n  query Versions($name: String!, $first: Int!, $after: String) {\n    server(name: $name, includeDeleted: true) {\n      name\n      versions(first: $first, after: $after, filter: { status: [ACTIVE, DEPRECATED, DELETED] }) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        edges {\n          node {\n            version\n            status\n            statusMessage\n            isLatest\n            publishedAt\n          }\n        }\n      }\n    }\n  }\n": types.VersionsDocument,
    "\n  query Whoami {\n    viewer {\n      method\n      subject\n      isApiToken\n      expiresAt\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n": types.WhoamiDocument,
    "\n  mutation StartDomainProof($domain: String!, $method: DomainProofMethod!) {\n    startDomainProof(input: { domain: $domain, method: $method }) {\n      __typename\n      ... on StartDomainProofPayload {\n        challenge\n      }\n      ...Refusal\n    }\n  }\n": types.StartDomainProofDocument,
    "\n  mutation LoginDomain($input: ExchangeDomainProofInput!) {\n    exchangeDomainProof(input: $input) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": types.LoginDomainDocument,
    "\n  fragment LoginFields on LoginPayload {\n    token\n    expiresAt\n    viewer {\n      method\n      subject\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n": types.LoginFieldsFragmentDoc,
    "\n  mutation LoginNone {\n    loginAnonymously {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": types.LoginNoneDocument,
    "\n  mutation LoginGithub($token: String!) {\n    exchangeGithubToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": types.LoginGithubDocument,
    "\n  mutation LoginWorkflow($token: String!) {\n    exchangeGithubOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": types.LoginWorkflowDocument,
    "\n  mutation LoginOidc($token: String!) {\n    exchangeOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n": types.LoginOidcDocument,
    "\n  query LoginOptions {\n    registry {\n      minimumClientVersion\n      login {\n        methods\n        githubUrl\n        githubClientId\n      }\n    }\n  }\n": types.LoginOptionsDocument,
    "\n  query TokenOwner {\n    viewer {\n      subject\n      expiresAt\n    }\n  }\n": types.TokenOwnerDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    retryable\n    ... on RateLimited {\n      retryAfter\n    }\n    ... on ReadOnly {\n      retryAfter\n    }\n    ... on UpstreamUnavailable {\n      retryAfter\n    }\n    ... on NamespaceForbidden {\n      namespaces\n    }\n    ... on OwnershipUnproven {\n      package {\n        registryType\n        identifier\n        version\n      }\n    }\n    ... on RemoteUrlTaken {\n      servers\n    }\n    ... on ValidationFailed {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    ... on VersionExists {\n      existing {\n        version\n        publishedAt\n        digest\n      }\n    }\n  }\n": types.RefusalFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ChangeFields on Change {\n    revision\n    kind\n    changedAt\n    version {\n      name\n      version\n      status\n      isLatest\n    }\n  }\n"): (typeof documents)["\n  fragment ChangeFields on Change {\n    revision\n    kind\n    changedAt\n    version {\n      name\n      version\n      status\n      isLatest\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NewestRevision {\n    registry {\n      revision\n    }\n  }\n"): (typeof documents)["\n  query NewestRevision {\n    registry {\n      revision\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Changes($after: Revision!, $first: Int!) {\n    changes(after: $after, first: $first) {\n      revision\n      hasMore\n      changes {\n        ...ChangeFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query Changes($after: Revision!, $first: Int!) {\n    changes(after: $after, first: $first) {\n      revision\n      hasMore\n      changes {\n        ...ChangeFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowChanges($after: Revision) {\n    changes(after: $after) {\n      ...ChangeFields\n    }\n  }\n"): (typeof documents)["\n  subscription FollowChanges($after: Revision) {\n    changes(after: $after) {\n      ...ChangeFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Logout {\n    revokeSession {\n      __typename\n      ... on RevokeSessionPayload {\n        sessionId\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Logout {\n    revokeSession {\n      __typename\n      ... on RevokeSessionPayload {\n        sessionId\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BeforePublish($document: JSON!, $name: String!) {\n    registry {\n      minimumClientVersion\n    }\n    viewer {\n      subject\n    }\n    validateServer(document: $document) {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    serverVersion(name: $name) {\n      version\n      document\n    }\n  }\n"): (typeof documents)["\n  query BeforePublish($document: JSON!, $name: String!) {\n    registry {\n      minimumClientVersion\n    }\n    viewer {\n      subject\n    }\n    validateServer(document: $document) {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    serverVersion(name: $name) {\n      version\n      document\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Publish($document: JSON!, $dryRun: Boolean!) {\n    publishServer(input: { document: $document, dryRun: $dryRun }) {\n      __typename\n      ... on PublishServerPayload {\n        outcome\n        version {\n          name\n          version\n          isLatest\n          digest\n          publishedAt\n        }\n        warnings {\n          path\n          severity\n          message\n          reference\n        }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Publish($document: JSON!, $dryRun: Boolean!) {\n    publishServer(input: { document: $document, dryRun: $dryRun }) {\n      __typename\n      ... on PublishServerPayload {\n        outcome\n        version {\n          name\n          version\n          isLatest\n          digest\n          publishedAt\n        }\n        warnings {\n          path\n          severity\n          message\n          reference\n        }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Search($search: String!, $first: Int!, $after: String) {\n    servers(first: $first, after: $after, filter: { search: $search }) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          name\n          title\n          description\n          status\n          latestVersion {\n            version\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Search($search: String!, $first: Int!, $after: String) {\n    servers(first: $first, after: $after, filter: { search: $search }) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      edges {\n        node {\n          name\n          title\n          description\n          status\n          latestVersion {\n            version\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Show($name: String!, $version: String!, $includeDeleted: Boolean!) {\n    serverVersion(name: $name, version: $version, includeDeleted: $includeDeleted) {\n      name\n      version\n      title\n      description\n      websiteUrl\n      status\n      statusMessage\n      isLatest\n      publishedAt\n      updatedAt\n      digest\n      publisher {\n        method\n        subject\n      }\n      repository {\n        url\n      }\n      document\n    }\n  }\n"): (typeof documents)["\n  query Show($name: String!, $version: String!, $includeDeleted: Boolean!) {\n    serverVersion(name: $name, version: $version, includeDeleted: $includeDeleted) {\n      name\n      version\n      title\n      description\n      websiteUrl\n      status\n      statusMessage\n      isLatest\n      publishedAt\n      updatedAt\n      digest\n      publisher {\n        method\n        subject\n      }\n      repository {\n        url\n      }\n      document\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StatusOf($name: String!, $version: String!) {\n    serverVersion(name: $name, version: $version, includeDeleted: true) {\n      version\n      status\n    }\n  }\n"): (typeof documents)["\n  query StatusOf($name: String!, $version: String!) {\n    serverVersion(name: $name, version: $version, includeDeleted: true) {\n      version\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetVersionStatus($input: SetVersionStatusInput!) {\n    setVersionStatus(input: $input) {\n      __typename\n      ... on SetVersionStatusPayload {\n        version {\n          name\n          version\n          status\n          statusMessage\n        }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetVersionStatus($input: SetVersionStatusInput!) {\n    setVersionStatus(input: $input) {\n      __typename\n      ... on SetVersionStatusPayload {\n        version {\n          name\n          version\n          status\n          statusMessage\n        }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetServerStatus($input: SetServerStatusInput!) {\n    setServerStatus(input: $input) {\n      __typename\n      ... on SetServerStatusPayload {\n        updatedCount\n        server {\n          name\n          status\n        }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetServerStatus($input: SetServerStatusInput!) {\n    setServerStatus(input: $input) {\n      __typename\n      ... on SetServerStatusPayload {\n        updatedCount\n        server {\n          name\n          status\n        }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TokenFields on ApiToken {\n    id\n    name\n    names\n    actions\n    createdAt\n    expiresAt\n    lastUsedAt\n  }\n"): (typeof documents)["\n  fragment TokenFields on ApiToken {\n    id\n    name\n    names\n    actions\n    createdAt\n    expiresAt\n    lastUsedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      __typename\n      ... on CreateApiTokenPayload {\n        token\n        apiToken {\n          ...TokenFields\n        }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      __typename\n      ... on CreateApiTokenPayload {\n        token\n        apiToken {\n          ...TokenFields\n        }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListTokens {\n    viewer {\n      apiTokens {\n        ...TokenFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListTokens {\n    viewer {\n      apiTokens {\n        ...TokenFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeToken($id: String!) {\n    revokeApiToken(input: { id: $id }) {\n      __typename\n      ... on RevokeApiTokenPayload {\n        id\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeToken($id: String!) {\n    revokeApiToken(input: { id: $id }) {\n      __typename\n      ... on RevokeApiTokenPayload {\n        id\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Validate($document: JSON!) {\n    validateServer(document: $document) {\n      valid\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n  }\n"): (typeof documents)["\n  query Validate($document: JSON!) {\n    validateServer(document: $document) {\n      valid\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment VerificationFields on DomainVerification {\n    domain\n    status\n    reason\n    expiresAt\n    verifiedAt\n    record {\n      type\n      name\n      value\n    }\n  }\n"): (typeof documents)["\n  fragment VerificationFields on DomainVerification {\n    domain\n    status\n    reason\n    expiresAt\n    verifiedAt\n    record {\n      type\n      name\n      value\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartVerification($domain: String!) {\n    startDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on StartDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation StartVerification($domain: String!) {\n    startDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on StartDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CheckVerification($domain: String!) {\n    checkDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on CheckDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CheckVerification($domain: String!) {\n    checkDomainVerification(input: { domain: $domain }) {\n      __typename\n      ... on CheckDomainVerificationPayload {\n        verification {\n          ...VerificationFields\n        }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Versions($name: String!, $first: Int!, $after: String) {\n    server(name: $name, includeDeleted: true) {\n      name\n      versions(first: $first, after: $after, filter: { status: [ACTIVE, DEPRECATED, DELETED] }) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        edges {\n          node {\n            version\n            status\n            statusMessage\n            isLatest\n            publishedAt\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Versions($name: String!, $first: Int!, $after: String) {\n    server(name: $name, includeDeleted: true) {\n      name\n      versions(first: $first, after: $after, filter: { status: [ACTIVE, DEPRECATED, DELETED] }) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        edges {\n          node {\n            version\n            status\n            statusMessage\n            isLatest\n            publishedAt\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Whoami {\n    viewer {\n      method\n      subject\n      isApiToken\n      expiresAt\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n"): (typeof documents)["\n  query Whoami {\n    viewer {\n      method\n      subject\n      isApiToken\n      expiresAt\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartDomainProof($domain: String!, $method: DomainProofMethod!) {\n    startDomainProof(input: { domain: $domain, method: $method }) {\n      __typename\n      ... on StartDomainProofPayload {\n        challenge\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation StartDomainProof($domain: String!, $method: DomainProofMethod!) {\n    startDomainProof(input: { domain: $domain, method: $method }) {\n      __typename\n      ... on StartDomainProofPayload {\n        challenge\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LoginDomain($input: ExchangeDomainProofInput!) {\n    exchangeDomainProof(input: $input) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation LoginDomain($input: ExchangeDomainProofInput!) {\n    exchangeDomainProof(input: $input) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LoginFields on LoginPayload {\n    token\n    expiresAt\n    viewer {\n      method\n      subject\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment LoginFields on LoginPayload {\n    token\n    expiresAt\n    viewer {\n      method\n      subject\n      namespaces {\n        name\n        problem\n      }\n      permissions {\n        action\n        resource\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LoginNone {\n    loginAnonymously {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation LoginNone {\n    loginAnonymously {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LoginGithub($token: String!) {\n    exchangeGithubToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation LoginGithub($token: String!) {\n    exchangeGithubToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LoginWorkflow($token: String!) {\n    exchangeGithubOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation LoginWorkflow($token: String!) {\n    exchangeGithubOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LoginOidc($token: String!) {\n    exchangeOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation LoginOidc($token: String!) {\n    exchangeOidcToken(input: { token: $token }) {\n      __typename\n      ...LoginFields\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LoginOptions {\n    registry {\n      minimumClientVersion\n      login {\n        methods\n        githubUrl\n        githubClientId\n      }\n    }\n  }\n"): (typeof documents)["\n  query LoginOptions {\n    registry {\n      minimumClientVersion\n      login {\n        methods\n        githubUrl\n        githubClientId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TokenOwner {\n    viewer {\n      subject\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  query TokenOwner {\n    viewer {\n      subject\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Refusal on Error {\n    code\n    message\n    retryable\n    ... on RateLimited {\n      retryAfter\n    }\n    ... on ReadOnly {\n      retryAfter\n    }\n    ... on UpstreamUnavailable {\n      retryAfter\n    }\n    ... on NamespaceForbidden {\n      namespaces\n    }\n    ... on OwnershipUnproven {\n      package {\n        registryType\n        identifier\n        version\n      }\n    }\n    ... on RemoteUrlTaken {\n      servers\n    }\n    ... on ValidationFailed {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    ... on VersionExists {\n      existing {\n        version\n        publishedAt\n        digest\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Refusal on Error {\n    code\n    message\n    retryable\n    ... on RateLimited {\n      retryAfter\n    }\n    ... on ReadOnly {\n      retryAfter\n    }\n    ... on UpstreamUnavailable {\n      retryAfter\n    }\n    ... on NamespaceForbidden {\n      namespaces\n    }\n    ... on OwnershipUnproven {\n      package {\n        registryType\n        identifier\n        version\n      }\n    }\n    ... on RemoteUrlTaken {\n      servers\n    }\n    ... on ValidationFailed {\n      issues {\n        path\n        severity\n        message\n        reference\n      }\n    }\n    ... on VersionExists {\n      existing {\n        version\n        publishedAt\n        digest\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;
