import type { Cli } from '../cli.ts';
import { succeed } from '../client.ts';
import { isCredential, type Credential, type Proof } from '../credentials.ts';
import { graphql } from '../gql/gql.ts';
import type { LoginFieldsFragment } from '../gql/graphql.ts';
import { badAnswer } from '../http.ts';
import { proveDomain } from './domain.ts';

export const LoginFields = graphql(`
  fragment LoginFields on LoginPayload {
    token
    expiresAt
    viewer {
      method
      subject
      namespaces {
        name
        problem
      }
      permissions {
        action
        resource
      }
    }
  }
`);

const LoginNone = graphql(`
  mutation LoginNone {
    loginAnonymously {
      __typename
      ...LoginFields
      ...Refusal
    }
  }
`);

const LoginGithub = graphql(`
  mutation LoginGithub($token: String!) {
    exchangeGithubToken(input: { token: $token }) {
      __typename
      ...LoginFields
      ...Refusal
    }
  }
`);

const LoginWorkflow = graphql(`
  mutation LoginWorkflow($token: String!) {
    exchangeGithubOidcToken(input: { token: $token }) {
      __typename
      ...LoginFields
      ...Refusal
    }
  }
`);

const LoginOidc = graphql(`
  mutation LoginOidc($token: String!) {
    exchangeOidcToken(input: { token: $token }) {
      __typename
      ...LoginFields
      ...Refusal
    }
  }
`);

/** A proof that can be given now; those that can be given again without anyone there are kept. */
export type NowProof =
  Proof | { method: 'github-oidc' | 'oidc'; token: string } | { method: 'dns' | 'http'; domain: string; key: string };

/** Exchanges a proof for a registry token and keeps the login. */
export async function loginWith(cli: Cli, proof: NowProof): Promise<Credential> {
  const { token, expiresAt, viewer } = await exchange(cli, proof);
  const again = isRepeatable(proof) ? { again: proof } : {};
  const credential: Credential = { token, expiresAt, method: viewer.method, subject: viewer.subject, ...again };
  if (!isCredential(credential)) throw badAnswer(`${cli.registry} answers a login without a token that makes sense.`);
  cli.credentials.keep(cli.registry, credential);
  return credential;
}

const isRepeatable = (proof: NowProof): proof is Proof =>
  !('key' in proof) && proof.method !== 'github-oidc' && proof.method !== 'oidc';

async function exchange({ client, registry }: Cli, proof: NowProof): Promise<LoginFieldsFragment> {
  switch (proof.method) {
    case 'none':
      return succeed((await client.ask(LoginNone, {})).loginAnonymously);
    case 'github':
      return succeed((await client.ask(LoginGithub, { token: proof.token })).exchangeGithubToken);
    case 'github-oidc':
      return succeed((await client.ask(LoginWorkflow, { token: proof.token })).exchangeGithubOidcToken);
    case 'oidc':
      return succeed((await client.ask(LoginOidc, { token: proof.token })).exchangeOidcToken);
    default:
      return proveDomain(client, registry, proof);
  }
}
