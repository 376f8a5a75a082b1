import { getNamedType, GraphQLError, isUnionType, type GraphQLSchema } from 'graphql';
import { RegistryError } from './errors.ts';

/** What routers ask `_entities` by: the type and its key, of which nothing is to be trusted. */
interface Arguments {
  representations: unknown[];
}

/** The most that a router may ask for at a time; each type of them is read by one statement. */
export const MAX_REPRESENTATIONS = 1_000;

/**
 * Gives each representation an answer of its own: the federation library lets one that is malformed take the answers of
 * all others away. A query costs as many rows as it has representations.
 */
export function answerEachEntity(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()._entities;
  const union = field && getNamedType(field.type);
  if (!field?.resolve || !isUnionType(union)) throw new Error('The schema has no entities.');
  const { resolve } = field;
  const names = union.getTypes().map((type) => type.name);
  field.resolve = (root, { representations }: Arguments, context, info) =>
    representations.map((one) => {
      if (!isRepresentationOf(one, names)) {
        return new RegistryError(
          'BAD_USER_INPUT',
          `A representation is an object whose \`__typename\` is ${names.join(' or ')}.`,
        );
      }
      try {
        return (resolve(root, { representations: [one] }, context, info) as unknown[])[0];
      } catch (error) {
        return error;
      }
    });
  field.extensions = {
    ...field.extensions,
    complexity: ({ representations }: Arguments) => {
      refuseTooMany(representations.length);
      return { field: 1, multiplier: representations.length };
    },
  };
  return schema;
}

function refuseTooMany(count: number): void {
  if (count <= MAX_REPRESENTATIONS) return;
  throw new GraphQLError(
    `There may be ${MAX_REPRESENTATIONS} representations in a request, not ${count}: ask for the others in another one.`,
    { extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, http: { status: 400 } } },
  );
}

function isRepresentationOf(value: unknown, names: string[]): boolean {
  if (typeof value !== 'object' || value === null || !('__typename' in value)) return false;
  return typeof value.__typename === 'string' && names.includes(value.__typename);
}
