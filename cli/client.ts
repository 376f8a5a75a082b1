import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { clean } from './clean.ts';
import { CliError, refusedBy } from './errors.ts';
import { firstData, readEvents } from './events.ts';
import { badAnswer, open, readText, send } from './http.ts';
import operations from './operations.json' with { type: 'json' };

/** A text that goes into a request as it stands, spaces, order and spelling of numbers included. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** How the client stands to the registry. */
export interface ClientEnv {
  registry: string;
  version: string;
  /** Whether answers are shown to people: then they hold nothing that a terminal obeys. */
  forPeople: boolean;
}

/** Sends persisted operations to one registry. */
export interface Client {
  ask<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    token?: string,
  ): Promise<Data>;
  /** Subscribes: each event as it comes, null for a sign of life; ends or fails where the connection does. */
  listen<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    signal: AbortSignal,
  ): AsyncGenerator<Data | null>;
}

const LONGEST_URL = 4_000;
const PUBLISH_TIMEOUT_MS = 120_000;
/** The server says that it is alive more often. */
const IDLE_MS = 90_000;

/** A client of a registry. An operation is sent by its id; its text only to a registry that does not know it. */
export function createClient(env: ClientEnv): Client {
  let knowsIds = true;
  return {
    async ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables, token?: string) {
      const documentId = idOf(document);
      const known = knowsIds ? await post(env, { documentId, variables, token }) : null;
      if (known && !isUnknownId(known)) return dataOf<Data>(known, env);
      knowsIds = false;
      const query = (operations as Record<string, string>)[documentId];
      return dataOf<Data>(await post(env, { documentId, query, variables, token }), env);
    },
    async *listen<Data, Variables>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
      signal: AbortSignal,
    ) {
      const documentId = idOf(document);
      const query = (operations as Record<string, string>)[documentId];
      const idle = new AbortController();
      const timer = setTimeout(() => idle.abort(), IDLE_MS);
      try {
        const both = AbortSignal.any([signal, idle.signal]);
        const response = await subscribe(
          env,
          [
            { documentId, variables },
            { query, variables },
          ],
          both,
        );
        for await (const text of readEvents(response)) {
          timer.refresh();
          yield text === null ? null : dataOf<Data>({ status: 200, headers: response.headers, text }, env);
        }
      } finally {
        clearTimeout(timer);
        idle.abort();
      }
    },
  };
}

/** Tries the id and then, at a registry that does not know it, the text. */
async function subscribe(env: ClientEnv, bodies: object[], signal: AbortSignal): Promise<Response> {
  const [body, ...others] = bodies;
  const response = await open(`${env.registry}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', 'user-agent': userAgent(env) },
    body: toBody(body),
    signal,
    whom: 'the registry',
  });
  if (response.status === 200 && response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
  const text = firstData(await readText(response, env.registry, 'the registry'));
  const answer = { status: response.status, headers: response.headers, text };
  if (others.length > 0 && isUnknownId(answer)) return subscribe(env, others, signal);
  dataOf(answer, env);
  throw badAnswer(
    `The registry at ${env.registry} gives no stream of changes: is something in between that holds it back?`,
  );
}

const userAgent = ({ version }: ClientEnv) => `mcp-registry-cli/${version}`;

/** The id of a generated document: `sha256:<hex>`. */
export function idOf(document: unknown): string {
  return (document as { __meta__: { documentId: string } }).__meta__.documentId;
}

interface Sent {
  documentId: string;
  query?: string | undefined;
  variables: unknown;
  token?: string | undefined;
}

type Answer = Awaited<ReturnType<typeof send>>;

function post(env: ClientEnv, { documentId, query, variables, token }: Sent): Promise<Answer> {
  const { registry } = env;
  const text = query ?? (operations as Record<string, string>)[documentId] ?? '';
  const headers = {
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'user-agent': userAgent(env),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  // What nobody in particular asks is asked so that caches on the way can answer; a draft is for no log and no cache.
  const url = `${registry}/graphql?${new URLSearchParams({ documentId, variables: toBody(variables) })}`;
  const isReading = /\bquery \w+/.test(text) && !text.includes('$document');
  if (isReading && query === undefined && token === undefined && url.length <= LONGEST_URL) {
    return send(url, { headers, whom: 'the registry' });
  }
  return send(`${registry}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: toBody(query === undefined ? { documentId, variables } : { query, variables }),
    timeoutMs: PUBLISH_TIMEOUT_MS,
    whom: 'the registry',
  });
}

/** JSON in which raw texts stand as they are. */
export function toBody(value: unknown): string {
  const mark = crypto.randomUUID();
  const texts: string[] = [];
  const body = JSON.stringify(value, (_key, one: unknown) =>
    one instanceof RawJson ? `${mark}${texts.push(one.text) - 1}` : one,
  );
  return body.replaceAll(new RegExp(`"${mark}(\\d+)"`, 'g'), (_, i: string) => texts[Number(i)]!);
}

interface Body {
  data?: unknown;
  errors?: { message?: unknown; extensions?: Record<string, unknown> }[];
}

/** Registries that know no ids, or not ours, say so in several ways; none of them has run anything. */
function isUnknownId({ status, text }: Answer): boolean {
  const [error] = status === 404 || status === 400 ? (parse(text)?.errors ?? []) : [];
  if (/^PERSISTED_QUERY_/.test(String(error?.extensions?.code))) return true;
  return /must provide query|unexpected parameter|documentId/i.test(String(error?.message));
}

function dataOf<Data>({ status, headers, text }: Answer, { registry, forPeople }: ClientEnv): Data {
  const body = parse(text, forPeople);
  const [error] = body?.errors ?? [];
  if (error) throw failureOf(error, registry);
  if (status >= 500) {
    throw new CliError('away', 'UNREACHABLE', `The registry at ${registry} is not well (HTTP ${status}): try again.`, {
      retryable: true,
    });
  }
  if (typeof body?.data === 'object' && body.data !== null) return body.data as Data;
  const type = headers.get('content-type') ?? 'no type';
  throw badAnswer(
    `${registry} does not answer like an MCP registry (HTTP ${status}, ${clean(type).slice(0, 80)}): check --registry.`,
  );
}

function failureOf({ message, extensions = {} }: NonNullable<Body['errors']>[number], registry: string): CliError {
  if (extensions.code === 'GRAPHQL_VALIDATION_FAILED') {
    return badAnswer(
      `The registry at ${registry} and this mcp do not understand each other: one of them is too old. Update with \`npm install --global mcp-registry-cli@latest\`.`,
      { said: String(message) },
    );
  }
  const { code, retryable, requestId } = extensions;
  const suffix = requestId === undefined ? '' : ` (request ${clean(String(requestId)).slice(0, 80)})`;
  return refusedBy({ code, retryable, message: `${String(message)}${suffix}`, requestId });
}

function parse(text: string, forPeople = false): Body | null {
  try {
    const value: unknown = JSON.parse(
      text,
      forPeople ? (_key, one) => (typeof one === 'string' ? clean(one) : one) : undefined,
    );
    const isObject = typeof value === 'object' && value !== null;
    return isObject && Array.isArray((value as Body).errors ?? []) ? (value as Body) : null;
  } catch {
    return null;
  }
}

type Payload<R> = Extract<R, { __typename: `${string}Payload` }>;

/** The payload of a result; throws any other member of its union as what it is: a refusal. */
export function succeed<R extends { __typename: string }>(result: R): Payload<R> {
  if (result.__typename.endsWith('Payload')) return result as Payload<R>;
  const { __typename, ...refusal } = result as Record<string, unknown>;
  throw refusedBy(refusal);
}
