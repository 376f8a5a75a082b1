import {
  GraphQLString,
  Kind,
  TypeInfo,
  valueFromAST,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql';
import type { CachePolicy } from './cache.ts';

/** What a document says of how long its answers may be kept; it is worked out once. */
export interface Hint {
  /** Nothing in it is anyone's own. */
  shared: boolean;
  /** It shows what any server can change: lists, counts. */
  lists: boolean;
  /** Its root fields, if they are versions and nothing but versions. */
  versions: { fields: FieldNode[]; variables: readonly VariableDefinitionNode[] } | null;
}

/** The types whose values are the same for everybody and change with the registry's revision; no other is ever shared. */
export const SHARED_TYPES: ReadonlySet<string> = new Set([
  ...[
    'Query',
    'Node',
    'PageInfo',
    'Namespace',
    'PublishedPackage',
    'Registry',
    'Limits',
    'LoginOptions',
    'Change',
    'ChangePage',
  ],
  ...['Server', 'ServerConnection', 'ServerEdge', 'ServerVersion', 'ServerVersionConnection', 'ServerVersionEdge'],
  ...['Publisher', 'Package', 'Remote', 'Transport', 'Repository', 'Icon'],
  ...['Input', 'Argument', 'KeyValueInput', 'NamedArgument', 'PositionalArgument'],
]);

/** The fields that a server which the answer does not show can change. */
export const LIST_FIELDS: ReadonlySet<string> = new Set([
  ...['servers', 'serverVersions', 'changes', 'registry', 'package', 'namespace'].map((field) => `Query.${field}`),
  ...['Namespace.servers', 'PublishedPackage.servers'],
]);

/** Of an exact version's own fields none changes but with the version; what leads beyond it does. */
const BEYOND_A_VERSION = new Set(['Server', 'Namespace']);

/** Reads a valid document once. */
export function hintOf(schema: GraphQLSchema, document: DocumentNode): Hint {
  const info = new TypeInfo(schema);
  const roots: FieldNode[] = [];
  let shared = true;
  let lists = false;
  let beyond = false;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(field) {
        const parent = info.getParentType()?.name ?? '';
        const name = field.name.value;
        if (name !== '__typename') shared &&= SHARED_TYPES.has(parent) && !name.startsWith('__');
        lists ||= LIST_FIELDS.has(`${parent}.${name}`);
        beyond ||= BEYOND_A_VERSION.has(parent);
        if (parent === 'Query' && name !== '__typename') roots.push(field);
      },
    }),
  );
  const exact = !beyond && roots.length > 0 && roots.every((field) => field.name.value === 'serverVersion');
  const variables = document.definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION ? (one.variableDefinitions ?? []) : [],
  );
  return { shared, lists, versions: exact ? { fields: roots, variables } : null };
}

/** How long an answer to the document may be kept that came without errors. */
export function policyOf(hint: Hint, variables: Record<string, unknown>, data: Record<string, unknown>): CachePolicy {
  if (!hint.shared) return 'none';
  // Whatever is not there now comes with a publish whose tags the answer can't have.
  if (Object.values(data).some((one) => one === null || (Array.isArray(one) && one.includes(null)))) return 'absent';
  return hint.versions && asksForExact(hint.versions, variables) ? 'exact' : 'list';
}

function asksForExact({ fields, variables }: NonNullable<Hint['versions']>, given: Record<string, unknown>): boolean {
  const defaults = variables.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromAST(defaultValue, GraphQLString)]] : [],
  );
  const values: Record<string, unknown> = { ...Object.fromEntries(defaults), ...given };
  return fields.every((field) => {
    const value = field.arguments?.find((one) => one.name.value === 'version')?.value;
    const version =
      value?.kind === Kind.VARIABLE ? values[value.name.value] : value && valueFromAST(value, GraphQLString);
    return (version ?? 'latest') !== 'latest';
  });
}
