import { authorize, serverTarget } from '../../src/auth/authorize.ts';
import { readViewer } from '../../src/auth/viewer.ts';
import { RegistryError } from '../../src/errors.ts';
import type { AuthWorld } from '../auth/outside.ts';

/** A TXT record to publish. */
export interface TestRecord {
  type: string;
  name: string;
  value: string;
}

/** A verification as GraphQL tells it. */
export interface TestVerification {
  domain: string;
  method: string;
  status: string;
  record: TestRecord | null;
  reason: string | null;
  expiresAt: string | null;
  verifiedAt: string | null;
}

const FIELDS = 'domain method status record { type name value } reason expiresAt verifiedAt';

/** What `start` or `check` answered: the verification, or the refusal. */
export type Answered = Partial<TestVerification> & { code?: string; message?: string; retryable?: boolean };

async function mutate(world: AuthWorld, name: string, token: string, domain: string): Promise<Answered> {
  const query = `mutation ($i: ${name}Input!) { answer: ${name[0]!.toLowerCase()}${name.slice(1)}(input: $i) {
    ... on ${name}Payload { verification { ${FIELDS} } } ... on Error { code message retryable } } }`;
  const { data, errors } = await world.registry.graphql(query, { i: { domain } }, token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.answer.verification ?? data.answer;
}

/** Starts to prove a domain, by GraphQL. */
export const start = (world: AuthWorld, token: string, domain: string) =>
  mutate(world, 'StartDomainVerification', token, domain);

/** Checks the proof of a domain, by GraphQL. */
export const check = (world: AuthWorld, token: string, domain: string) =>
  mutate(world, 'CheckDomainVerification', token, domain);

/** Starts, publishes the record at a name, and checks. */
export async function verify(world: AuthWorld, token: string, domain: string, name = domain): Promise<TestRecord> {
  const { record } = await start(world, token, domain);
  world.dns.txt(name, record!.value);
  const { status, code, message } = await check(world, token, domain);
  if (status !== 'VERIFIED' && status !== 'DISPUTED') throw new Error(`${code} ${message}`);
  return record!;
}

/** The viewer's domains, and its namespaces with their problems. */
export async function standing(world: AuthWorld, token: string) {
  const query = `{ viewer { domainVerifications { ${FIELDS} } namespaces { name problem } } }`;
  const { data } = await world.registry.graphql(query, {}, token);
  const { domainVerifications, namespaces } = data.viewer as {
    domainVerifications: TestVerification[];
    namespaces: { name: string; problem: string | null }[];
  };
  return { domains: domainVerifications, namespaces };
}

/** Whether a token may publish under a name: `ok`, or the refusal's code. */
export async function mayPublish({ registry }: AuthWorld, token: string, name: string): Promise<string> {
  try {
    const viewer = await readViewer(registry.app, `Bearer ${token}`);
    await authorize(registry.app, viewer!, 'publish', serverTarget(name));
    return 'ok';
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
    throw error;
  }
}

/** Posts to a REST route. */
export async function post({ registry }: AuthWorld, path: string, body: object, token?: string) {
  const answer = await registry.rest(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}
