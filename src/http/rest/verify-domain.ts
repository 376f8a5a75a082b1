import { z } from 'zod';
import { checkDomainVerification, startDomainVerification } from '../../auth/domain-verifications.ts';
import { operation, type Description } from './operation.ts';

const body = z.strictObject({
  domain: z
    .string()
    .max(1_000)
    .meta({ description: 'The bare domain.', examples: ['example.com'] }),
});

const status = z.enum(['pending', 'verified', 'suspended', 'disputed']);
const time = (description: string) => z.string().nullable().meta({ description, format: 'date-time' });

const StartedVerification = z
  .object({
    domain: z.string(),
    status,
    record: z.object({ type: z.literal('TXT'), name: z.string(), value: z.string() }),
    expiresAt: time('When the record no longer counts, if it was not found by then.'),
  })
  .meta({ id: 'StartedVerification', description: 'The record to publish.' });

const CheckedVerification = z
  .object({ domain: z.string(), status, verifiedAt: time('When the record was found.') })
  .meta({ id: 'CheckedVerification', description: 'Where the proof of a domain stands.' });

const described: Omit<Description, 'id' | 'summary' | 'description' | 'answer'> = {
  tag: 'domains',
  secured: true,
  problems: [400, 401, 403, 404, 422, 429, 503],
};

/** Starts to prove a domain to the caller's account. */
export const verifyDomain = operation({
  described: {
    ...described,
    id: 'verify-domain',
    summary: 'Start to prove a domain',
    description: 'Gives a TXT record to publish at the domain or at `_mcp-registry.` below it; then check it.',
    answer: StartedVerification,
  },
  body,
  handle: async (context, { body }) => {
    const { domain, status, record, expiresAt } = await startDomainVerification(context, body.domain);
    return { body: JSON.stringify({ domain, status, record, expiresAt }) };
  },
});

/** Looks for the record. */
export const checkDomain = operation({
  described: {
    ...described,
    id: 'check-domain',
    summary: 'Check the proof of a domain',
    description: "Asks DNS for the record. Once it is found the domain's names belong to the caller's account.",
    answer: CheckedVerification,
  },
  body,
  handle: async (context, { body }) => {
    const { domain, status, verifiedAt } = await checkDomainVerification(context, body.domain);
    return { body: JSON.stringify({ domain, status, verifiedAt }) };
  },
});
