import {
  GraphQLDirective,
  DirectiveLocation,
  getNamedType,
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLInt,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type ScalarTypeDefinitionNode,
} from 'graphql';
import { MAX_AGES } from './cache-ages.ts';

/** What the SDL for routers imports from federation. */
export const IMPORTS = ['@key', '@shareable', '@tag', '@cost', '@listSize'];

/** And where rights are told too, which some routers refuse to start with. */
export const RIGHTS = ['@authenticated', '@requiresScopes'];

const CacheControlScope = new GraphQLEnumType({
  name: 'CacheControlScope',
  description: 'Who may share what is kept.',
  values: { PUBLIC: { description: 'Everyone.' }, PRIVATE: { description: 'Nobody but who asked.' } },
});

/** Apollo's directive, which is no part of federation: each subgraph brings the definition along. */
export const cacheControl = new GraphQLDirective({
  name: 'cacheControl',
  description: 'How long an answer may be kept that has this in it.',
  locations: [
    DirectiveLocation.FIELD_DEFINITION,
    DirectiveLocation.OBJECT,
    DirectiveLocation.INTERFACE,
    DirectiveLocation.UNION,
  ],
  args: { maxAge: { type: GraphQLInt }, scope: { type: CacheControlScope }, inheritMaxAge: { type: GraphQLBoolean } },
});

/**
 * Says in a schema that was just built what routers want to know: what everyone may see (`@tag(name: "public")`, for
 * contracts), what a list costs (`@cost`, `@listSize`), how long an answer keeps (`@cacheControl`).
 */
export function describeToRouters(schema: GraphQLSchema, { rights }: { rights: boolean }): GraphQLSchema {
  const shown = publicTypes(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    if (shown.has(type)) annotate(type, PUBLIC);
    if (isCompositeType(type) && shown.has(type)) annotate(type, ageOf(type.name));
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      if (isPublic(place)) for (const element of [field, ...field.args]) annotate(element, PUBLIC);
      if (MAX_AGES[place] !== undefined) annotate(field, `@cacheControl(maxAge: ${MAX_AGES[place]})`);
      annotate(field, listCost(field));
      if (rights) annotate(field, rightTo(place));
    }
  }
  return schema;
}

const PUBLIC = '@tag(name: "public")';

/** Reading, but for what is the caller's own. */
const isPublic = (place: string) => /^(Query|Subscription)\./.test(place) && place !== 'Query.viewer';

/** Every type that can be met by reading what is everyone's. */
export function publicTypes(schema: GraphQLSchema): ReadonlySet<GraphQLNamedType> {
  const shown = new Set<GraphQLNamedType>();
  const show = (type: GraphQLNamedType): void => {
    if (shown.has(type) || isSpecifiedScalarType(type)) return;
    shown.add(type);
    if (isUnionType(type)) type.getTypes().forEach(show);
    if (isInterfaceType(type)) schema.getPossibleTypes(type).forEach(show);
    if (isInputObjectType(type)) Object.values(type.getFields()).forEach((field) => show(getNamedType(field.type)));
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    type.getInterfaces().forEach(show);
    Object.values(type.getFields()).forEach(showField);
  };
  const showField = (field: GraphQLField<unknown, unknown>) => {
    show(getNamedType(field.type));
    for (const argument of field.args) show(getNamedType(argument.type));
  };
  for (const root of [schema.getQueryType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      if (isPublic(`${root!.name}.${field.name}`)) showField(field);
    }
  }
  return shown;
}

/** What a caller must bring along, for routers that look; we look in any case. */
function rightTo(place: string): string {
  if (ADMINISTRATORS.has(place)) return '@requiresScopes(scopes: [["edit"]])';
  return place === 'Query.viewer' || (place.startsWith('Mutation.') && !LOGINS.test(place)) ? '@authenticated' : '';
}

const LOGINS = /^Mutation\.(exchange|loginAnonymously$|startDomainProof$)/;
const ADMINISTRATORS: ReadonlySet<string> = new Set(
  ['editVersion', 'assignNamespace', 'setAccountBlock', 'setNamespaceBlock'].map((field) => `Mutation.${field}`),
);

/** A type without an age of its own lasts as long as what it is in. */
function ageOf(type: string): string {
  return MAX_AGES[type] === undefined
    ? '@cacheControl(inheritMaxAge: true)'
    : `@cacheControl(maxAge: ${MAX_AGES[type]})`;
}

/** Routers estimate as we count: what the field itself costs, and how long its list is when nothing is said. */
function listCost({ args, type, extensions }: GraphQLField<unknown, unknown>): string {
  const counted = (extensions.pothosOptions as { complexity?: unknown } | undefined)?.complexity;
  const page = getNamedType(type);
  if (typeof counted !== 'function' || !isObjectType(page)) return '';
  const { field, multiplier } = counted({}) as { field: number; multiplier: number };
  const slicing = args.filter(({ name }) => name === 'first' || name === 'last');
  // One composer refuses a size to assume beside a default of the argument, which says it already.
  const assumed = slicing.some(({ defaultValue }) => defaultValue !== undefined) ? '' : `assumedSize: ${multiplier}, `;
  const names = JSON.stringify(slicing.map(({ name }) => name));
  const rows = JSON.stringify(['edges', 'changes'].filter((name) => name in page.getFields()));
  return `@cost(weight: ${field}) @listSize(${assumed}slicingArguments: ${names}, sizedFields: ${rows},
    requireOneSlicingArgument: false)`;
}

/** Adds directives to what the SDL is printed from, in place: the node of a type holds those of its fields. */
function annotate({ astNode }: { astNode?: unknown }, text: string): void {
  const node = astNode as { directives?: readonly ConstDirectiveNode[] } | null;
  if (!node || text === '') return;
  const [parsed] = parse(`scalar Any ${text}`, { noLocation: true }).definitions as [ScalarTypeDefinitionNode];
  node.directives = [...(node.directives ?? []), ...(parsed.directives ?? [])];
}
