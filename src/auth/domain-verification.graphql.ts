import { builder } from '../builder.ts';
import type { Verification } from '../namespaces/verification.ts';
import { resultType, viewerErrors } from '../results.graphql.ts';
import { checkDomainVerification, startDomainVerification } from './domain-verifications.ts';

const StatusRef = builder.enumType('DomainVerificationStatus', {
  description: 'Where the proof of a domain stands.',
  values: {
    PENDING: { value: 'pending', description: 'The record is to be published, and then checked.' },
    VERIFIED: { value: 'verified', description: 'It was found; it is asked for again every day.' },
    SUSPENDED: { value: 'suspended', description: 'It was gone for three days: no writing until it is found again.' },
    DISPUTED: { value: 'disputed', description: 'It was found, but another account proved the domain first.' },
  } as const,
});

const DnsRecordRef = builder.objectRef<NonNullable<Verification['record']>>('DnsRecord').implement({
  description: 'A record to publish in DNS.',
  fields: (t) => ({
    type: t.exposeString('type', { description: '`TXT`' }),
    name: t.exposeString('name', {
      description: 'The name: the domain itself, or the one below it that is named here.',
    }),
    value: t.exposeString('value', {
      description: '`mcp-verify=…`: useless to any other account, domain or registry.',
    }),
  }),
});

export const DomainVerificationRef = builder.objectRef<Verification>('DomainVerification').implement({
  description: "The proof of a domain by an account's record or key.",
  fields: (t) => ({
    domain: t.exposeString('domain', { description: 'The domain: `example.com`.' }),
    method: t.exposeString('method', { description: '`txt` for an mcp-verify record, `dns` or `http` for a key.' }),
    status: t.field({ type: StatusRef, description: 'Where it stands.', resolve: (one) => one.status }),
    record: t.field({
      type: DnsRecordRef,
      nullable: true,
      description: 'The record to publish, and to leave there; null for a key.',
      resolve: (one) => one.record,
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: "Why it doesn't count; null when it does, or may still.",
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it lapses unless the record is found by then; null once it was.',
      resolve: (one) => one.expiresAt,
    }),
    verifiedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last proved; null when it never was.',
      resolve: (one) => one.verifiedAt,
    }),
  }),
});

const domainInput = (name: string) =>
  builder.inputType(name, {
    description: 'A domain to prove.',
    fields: (t) => ({ domain: t.string({ required: true, description: 'The bare domain: `example.com`.' }) }),
  });

const domainPayload = (name: string, description: string) =>
  builder.objectRef<{ verification: Verification }>(name).implement({
    description,
    fields: (t) => ({
      verification: t.field({
        type: DomainVerificationRef,
        description: 'Where the proof stands.',
        resolve: ({ verification }) => verification,
      }),
    }),
  });

const StartResult = resultType(
  'StartDomainVerificationResult',
  domainPayload('StartDomainVerificationPayload', 'The record to publish; then check it.'),
  [...viewerErrors, 'LimitReached'],
);
const CheckResult = resultType(
  'CheckDomainVerificationResult',
  domainPayload('CheckDomainVerificationPayload', 'The record was found.'),
  [...viewerErrors, 'NotFound', 'ProofRejected', 'UpstreamUnavailable'],
);
const StartInput = domainInput('StartDomainVerificationInput');
const CheckInput = domainInput('CheckDomainVerificationInput');

builder.mutationFields((t) => ({
  startDomainVerification: t.field({
    type: StartResult.type,
    description: "Starts to prove a domain to the viewer's account: gives a TXT record to publish.",
    args: { input: t.arg({ type: StartInput, required: true, description: 'The domain.' }) },
    resolve: (_root, { input }, context) =>
      StartResult.settle(startDomainVerification(context, input.domain).then((verification) => ({ verification }))),
  }),
  checkDomainVerification: t.field({
    type: CheckResult.type,
    description: "Looks for the record in DNS; once it is found the domain's names are the account's.",
    args: { input: t.arg({ type: CheckInput, required: true, description: 'The domain.' }) },
    resolve: (_root, { input }, context) =>
      CheckResult.settle(checkDomainVerification(context, input.domain).then((verification) => ({ verification }))),
  }),
}));
