import { expect } from 'vitest';
import { authorize, serverTarget } from '../../src/auth/authorize.ts';
import { readViewer, type Action } from '../../src/auth/viewer.ts';
import { catalogue, RegistryError, type ErrorCode } from '../../src/errors.ts';
import { publicSchema } from '../../src/schema.ts';
import type { AuthWorld } from './outside.ts';

/** Tests look into answers freely. */
type Parsed = ReturnType<typeof JSON.parse>;

/** What a REST door answered. */
export interface RestAnswer {
  status: number;
  headers: Headers;
  body: Parsed;
}

/** Posts JSON. */
export async function post({ registry }: AuthWorld, path: string, body?: unknown, token?: string): Promise<RestAnswer> {
  const answer = await registry.rest(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
}

/** Runs a mutation and gives what it answered: the selected fields of its success, or its refusal's. */
export async function mutate(
  { registry }: AuthWorld,
  field: string,
  input: object | null,
  { token, select = '' }: { token?: string; select?: string } = {},
): Promise<Parsed> {
  const type = publicSchema.getMutationType()!.getFields()[field]!.args[0]?.type;
  const [declared, passed] = type ? [`($i: ${type})`, '(input: $i)'] : ['', ''];
  const query = `mutation ${declared} { ${field}${passed} {
    __typename ${select} ... on Error { code message retryable } } }`;
  const { data, errors } = await registry.graphql(query, { i: input }, token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[field];
}

/** A proof by a domain's key. */
export interface KeyProof {
  domain: string;
  challenge?: string;
  timestamp?: string;
  signature: string;
}

const twins = {
  'github-at': { mutation: 'exchangeGithubToken', toRest: (token: string) => ({ github_token: token }) },
  'github-oidc': { mutation: 'exchangeGithubOidcToken', toRest: (token: string) => ({ oidc_token: token }) },
  oidc: { mutation: 'exchangeOidcToken', toRest: (token: string) => ({ oidc_token: token }) },
} as const;

/** Tries a token at both doors; gives `ok`, or the one refusal in which they agree: its code and sentence. */
export async function tryToken(world: AuthWorld, method: keyof typeof twins, token: string): Promise<string> {
  const { mutation, toRest } = twins[method];
  const said = await mutate(world, mutation, { token });
  return agreed(said, () => post(world, `/v0/auth/${method}`, toRest(token)));
}

/** The same with a domain's proof. */
export async function tryKey(world: AuthWorld, method: 'dns' | 'http', proof: KeyProof): Promise<string> {
  const said = await mutate(world, 'exchangeDomainProof', { ...proof, method: method.toUpperCase() });
  const { signature, ...rest } = proof;
  const body = proof.timestamp === undefined ? proof : { ...rest, signed_timestamp: signature };
  return agreed(said, () => post(world, `/v0.1/auth/${method}`, body));
}

async function agreed(said: { code?: ErrorCode; message?: string }, atRest: () => Promise<RestAnswer>) {
  const { code, message } = said;
  if (code === undefined) return 'ok';
  const { status, body } = await atRest();
  const byRest = { status, code: body.code, message: body.errors?.[0]?.message };
  expect(byRest).toEqual({ status: catalogue[code].status, code, message });
  return `${code}: ${message}`;
}

/** What the rule behind every write says to a token: `ok`, or the refusal's code and sentence. */
export async function mayWrite(
  { registry: { app } }: AuthWorld,
  token: string,
  name: string,
  action: Action = 'publish',
): Promise<string> {
  try {
    const viewer = await readViewer(app, `Bearer ${token}`);
    await authorize(app, viewer!, action, serverTarget(name));
    return 'ok';
  } catch (error) {
    if (error instanceof RegistryError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** What a token says that it may do: `publish io.github.alice/*`. */
export async function permissions({ registry }: AuthWorld, token: string): Promise<string[]> {
  const { data } = await registry.graphql('{ viewer { permissions { action resource } } }', {}, token);
  const all: { action: string; resource: string }[] = data.viewer.permissions;
  return all.map(({ action, resource }) => `${action.toLowerCase()} ${resource}`);
}

/** All that the database holds, row by row. */
export async function stored({ registry: { app } }: AuthWorld): Promise<string> {
  const { sql } = app.db;
  const tables = await sql<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(
    tables.map(({ name }) =>
      sql<{ text: string }>(`SELECT coalesce(string_agg(t::text, E'\\n'), '') AS text FROM ${name} t`),
    ),
  );
  return texts.map(([row]) => row!.text).join('\n');
}

/** Whether a text holds a secret, as it is or as bytes in hex or base64. */
export function holds(text: string, secret: string): boolean {
  const bytes = Buffer.from(secret);
  const spellings = [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secret),
  ];
  return spellings.some((spelling) => text.includes(spelling));
}
