import type { GraphQLError } from 'graphql';
import { getOperationAST, type ExecutionResult } from 'graphql';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app.ts';
import { createContext, type Caller, type Context } from '../context.ts';
import { RegistryError, toGraphQLError } from '../errors.ts';
import { stringify } from '../raw-json.ts';
import { publicSchema } from '../schema.ts';
import { LIST_TAG, serverTag } from '../servers/cache-tags.ts';
import { policyOf } from './cache-hints.ts';
import { cachePolicies, tagHeaders } from './cache.ts';
import type { Documents, Prepared } from './documents.ts';
import { acceptedForm, type Form } from './form.ts';
import { logUnexpected } from './log.ts';
import { findText, operationId } from './operation-request.ts';
import type { PageCache } from './page-cache.ts';
import { createPage, headersOf, sendPage } from './page.ts';

/** What a persisted GET is answered with. */
export interface PersistedDoor {
  app: App;
  documents: Documents;
  pages: PageCache;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  caller: Caller;
}

interface Run {
  prepared: Prepared;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

const PARAMETERS = ['documentId', 'variables', 'operationName', 'extensions'];

/** Answers a GET that names a registered query, which caches may keep; false: it is for the other door, nothing was done. */
export async function answerPersisted(door: PersistedDoor, exchange: Exchange): Promise<boolean> {
  const parameters = new URL(exchange.request.url ?? '/', 'http://localhost').searchParams;
  if (!parameters.has('documentId') && (!parameters.has('extensions') || parameters.has('query'))) return false;
  const form = acceptedForm(exchange.request.headers.accept);
  try {
    const run = await readRun(door, parameters);
    if (!run) return false;
    if (form === null) throw notAcceptable();
    await answer(door, exchange, run, form);
  } catch (error) {
    const { requestId } = exchange.caller;
    logUnexpected(door.app.log, error, requestId);
    sendErrors(exchange, form, { errors: [toGraphQLError(error, requestId)] });
  }
  return true;
}

/** What is to be run; null where it is no query, or it is not clear what, which the other door says. */
async function readRun({ app, documents }: PersistedDoor, parameters: URLSearchParams): Promise<Run | null> {
  const [variables, extensions] = ['variables', 'extensions'].map((name) => readObject(parameters, name));
  const id = operationId({ documentId: parameters.get('documentId'), extensions });
  if (id === null) return null;
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) throw malformed(`\`${name}\` does not go with a registered operation.`);
    if (parameters.getAll(name).length > 1) throw malformed(`\`${name}\` stands there twice.`);
  }
  const prepared = documents.prepare(await findText(app, id));
  const operationName = parameters.get('operationName') || undefined;
  const operation = getOperationAST(prepared.document, operationName);
  if (operation?.operation !== 'query' || prepared.errors.length > 0) return null;
  return { prepared, variables: variables ?? {}, operationName };
}

function readObject(parameters: URLSearchParams, name: string): Record<string, unknown> | null {
  const text = parameters.get(name);
  if (!text) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return value as Record<string, unknown>;
  } catch {
    // Refused below.
  }
  throw malformed(`\`${name}\` must be a JSON object.`);
}

async function answer({ app, pages }: PersistedDoor, exchange: Exchange, run: Run, form: Form): Promise<void> {
  const { request, response, caller } = exchange;
  // Read before the data, so that no answer claims to know more than it does.
  const revision = app.revision.current();
  const context = createContext(app, caller);
  const result = await execute(run, context);
  if (result.errors) {
    for (const error of result.errors) logUnexpected(app.log, error, caller.requestId);
    const errors = result.errors.map((error) => toGraphQLError(error, caller.requestId));
    return sendErrors(exchange, form, { ...result, errors });
  }
  const body = stringify(result);
  const personal = request.headers.authorization !== undefined || request.headers.cookie !== undefined;
  const policy = personal ? 'none' : policyOf(run.prepared.hint(), run.variables, result.data!);
  if (policy === 'none') return send(exchange, form, 200, body);
  const headers = {
    ...headersOf(response),
    'content-type': `${form}; charset=utf-8`,
    'registry-revision': String(revision),
    'cache-control': cachePolicies[policy],
    vary: 'Accept, Accept-Encoding',
    ...tagHeaders([...(run.prepared.hint().lists ? [LIST_TAG] : []), ...[...context.shown].map(serverTag)]),
  };
  const page = createPage(Buffer.from(body), revision, headers);
  if (policy !== 'absent') pages.keep(request, page);
  await sendPage(request, response, page);
}

async function execute({ prepared, variables, operationName }: Run, context: Context): Promise<ExecutionResult> {
  const cost = prepared.cost(variables, operationName);
  const { document } = prepared;
  const args = { schema: publicSchema, document, operationName, variableValues: variables, contextValue: context };
  return { ...(await prepared.execute(args)), extensions: { cost } };
}

/** Whatever has errors is nobody else's; its status is that of the worst, which plain JSON keeps for what never ran. */
function sendErrors(
  exchange: Exchange,
  form: Form | null,
  result: ExecutionResult & { errors: readonly GraphQLError[] },
) {
  const status = Math.max(...result.errors.map(({ extensions }) => statusOf(extensions, form)));
  const errors = result.errors.map((error) => {
    const { extensions, ...shown } = error.toJSON();
    const { http, ...told } = { ...extensions } as Record<string, unknown>;
    return { ...shown, extensions: told };
  });
  send(exchange, form ?? 'application/json', status, stringify({ ...result, errors }));
}

function statusOf(extensions: Record<string, unknown>, form: Form | null): number {
  const { status = 200, spec } = (extensions.http ?? {}) as { status?: number; spec?: boolean };
  return spec && form === 'application/json' ? 200 : status;
}

function send({ response }: Exchange, form: Form, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': `${form}; charset=utf-8`,
    'cache-control': cachePolicies.none,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

const malformed = (sentence: string) => new RegistryError('BAD_USER_INPUT', sentence);

const notAcceptable = () =>
  new RegistryError('NOT_ACCEPTABLE', 'Answers come as application/graphql-response+json or application/json.');
