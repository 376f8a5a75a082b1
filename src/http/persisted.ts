import { getOperationAST } from 'graphql';
import type { App } from '../app.ts';
import { createContext } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { stringify } from '../raw-json.ts';
import { LIST_TAG, serverTag } from '../servers/cache-tags.ts';
import { policyOf } from './cache-hints.ts';
import { cachePolicies, tagHeaders } from './cache.ts';
import type { Documents } from './documents.ts';
import { acceptedForm, type Form } from './form.ts';
import { findText, operationId } from './operation-request.ts';
import type { PageCache } from './page-cache.ts';
import { createPage, headersOf, sendPage } from './page.ts';
import { runQuery, sendRefusal, sendResult, type Exchange, type Run } from './query.ts';

/** What a persisted GET is answered with. */
export interface PersistedDoor {
  app: App;
  documents: Documents;
  pages: PageCache;
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
    sendRefusal(door.app, exchange, form, error);
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
  const result = await runQuery(run, context);
  const personal = request.headers.authorization !== undefined || request.headers.cookie !== undefined;
  const policy = personal || result.errors ? 'none' : policyOf(run.prepared.hint(), run.variables, result.data!);
  if (policy === 'none') return sendResult(exchange, form, result);
  const headers = {
    ...headersOf(response),
    'content-type': `${form}; charset=utf-8`,
    'registry-revision': String(revision),
    'cache-control': cachePolicies[policy],
    vary: 'Accept, Accept-Encoding',
    ...tagHeaders([...(run.prepared.hint().lists ? [LIST_TAG] : []), ...[...context.shown].map(serverTag)]),
  };
  const page = createPage(Buffer.from(stringify(result)), revision, headers);
  if (policy !== 'absent') pages.keep(request, page);
  await sendPage(request, response, page);
}

const malformed = (sentence: string) => new RegistryError('BAD_USER_INPUT', sentence);

const notAcceptable = () =>
  new RegistryError('NOT_ACCEPTABLE', 'Answers come as application/graphql-response+json or application/json.');
