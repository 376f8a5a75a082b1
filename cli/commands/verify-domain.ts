import type { Cli } from '../cli.ts';
import { succeed } from '../client.ts';
import { defineCommand, flag, required, value } from '../command.ts';
import { recordLines } from '../dns-panel.ts';
import { CliError, isTransient } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import type { VerificationFieldsFragment } from '../gql/graphql.ts';
import { askAsViewer } from '../session.ts';
import { readNumber, untilDone } from '../wait.ts';

export const VerificationFields = graphql(`
  fragment VerificationFields on DomainVerification {
    domain
    status
    reason
    expiresAt
    verifiedAt
    record {
      type
      name
      value
    }
  }
`);

const StartVerification = graphql(`
  mutation StartVerification($domain: String!) {
    startDomainVerification(input: { domain: $domain }) {
      __typename
      ... on StartDomainVerificationPayload {
        verification {
          ...VerificationFields
        }
      }
      ...Refusal
    }
  }
`);

const CheckVerification = graphql(`
  mutation CheckVerification($domain: String!) {
    checkDomainVerification(input: { domain: $domain }) {
      __typename
      ... on CheckDomainVerificationPayload {
        verification {
          ...VerificationFields
        }
      }
      ...Refusal
    }
  }
`);

export const verifyDomain = defineCommand({
  name: 'verify-domain',
  summary: 'prove a domain to your account by a TXT record',
  description:
    "Gives a TXT record to publish; once the registry finds it, the names of the domain (com.example/* and all below) are your account's, beside its others.",
  parameters: {
    domain: required('the domain, such as example.com'),
    check: flag('the record is published: have the registry look for it'),
    wait: flag('look again and again until it is found'),
    timeout: value('seconds', 'how long --wait waits; 1800 when left out'),
  },
  examples: [
    'mcp verify-domain example.com',
    'mcp verify-domain example.com --wait',
    'mcp verify-domain example.com --check --json',
  ],
  async run(cli, { domain, check, wait, timeout }) {
    const seconds = readNumber(timeout, 'timeout', { most: 86_400, otherwise: 1_800 });
    if (!check) {
      const started = succeed(
        (await askAsViewer(cli, StartVerification, { domain })).startDomainVerification,
      ).verification;
      if (!wait || started.status !== 'PENDING') return shown(cli, started);
      for (const line of askedFor(cli, started)) cli.output.tell(line);
    }
    const look = () => checkOnce(cli, domain);
    const found = await (wait
      ? untilDone(look, {
          again: isAbsent,
          seconds,
          onWait: (_, left) => cli.output.note(`Not seen yet; looking again in ${left} s.`),
        })
      : look());
    return shown(cli, found);
  },
});

/** An absent record is no matter of rights, whatever the code says elsewhere. */
async function checkOnce(cli: Cli, domain: string): Promise<VerificationFieldsFragment> {
  try {
    return succeed((await askAsViewer(cli, CheckVerification, { domain })).checkDomainVerification).verification;
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'PROOF_REJECTED') throw error;
    throw new CliError('refused', error.code, error.message, error.details);
  }
}

const isAbsent = (error: unknown) =>
  isTransient(error) || (error instanceof CliError && error.code === 'PROOF_REJECTED');

const askedFor = ({ output }: Cli, { record }: VerificationFieldsFragment): string[] =>
  record ? ["Publish this record where your domain's DNS is kept:", ...recordLines(record, output.remarks)] : [];

function shown(cli: Cli, verification: VerificationFieldsFragment) {
  const { domain, status, reason } = verification;
  const { green, yellow } = cli.output.colors;
  if (status === 'VERIFIED') {
    return { value: verification, lines: [green(`${domain} is verified: its names are yours.`)] };
  }
  if (status === 'PENDING') {
    return {
      value: verification,
      lines: [
        "Publish this record where your domain's DNS is kept:",
        ...(verification.record ? recordLines(verification.record, cli.output.colors) : []),
        `Then run \`mcp verify-domain ${domain} --check\`, or with --wait. It lapses at ${verification.expiresAt ?? 'some time'}.`,
      ],
    };
  }
  return {
    value: verification,
    lines: [yellow(`${domain}: ${status.toLowerCase()}. ${reason ?? ''}`)],
    ending: 'refused' as const,
  };
}
