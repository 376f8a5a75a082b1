import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** How long the lists of introspection are: the types of the schema, and how many of a thing a type has on average. */
type Lengths = Record<string, number>;

const lengths = new WeakMap<GraphQLSchema, Lengths>();

/** Counts the fields that the introspection in an operation answers, which the complexity plugin passes over. */
export function introspectionCost(schema: GraphQLSchema, document: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const known = new Map<SelectionSetNode, number>();
  const sizes = lengths.get(schema) ?? measure(schema);

  // Each fragment is counted once and remembered: spread in spread, they would take for ever.
  const costOf = (set: SelectionSetNode | undefined, atRoot: boolean): number => {
    if (!set) return 0;
    const counted = known.get(set);
    if (counted !== undefined) return counted;
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        cost += costOf(fragments.get(selection.name.value)?.selectionSet, atRoot);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) cost += costOf(selection.selectionSet, atRoot);
      else if (!atRoot) cost += (sizes[selection.name.value] ?? 1) * (1 + costOf(selection.selectionSet, false));
      else if (/^__(schema|type)$/.test(selection.name.value)) cost += costOf(selection.selectionSet, false);
    }
    known.set(set, cost);
    return cost;
  };
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  return Math.round(costOf(operation?.selectionSet, true));
}

function measure(schema: GraphQLSchema): Lengths {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  const inputFields = types.flatMap((type) => (isInputObjectType(type) ? Object.values(type.getFields()) : []));
  const enumValues = types.flatMap((type) => (isEnumType(type) ? type.getValues() : []));
  const interfaces = types.flatMap((type) => (isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : []));
  const members = types.flatMap((type) =>
    isInterfaceType(type) || isUnionType(type) ? schema.getPossibleTypes(type) : [],
  );
  const measured = {
    types: types.length,
    directives: schema.getDirectives().length,
    fields: fields.length / types.length,
    args: fields.reduce((sum, field) => sum + field.args.length, 0) / fields.length,
    inputFields: inputFields.length / types.length,
    enumValues: enumValues.length / types.length,
    interfaces: interfaces.length / types.length,
    possibleTypes: members.length / types.length,
  };
  lengths.set(schema, measured);
  return measured;
}
