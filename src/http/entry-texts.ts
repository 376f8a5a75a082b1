import {
  getNamedType,
  getNullableType,
  GraphQLInt,
  GraphQLNonNull,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  OperationTypeNode,
  OverlappingFieldsCanBeMergedRule,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { rawJson, stringify, type RawJson } from '../raw-json.ts';

type Query = CompiledQuery['query'];

/**
 * Entries of the store never change, so what one document shows of an entry is the same text each time: it is made once,
 * and kept as long as the entry. A document is compiled with a field of JSON text in the place of each field that gives an
 * entry; what stood in its braces becomes a document of its own, which runs on the entry alone. It gets no context: what
 * depends on the request, or on anything but the entry, fails there with BeyondEntry, and the document is run as written.
 */
export interface EntryTexts {
  /** Null for a document that shows no entry, or has two fields that only together say what to show of one. */
  compile(document: DocumentNode): Query | null;
}

/** Something was asked of an entry that it does not have in itself. */
export class BeyondEntry extends Error {}

/** The types whose values are entries. */
const ENTRIES = new Set(['Server', 'ServerVersion']);

/** Of an entry the texts of so many documents are kept, of those that asked last; the store counts them (store.ts). */
const TEXTS = 2;

/** So many places of a document are written as text, the first ones: each is a document more to compile. */
const MOST = 8;

/** Makes what documents are compiled with; `build` makes their schema anew, for fields to be added to it. */
export function createEntryTexts(build: () => GraphQLSchema): EntryTexts {
  // What a compiled document is made of lives as long as it does: no other document can push it out.
  const made = new WeakMap<Query, Query[]>();
  const selections = new Map<number, WeakRef<Query>>();
  const gone = new FinalizationRegistry<number>((selection) => selections.delete(selection));
  const texts = new WeakMap<object, { of: number; text: RawJson }[]>();
  const textOf: TextOf = (selection, entry) => {
    const known = texts.get(entry)?.find((one) => one.of === selection);
    if (known) return known.text;
    const keep = (result: unknown) => {
      const text = write(result);
      texts.set(entry, [{ of: selection, text }, ...(texts.get(entry) ?? []).slice(0, TEXTS - 1)]);
      return text;
    };
    const result: unknown = selections.get(selection)?.deref()?.(entry, undefined, {});
    return result instanceof Promise ? result.then(keep) : keep(result);
  };
  let schema: GraphQLSchema | undefined;
  let last = 0;
  return {
    compile: (document) => {
      schema ??= withTexts(build(), textOf);
      const parts: Query[] = [];
      const written = withTextFields(schema, document, (field, type) => {
        const query = parts.length < MOST ? compile(schema!, onEntry(document, field, type)) : null;
        if (!query) return null;
        parts.push(query);
        selections.set((last += 1), new WeakRef(query));
        gone.register(query, last);
        return last;
      });
      if (parts.length === 0 || validate(schema, written, [OverlappingFieldsCanBeMergedRule]).length > 0) return null;
      const query = compile(schema, written);
      if (query) made.set(query, parts);
      return query;
    },
  };
}

/** Compiles a document; null where that can't be done. */
export function compile(schema: GraphQLSchema, document: DocumentNode): Query | null {
  const made = compileQuery(schema, document, undefined, { disablingCapturingStackErrors: true });
  return isCompiledQuery(made) ? made.query : null;
}

function write(result: unknown): RawJson {
  const { data, errors } = (result ?? {}) as ExecutionResult<{ entry: unknown }>;
  if (!data || errors) throw new BeyondEntry();
  return rawJson(stringify(data.entry));
}

/** The text of a selection (its number) on an entry; it throws BeyondEntry. */
type TextOf = (selection: number, entry: object) => RawJson | Promise<RawJson>;

/** The name of the field beside one that gives an entry, and of the root field that gives the root value as one. */
const textName = (field: string) => `_${field}_text`;
const rootName = (type: string) => `_${type}`;

/** Adds to a schema, beside each field that gives an entry, one that gives its text, and root fields for entries. */
function withTexts(schema: GraphQLSchema, textOf: TextOf): GraphQLSchema {
  const json = schema.getType('JSON') as GraphQLScalarType;
  const selection = { name: '_selection', type: new GraphQLNonNull(GraphQLInt), defaultValue: undefined };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const fields = type.getFields();
    for (const field of Object.values(fields).filter(({ type: of }) => givesEntry(of))) {
      fields[textName(field.name)] = {
        ...field,
        name: textName(field.name),
        type: isNonNullType(field.type) ? new GraphQLNonNull(json) : json,
        args: [
          ...field.args,
          { ...selection, description: null, deprecationReason: null, extensions: {}, astNode: null },
        ],
        resolve: writing(field.resolve!, textOf),
      };
    }
  }
  const root = schema.getQueryType()!.getFields();
  for (const name of ENTRIES) {
    const type = new GraphQLNonNull(schema.getType(name) as GraphQLObjectType);
    root[rootName(name)] = { ...root.node!, name: rootName(name), type, args: [], resolve: (entry: unknown) => entry };
  }
  return schema;
}

type Resolve = NonNullable<GraphQLField<unknown, unknown>['resolve']>;

/** A resolver that gives the text of the entry that another gives; null stays null. */
function writing(resolve: Resolve, textOf: TextOf): Resolve {
  return (parent, args: { _selection: number }, context, info) => {
    const written = (entry: unknown) => entry && textOf(args._selection, entry);
    const found: unknown = resolve(parent, args, context, info);
    return found instanceof Promise ? found.then(written) : written(found);
  };
}

const givesEntry = (type: GraphQLOutputType) =>
  ENTRIES.has(getNamedType(type).name) && !isListType(getNullableType(type));

/** The document with text in the place of each field of an entry; `selectionOf` gives a number to what one shows, or null. */
function withTextFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  selectionOf: (field: FieldNode, type: string) => number | null,
): DocumentNode {
  const info = new TypeInfo(schema);
  const enter = (field: FieldNode): FieldNode | undefined => {
    const type = info.getType();
    if (!type || !givesEntry(type) || !isPlain(document, field)) return undefined;
    const selection = selectionOf(field, getNamedType(type).name);
    if (selection === null) return undefined;
    const name = { kind: Kind.NAME, value: '_selection' } as const;
    const value = { kind: Kind.INT, value: String(selection) } as const;
    return {
      ...field,
      alias: field.alias ?? field.name,
      name: { kind: Kind.NAME, value: textName(field.name.value) },
      arguments: [...(field.arguments ?? []), { kind: Kind.ARGUMENT, name, value }],
      selectionSet: undefined,
    };
  };
  return visit(document, visitWithTypeInfo(info, { Field: { enter } }));
}

/** A document of its own for what a field shows of its entry, which is the root value. */
function onEntry(document: DocumentNode, { selectionSet }: FieldNode, type: string): DocumentNode {
  const entry: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: 'entry' },
    name: { kind: Kind.NAME, value: rootName(type) },
    selectionSet,
  };
  const operation = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [entry] },
  } as const;
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragmentsIn(document, selectionSet)] };
}

/** Whether nothing that comes with a request has a say in what a field shows: arguments and directives may. */
function isPlain(document: DocumentNode, { selectionSet }: FieldNode): boolean {
  let plain = true;
  const spoil = () => void (plain = false);
  for (const node of [selectionSet!, ...fragmentsIn(document, selectionSet)]) {
    visit(node, { Argument: spoil, Directive: spoil });
  }
  return plain;
}

/** The fragments that a selection is made of, however deep. */
function fragmentsIn(document: DocumentNode, selectionSet: SelectionSetNode | undefined): FragmentDefinitionNode[] {
  const found = new Map<string, FragmentDefinitionNode>();
  const look = (node: ASTNode) =>
    visit(node, {
      FragmentSpread: ({ name: { value } }) => {
        const fragment = document.definitions.find(
          (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === value,
        ) as FragmentDefinitionNode | undefined;
        if (!fragment || found.has(value)) return;
        found.set(value, fragment);
        look(fragment);
      },
    });
  if (selectionSet) look(selectionSet);
  return [...found.values()];
}
