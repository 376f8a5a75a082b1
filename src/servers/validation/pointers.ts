import { z } from 'zod';
import { snakeCase } from '../document.ts';
import type { SchemaVersion } from './schema-version.ts';

/** Where parts of our schemas stand in the official one, as JSON pointers: what they are, and whose property. */
const definitions = new WeakMap<z.core.$ZodType, string>();
const places = new WeakMap<z.core.$ZodType, string>();

/** Says where a whole definition stands. */
export function definition<Schema extends z.ZodType>(pointer: string, schema: Schema): Schema {
  definitions.set(schema, pointer);
  return schema;
}

/** Properties of a definition, spelt as their schema spells them, each with where it stands. */
export function properties(
  version: SchemaVersion,
  pointer: string,
  shape: Record<string, z.ZodType>,
): Record<string, z.ZodType> {
  const spelt = Object.entries(shape).map(([key, schema]) => {
    const name = version === '2025-07-09' ? snakeCase(key) : key;
    places.set(schema, `${pointer}/properties/${name.replaceAll('/', '~1')}`);
    return [name, schema];
  });
  return Object.fromEntries(spelt);
}

/** A part of a schema: where the definition of its value stands, and where it is a property of another. */
export interface Located {
  schema: z.core.$ZodType;
  definition: string;
  property: string;
}

/** Follows a path of a document through the schema; where the document's type is no known one it ends at the choice. */
export function locate(root: z.ZodType, path: readonly PropertyKey[], document: unknown): Located {
  let value = document;
  let located = at(root, '#');
  for (const key of path) {
    const inner = step(located, key, value);
    if (!inner) return located;
    located = inner;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return located;
}

function step({ schema, definition: from }: Located, key: PropertyKey, value: unknown): Located | null {
  if (schema instanceof z.ZodArray) return at(schema.element, `${from}/items`);
  const object = schema instanceof z.ZodDiscriminatedUnion ? chosen(schema, value) : schema;
  if (!(object instanceof z.ZodObject)) return null;
  const inner = Object.hasOwn(object.shape, key) ? object.shape[key as string] : object.def.catchall;
  return inner ? at(inner, `${from}/properties/${String(key)}`) : null;
}

function at(schema: z.core.$ZodType, otherwise: string): Located {
  const property = places.get(schema) ?? otherwise;
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return { schema: inner, definition: definitions.get(inner) ?? property, property };
}

/** The member of a choice that the value says it is. */
function chosen(union: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType | undefined {
  const { discriminator } = union.def;
  const type = (value as Record<string, unknown> | null)?.[discriminator];
  return union.options.find((one) => (one as z.ZodObject).shape[discriminator]?.safeParse(type).success);
}
