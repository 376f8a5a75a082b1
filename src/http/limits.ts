import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { introspectionCost } from './introspection-cost.ts';

/** The most tokens that a document may have; the whole introspection query has about 200. */
export const MAX_TOKENS = 2_000;

/** The deepest nesting that a document may have; the whole introspection query has 15. */
const MAX_DEPTH = 18;

/**
 * Fields that an answer may have, counted ahead, and what the statements behind them are worth: a page of 30 with
 * everything selected stays below, with pages of versions and namespaces in it too, and so does the whole introspection query.
 */
const MAX_COST = 100_000;

/** An operation about to run. */
export interface Operation {
  document: DocumentNode;
  operationName?: string | null;
  variables: Record<string, unknown>;
}

/** What an operation was found to cost, and how much it may. */
export interface Cost {
  requested: number;
  limit: number;
}

/** Counts what an operation costs by its selection and its variables; throws a QUERY_TOO_COMPLEX error over the limits. */
export function checkCost(schema: GraphQLSchema, operation: Operation): Cost {
  const document = chosen(operation);
  refuseSeveralMutations(document);
  const { complexity, depth } = complexityFromQuery(document, { schema, variables: operation.variables });
  const requested = complexity + introspectionCost(schema, document);
  const cost = { requested, limit: MAX_COST };
  if (requested > MAX_COST) {
    throw refused(
      `The query costs ${requested} and may cost ${MAX_COST}: ask for fewer rows or fields at a time.`,
      cost,
    );
  }
  if (depth > MAX_DEPTH) {
    throw refused(`The query is ${depth} levels deep and may be ${MAX_DEPTH}: select less deeply.`, cost);
  }
  return cost;
}

/** Each mutation is a write of its own: two in one request could be half done. */
function refuseSeveralMutations(document: DocumentNode): void {
  const [operation] = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== OperationTypeNode.MUTATION) return;
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const seen = new Set<string>();
  const count = ({ selections }: SelectionSetNode): number => selections.reduce((sum, one) => sum + countOne(one), 0);
  const countOne = (one: SelectionNode): number => {
    if (one.kind === Kind.FIELD) return one.name.value === '__typename' ? 0 : 1;
    if (one.kind === Kind.INLINE_FRAGMENT) return count(one.selectionSet);
    const fragment = fragments.get(one.name.value);
    // Spread twice it is two fields to us, which is refused, and never counted for ever.
    if (!fragment || seen.has(one.name.value)) return fragment ? 1 : 0;
    seen.add(one.name.value);
    return count(fragment.selectionSet);
  };
  if (count(operation.selectionSet) > 1) {
    throw new GraphQLError('One request does one mutation: send the others each on its own.', {
      extensions: { code: 'BAD_USER_INPUT', retryable: false, http: { status: 400 } },
    });
  }
}

function refused(message: string, cost: Cost): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, cost, http: { status: 400 } },
  });
}

/** The document with the one operation that runs: the others cost nothing. */
function chosen({ document, operationName }: Operation): DocumentNode {
  if (!operationName) return document;
  return {
    ...document,
    definitions: document.definitions.filter(
      (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.name?.value === operationName,
    ),
  };
}
