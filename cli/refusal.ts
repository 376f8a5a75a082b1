import { graphql } from './gql/gql.ts';

/** What each refusal of the registry tells beside its sentence. */
export const RefusalFragment = graphql(`
  fragment Refusal on Error {
    code
    message
    retryable
    ... on RateLimited {
      retryAfter
    }
    ... on ReadOnly {
      retryAfter
    }
    ... on UpstreamUnavailable {
      retryAfter
    }
    ... on NamespaceForbidden {
      namespaces
    }
    ... on OwnershipUnproven {
      package {
        registryType
        identifier
        version
      }
    }
    ... on RemoteUrlTaken {
      servers
    }
    ... on ValidationFailed {
      issues {
        path
        severity
        message
        reference
      }
    }
    ... on VersionExists {
      existing {
        version
        publishedAt
        digest
      }
    }
  }
`);
