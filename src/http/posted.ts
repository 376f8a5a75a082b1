import { getOperationAST } from 'graphql';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createContext } from '../context.ts';
import { parseGraphqlBody } from '../json-source.ts';
import { acceptedForm, type Form } from './form.ts';
import type { PersistedDoor } from './persisted.ts';
import { runQuery, sendRefusal, sendResult, type Exchange, type Run } from './query.ts';

/** What is longer is mostly a document to publish. */
const MAX_QUERY_BYTES = 64 * 1024;

const JSON_TYPE = /^application\/json(;\s*charset=utf-8)?$/i;

/**
 * Answers a POST of a query as almost all of them are, without the detours of a framework, which double what it costs;
 * false: it is anything else, for Yoga, which finds the body beside the request.
 */
export async function answerPosted(door: Omit<PersistedDoor, 'pages'>, exchange: Exchange): Promise<boolean> {
  const { request } = exchange;
  const form = plainForm(request);
  if (form === null) {
    // Without a body it has ended already, and Yoga would wait for the end.
    if (request.readableEnded) Object.assign(request, { body: Readable.from([]) });
    return false;
  }
  const text = await readText(request);
  // Who hung up half-way hears of nothing any more.
  if (text === null) return true;
  const run = readRun(door, text);
  if (!run) {
    // Where Yoga looks for what was read before it.
    Object.assign(request, { body: Readable.from([text]) });
    return false;
  }
  const { app } = door;
  try {
    sendResult(exchange, form, await runQuery(run, createContext(app, exchange.caller)));
  } catch (error) {
    sendRefusal(app, exchange, form, error);
  }
  return true;
}

/** The form of the answer to a request whose head is plain; null for every other. */
function plainForm({ headers }: IncomingMessage): Form | null {
  const length = Number(headers['content-length']);
  if (!(length > 0 && length <= MAX_QUERY_BYTES) || headers['content-encoding'] !== undefined) return null;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return null;
  return /event-stream|multipart/.test(headers.accept ?? '') ? null : acceptedForm(headers.accept);
}

async function readText(request: IncomingMessage): Promise<Buffer | null> {
  try {
    return Buffer.concat(await (request as AsyncIterable<Buffer> & IncomingMessage).toArray());
  } catch {
    return null;
  }
}

/** A query that fits the schema, sent with its text and at most variables and its name. */
function readRun({ app, documents }: Omit<PersistedDoor, 'pages'>, text: Buffer): Run | null {
  if (app.config.persistedOnly) return null;
  try {
    const { query, variables, operationName, ...rest } = parseGraphqlBody(text.toString()) as Record<string, unknown>;
    if (typeof query !== 'string' || Object.keys(rest).length > 0) return null;
    if (operationName != null && typeof operationName !== 'string') return null;
    if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return null;
    const prepared = documents.prepare(query);
    if (prepared.errors.length > 0) return null;
    if (getOperationAST(prepared.document, operationName)?.operation !== 'query') return null;
    const name = operationName ?? undefined;
    return { prepared, variables: (variables ?? {}) as Record<string, unknown>, operationName: name };
  } catch {
    // It is said there what is wrong with it.
    return null;
  }
}
