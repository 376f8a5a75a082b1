import { z } from 'zod';
import type { Finding, Issues } from './issues.ts';
import type { Path } from './path.ts';
import { locate } from './pointers.ts';
import { schemaOf } from './schemas.ts';
import type { SchemaVersion } from './schema-version.ts';

/** Reports where a document does not fit the schema of its version, with the place in the official schema that says so. */
export function checkSchema(document: unknown, version: SchemaVersion, issues: Issues): void {
  const root = schemaOf(version);
  // What zod would say of each issue is never shown, and takes most of the time where there are thousands.
  const { error } = root.safeParse(document, { error: () => '' });
  for (const issue of error?.issues ?? []) {
    const place = { root, document, path: issue.path };
    if (issue.code !== 'unrecognized_keys') {
      issues.addFound('error', () => explain(issue, place));
      continue;
    }
    const { definition } = locate(root, issue.path, document);
    const allowed = definition !== '#/definitions/Package' || version >= '2025-10-11';
    for (const key of issue.keys) {
      const path = [...issue.path, key];
      issues.addFound(allowed ? 'warning' : 'error', () =>
        allowed ? unknown(version, path) : forbidden(version, path),
      );
    }
  }
}

interface Place {
  root: z.ZodType;
  document: unknown;
  path: Path;
}

const forbidden = (version: SchemaVersion, path: Path): Finding => ({
  path,
  type: 'schema',
  message: `schema ${version} does not allow this property in a package`,
  reference: '#/definitions/Package/additionalProperties',
});

/** The official schema takes properties that it does not know; they are most often a slip. */
const unknown = (version: SchemaVersion, path: Path): Finding => ({
  path,
  type: 'linter',
  message: `schema ${version} does not know this property: readers may pass over it`,
  reference: 'unknown-property',
});

function explain(issue: z.core.$ZodIssue, place: Place): Finding {
  const { path } = place;
  return { path, type: 'schema', ...ruleOf(issue, place) };
}

function ruleOf(issue: z.core.$ZodIssue, { root, document, path }: Place): Pick<Finding, 'message' | 'reference'> {
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], document);
  const { schema, definition, property } = locate(root, path, document);
  if (value === undefined && !(issue.code === 'invalid_union')) {
    const message = `missing required field: ${String(path.at(-1))}`;
    return { message, reference: property.replace(/\/properties\/[^/]+$/, '/required') };
  }
  if (issue.code === 'custom') {
    const { keyword, of = definition } = issue.params as { keyword: string; of?: string };
    return { message: issue.message, reference: `${of}/${keyword}` };
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return { message: choices(schema), reference: `${definition}/anyOf` };
  }
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    return { message: `must be one of: ${issue.values.join(', ')}`, reference: `${definition}/enum` };
  }
  const expected = issue.code === 'invalid_type' ? issue.expected : 'string';
  return { message: `expected ${expected}, got ${typeOf(value)}`, reference: `${definition}/type` };
}

function choices(union: z.ZodDiscriminatedUnion): string {
  const { discriminator } = union.def;
  const known = union.options.map((one) => String(((one as z.ZodObject).shape[discriminator] as z.ZodLiteral).value));
  return `must be an object whose ${discriminator} is one of: ${known.join(', ')}`;
}

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
