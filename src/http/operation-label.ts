import { getOperationAST, Kind, type DocumentNode } from 'graphql';

/** What operations are counted by: their kind and the first field that they ask for, of which there are few. */
export interface OperationLabel {
  type: 'query' | 'mutation' | 'subscription';
  field: string;
}

/** The label of an operation that fits its schema; null where it is not clear which is meant. A name of a caller's own is none: there are endlessly many. */
export function operationLabel(document: DocumentNode, operationName?: string | null): OperationLabel | null {
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  const first = operation.selectionSet.selections.find((one) => one.kind === Kind.FIELD);
  return { type: operation.operation, field: first?.name.value ?? 'fragment' };
}
