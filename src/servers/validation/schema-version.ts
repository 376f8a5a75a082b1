import type { Issues } from './issues.ts';

/** The server.json schemas that are understood, oldest first (official registry, section 2). */
export const SCHEMA_VERSIONS = [
  '2025-07-09',
  '2025-09-16',
  '2025-09-29',
  '2025-10-11',
  '2025-10-17',
  '2025-12-11',
] as const;

export type SchemaVersion = (typeof SCHEMA_VERSIONS)[number];

/** What new documents should be written for. */
export const CURRENT_SCHEMA: SchemaVersion = '2025-12-11';

const base = 'https://static.modelcontextprotocol.io/schemas/';
const url =
  /^https:\/\/static\.modelcontextprotocol\.io\/schemas\/([^/\s]{1,50})\/server\.schema\.json(?:#[\w$/.-]{0,200})?$/;

/** The schema that a document names; the current one where it names none; null where it names one that is not known. */
export function schemaVersionOf(named: unknown, issues: Issues): SchemaVersion | null {
  const report = (reference: string, message: string, severity: 'error' | 'warning' = 'error') =>
    issues.add({ path: ['$schema'], type: 'schema', message, severity, reference });
  if (typeof named !== 'string' || named === '') {
    report('schema-field-required', `$schema field is required: ${base}${CURRENT_SCHEMA}/server.schema.json`);
    return CURRENT_SCHEMA;
  }
  const version = url.exec(named)?.[1];
  if (version === undefined) {
    report('schema-version-extraction-error', `$schema must have the form ${base}<version>/server.schema.json`);
    return CURRENT_SCHEMA;
  }
  const known = SCHEMA_VERSIONS.find((one) => one === version);
  if (!known) {
    report('schema-version-not-available', `schema version ${version} is not known: use ${SCHEMA_VERSIONS.join(', ')}`);
    return null;
  }
  if (known !== CURRENT_SCHEMA) {
    const advice = 'Consider updating to the latest schema version';
    const message = `schema version ${known} is not the current version (${CURRENT_SCHEMA}). ${advice}`;
    report('schema-version-deprecated', message, 'warning');
  }
  return known;
}
