import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { RegistryError } from '../../errors.ts';
import { RawBody } from './raw-body.ts';

type Text = string | string[] | undefined;

/** Checks a part of a request by its zod schema; a query is text, and is read as its schema says, empty as left out. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodObject> = ({ schema, httpPart }) => {
  if (httpPart !== 'querystring') return (data) => check(schema, data, httpPart ?? 'body');
  const readers = Object.entries(schema.shape).map(([name, one]) => [name, readerOf(one as z.ZodType)] as const);
  return (query: Record<string, Text>) => {
    const read: Record<string, unknown> = { ...query };
    for (const [name, reader] of readers) {
      const text = query[name];
      if (Array.isArray(text)) return { error: repeated(name) };
      read[name] = text === '' || text === undefined ? undefined : reader(text);
    }
    // Only our own routes have strict schemas: the official ones ignore what they don't know.
    const unknown = Object.keys(query).find((name) => isStrict(schema) && !Object.hasOwn(schema.shape, name));
    return unknown === undefined ? check(schema, read, 'query') : { error: unknownParameter(unknown, schema) };
  };
};

function check(schema: z.ZodObject, data: unknown, location: string) {
  // What it must be is its operation's own concern.
  if (data instanceof RawBody) return { value: data };
  const { success, error, data: value } = schema.safeParse(data);
  return success ? { value } : { error: invalid(error, data, location) };
}

const isStrict = (schema: z.ZodObject) => schema.def.catchall?._zod.def.type === 'never';

function unknownParameter(name: string, { shape }: z.ZodObject): RegistryError {
  const known = Object.keys(shape);
  const taken = known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none';
  return new RegistryError('BAD_USER_INPUT', `There is no query parameter ${name.slice(0, 100)} here: ${taken}.`);
}

const repeated = (name: string) =>
  new RegistryError('BAD_USER_INPUT', `The query parameter ${name} is given more than once: give it once.`);

/** In the official registry's words (section 1.4). */
function invalid(error: z.ZodError, data: unknown, location: string): RegistryError {
  return new RegistryError('UNPROCESSABLE', 'validation failed', {
    errors: error.issues.flatMap((issue) => {
      const at = [location, ...issue.path].join('.');
      // A body may hold a secret; what it holds is not told again.
      if (location === 'body') return inBody(issue, data, at);
      return { message: messageOf(issue), location: at, value: valueAt(data, issue.path) };
    }),
  });
}

const valueAt = (data: unknown, path: PropertyKey[]) =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], data);

function inBody(issue: z.core.$ZodIssue, data: unknown, location: string): { message: string; location: string }[] {
  if (data == null) return [{ message: 'request body is required', location: 'body' }];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ message: 'unexpected property', location: `${location}.${key.slice(0, 100)}` }));
  }
  if (valueAt(data, issue.path) !== undefined) return [{ message: messageInBody(issue), location }];
  const message = `expected required property ${String(issue.path.at(-1))} to be present`;
  return [{ message, location: location.slice(0, location.lastIndexOf('.')) }];
}

function messageInBody(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value') return `expected value to be one of "${issue.values.join(', ')}"`;
  return messageOf(issue);
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return `expected ${sizeOf(issue.origin)} >= ${issue.minimum}`;
  if (issue.code === 'too_big') return `expected ${sizeOf(issue.origin)} <= ${issue.maximum}`;
  if (issue.code === 'invalid_type') return `invalid ${issue.expected === 'number' ? 'integer' : issue.expected}`;
  return issue.message;
}

const sizeOf = (origin: string) => (origin === 'string' ? 'length' : origin);

/** How a parameter's text is read: what does not read stays text, and its schema refuses it. */
function readerOf(schema: z.ZodType): (text: string) => unknown {
  const { def } = schema as unknown as { def: { type: string; innerType?: z.ZodType } };
  if (def.innerType) return readerOf(def.innerType);
  return { number: toInteger, boolean: toBoolean }[def.type] ?? ((text) => text);
}

function toInteger(text: string): unknown {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : text;
}

/** The spellings of Go's strconv.ParseBool, which the official registry reads with. */
function toBoolean(text: string): unknown {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : text;
}
