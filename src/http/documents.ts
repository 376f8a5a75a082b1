import {
  execute,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { operationRan } from '../events.ts';
import { createTurns, type InTurn } from '../turns.ts';
import { hintOf, type Hint } from './cache-hints.ts';
import { BeyondEntry, compile, type EntryTexts } from './entry-texts.ts';
import { checkCost, MAX_TOKENS, type Cost } from './limits.ts';
import { operationLabel } from './operation-label.ts';

type Variables = Record<string, unknown>;

/** A document, made ready once. */
export interface Prepared {
  document: DocumentNode;
  /** What does not fit the schema; empty: it can run. */
  errors: readonly GraphQLError[];
  hint(): Hint;
  /** Throws a QUERY_TOO_COMPLEX error, or that of variables that do not fit. */
  cost(variables: Variables, operationName?: string | null): Cost;
  /** Runs it, in its turn if it costs much; when too many wait for theirs the result is the error UNAVAILABLE. */
  execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult>;
}

/** The documents that this process has made ready. */
export interface Documents {
  /** Throws a syntax error. */
  prepare(text: string): Prepared;
  /** What a document that came out of here was made ready as. */
  of(document: DocumentNode): Prepared | undefined;
}

/** A document has at most MAX_TOKENS, which bounds what one takes. */
const MAX_DOCUMENTS = 500;
const MAX_CHARACTERS = 1_000_000;

/** Two pages of 30 with everything in them; what costs more holds the process for milliseconds. */
const COSTLY = 12_000;

/** All others would wait behind several of them; between two of them those who came meanwhile are served. */
const COSTLY_AT_A_TIME = 1;
const TURNS_OF_OTHERS = 4;
const MAX_WAITING = 200;
const MAX_WAIT_MS = 5_000;

/** Waits while the event loop goes round a few times, each time with all that has come from callers and the database. */
async function letOthers(): Promise<void> {
  for (let turn = 0; turn < TURNS_OF_OTHERS; turn += 1) await nextTurn();
}

/** Makes an empty cache of documents of a schema; with `texts`, what they show of entries is written once. */
export function createDocuments(schema: GraphQLSchema, texts?: EntryTexts): Documents {
  const byText = new LRUCache<string, Prepared>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_prepared, text) => text.length + 1,
  });
  const byDocument = new WeakMap<DocumentNode, Prepared>();
  const refusal = 'Too many ask for as much at the moment: ask for fewer rows or fields, or try again shortly.';
  const inTurn = createTurns({
    atATime: COSTLY_AT_A_TIME,
    waiting: MAX_WAITING,
    waitMs: MAX_WAIT_MS,
    refusal,
    rest: letOthers,
  });
  return {
    of: (document) => byDocument.get(document),
    prepare: (text) => {
      const known = byText.get(text);
      if (known) return known;
      const document = parse(text, { maxTokens: MAX_TOKENS });
      const prepared = prepare(schema, document, { inTurn, texts });
      byText.set(text, prepared);
      byDocument.set(document, prepared);
      return prepared;
    },
  };
}

function prepare(
  schema: GraphQLSchema,
  document: DocumentNode,
  { inTurn, texts }: { inTurn: InTurn; texts: EntryTexts | undefined },
): Prepared {
  const errors = validate(schema, document);
  const costOf = rememberingCost(schema, document);
  const run = compiling(schema, document, texts);
  let hint: Hint | undefined;
  return {
    document,
    errors,
    hint: () => (hint ??= hintOf(schema, document)),
    cost: costOf,
    execute: (args) => {
      operationRan((args.contextValue as Context).app.metrics, 'public', operationLabel(document, args.operationName));
      const { requested } = costOf((args.variableValues ?? {}) as Variables, args.operationName);
      return requested > COSTLY ? inTurn(() => run(args)).catch(asResult) : run(args);
    },
  };
}

/** What kept a query from running at all. */
const asResult = (thrown: Error): ExecutionResult => ({
  errors: [new GraphQLError(thrown.message, { originalError: thrown })],
});

/** Variables of the requests of one document are mostly few, and short; others are counted each time. */
const COSTS_KEPT = 50;
const LONG_VARIABLES = 300;

function rememberingCost(schema: GraphQLSchema, document: DocumentNode): Prepared['cost'] {
  const costs = new LRUCache<string, Cost>({ max: COSTS_KEPT });
  return (variables, operationName) => {
    const key = JSON.stringify([operationName, variables]);
    const known = costs.get(key);
    if (known) return known;
    const cost = checkCost(schema, { document, operationName, variables });
    if (key.length < LONG_VARIABLES) costs.set(key, cost);
    return cost;
  };
}

/** Compiling costs as much as running a few times, and many documents are sent once. */
const COMPILE_AT = 3;

/** Runs a document, compiled once it is known to come again; documents of several operations, and all writing, are not. */
function compiling(schema: GraphQLSchema, document: DocumentNode, texts: EntryTexts | undefined): Prepared['execute'] {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const fit = operations.length === 1 && operations[0]!.operation === OperationTypeNode.QUERY;
  let runs = 0;
  let compiled: CompiledQuery['query'] | null = null;
  const again = (result: ExecutionResult, args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> => {
    if (!result.errors?.some(({ originalError }) => originalError instanceof BeyondEntry)) {
      return placed(result, document);
    }
    compiled = compile(schema, document);
    return execute(args);
  };
  return (args) => {
    runs += 1;
    if (fit && runs === COMPILE_AT) compiled = texts?.compile(document) ?? compile(schema, document);
    const { operationName, rootValue, contextValue, variableValues } = args;
    if (!compiled || (operationName && operationName !== operations[0]!.name?.value)) return execute(args);
    const result = compiled(rootValue, contextValue, variableValues);
    return result instanceof Promise ? result.then((one) => again(one, args)) : again(result as ExecutionResult, args);
  };
}

/** Errors of compiled documents know line and column only; the places in the text are found by them. */
function placed(result: ExecutionResult, document: DocumentNode): ExecutionResult {
  const source = document.loc?.source;
  if (!result.errors || !source) return result;
  const starts = [...source.body.matchAll(/^|\r\n|[\n\r]/g)].map(({ 0: end, index }) => index + end.length);
  const errors = result.errors.map((error) => {
    if (error.nodes || !error.locations) return error;
    const positions = error.locations.map(({ line, column }) => (starts[line - 1] ?? 0) + column - 1);
    const { message, path, originalError } = error;
    return new GraphQLError(message, { source, positions, path, originalError });
  });
  return { errors, data: result.data };
}
