import type { Client } from '../client.ts';
import { succeed } from '../client.ts';
import { CliError } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import type { LoginFieldsFragment } from '../gql/graphql.ts';

const StartDomainProof = graphql(`
  mutation StartDomainProof($domain: String!, $method: DomainProofMethod!) {
    startDomainProof(input: { domain: $domain, method: $method }) {
      __typename
      ... on StartDomainProofPayload {
        challenge
      }
      ...Refusal
    }
  }
`);

const LoginDomain = graphql(`
  mutation LoginDomain($input: ExchangeDomainProofInput!) {
    exchangeDomainProof(input: $input) {
      __typename
      ...LoginFields
      ...Refusal
    }
  }
`);

/** Signs the registry's challenge with the domain's key, which never leaves this machine. */
export async function proveDomain(
  client: Client,
  registry: string,
  proof: { method: 'dns' | 'http'; domain: string } & ({ keyFile: string } | { key: string }),
): Promise<LoginFieldsFragment> {
  const { domain } = proof;
  const method = proof.method === 'dns' ? ('DNS' as const) : ('HTTP' as const);
  const { readKey, readKeyFile } = await import('./key.ts');
  const key = 'keyFile' in proof ? readKeyFile(proof.keyFile) : readKey(proof.key, 'MCP_PRIVATE_KEY');
  const { challenge } = succeed((await client.ask(StartDomainProof, { domain, method })).startDomainProof);
  checkChallenge(challenge, registry);
  const input = { domain, method, challenge, signature: key.sign(challenge) };
  return succeed((await client.ask(LoginDomain, { input })).exchangeDomainProof);
}

/** A registry could pass on another's challenge, and log in there in our name. */
function checkChallenge(challenge: string, registry: string): void {
  const [label, url = ''] = challenge.split(' ');
  if (label === 'mcp-registry-domain-proof:v1' && url === registry) return;
  throw new CliError(
    'usage',
    'FOREIGN_CHALLENGE',
    `${registry} asks to sign a proof for ${url.slice(0, 200) || 'nobody'}, so it was not signed: if that is its real address, use --registry ${url.slice(0, 200)}`,
  );
}
