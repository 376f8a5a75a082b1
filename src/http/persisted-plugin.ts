import type { Plugin } from 'graphql-yoga';
import type { App } from '../app.ts';
import type { Caller, Context } from '../context.ts';
import { refuseExceeded, type Budget } from '../rate-limits.ts';
import type { Documents } from './documents.ts';
import { checkHash, checkText, findText, isFit, operationId, type Asked } from './operation-request.ts';

/** What the plugin leaves for the door to tell. */
interface ServerContext {
  caller: Caller;
  context?: Context;
  /** What is left of the caller's budget of registrations, if it spent of that. */
  registering?: { budget: Budget | null };
}

/** Puts the text of a registered operation into a request that names it, and registers one that comes with its hash. */
export function persistedOperations(app: App, documents: Documents): Plugin<Context, ServerContext> {
  return {
    async onParams({ params, setParams, request, context }) {
      if (params === null || typeof params !== 'object' || Array.isArray(params)) return;
      const { documentId, ...rest } = params as typeof params & Asked;
      const asked = { ...rest, documentId: documentId ?? parameterOf(request, 'documentId') };
      const id = operationId(asked);
      if (id === null || typeof rest.query === 'string') checkText(app, rest.query);
      if (id === null) return;
      if (typeof rest.query !== 'string') return setParams({ ...rest, query: await findText(app, id) });
      setParams(rest);
      checkHash(rest.query, id);
      if (request.method !== 'POST' || app.config.readOnly || app.config.persistedOnly) return;
      const run = { variables: Object(rest.variables), operationName: rest.operationName };
      if (!isFit(documents, rest.query, run) || (await app.operations.find(id)) !== null) return;
      const { caller } = context as unknown as ServerContext;
      const budget = await app.limits('operation', caller.address);
      (context as unknown as ServerContext).registering = { budget };
      refuseExceeded(budget);
      await app.operations.register(id, rest.query);
    },
  };
}

/** Yoga reads of a GET's parameters only its own. */
function parameterOf({ method, url }: Request, name: string): string | null {
  return method === 'GET' ? new URL(url, 'http://localhost').searchParams.get(name) : null;
}
