import { Issues, type ValidationIssue, type ValidationReport } from './issues.ts';
import { checkJsonText } from './json-text.ts';
import { documentLimits } from './limits.ts';
import { checkRules } from './rules.ts';
import { checkSchema } from './schema-check.ts';
import { schemaVersionOf } from './schema-version.ts';

export type { ValidationIssue, ValidationReport };

/** What validation says of a document, and the document where it is one that can be read safely. */
export type Validated = ValidationReport & { document: Record<string, unknown> | null };

/**
 * Everything that is wrong with a server.json, all of it at once: the text, the official schema of its version, the
 * rules beyond that. Validating and publishing both ask here. `text` is server.json as it was sent.
 */
export function validateDocument(text: string): Validated {
  const issues = new Issues();
  const value = read(text, issues);
  const sound = issues.report().valid;
  if (value === undefined) return { ...issues.report(), document: null };
  const version = schemaVersionOf(value.$schema, issues);
  if (version) checkSchema(value, version, issues);
  checkRules(value, issues);
  return { ...issues.report(), document: sound ? value : null };
}

/** True of the report of a text that is no JSON object at all. */
export const isNoObject = ({ issues }: ValidationReport): boolean =>
  issues.some(({ reference }) => reference === 'json-syntax' || reference === 'json-not-an-object');

function read(text: string, issues: Issues): Record<string, unknown> | undefined {
  const report = (reference: string, message: string) => issues.add({ path: [], type: 'json', message, reference });
  if (Buffer.byteLength(text) > documentLimits.bytes) {
    return void report('json-too-large', `a document has at most ${documentLimits.bytes} bytes`);
  }
  if (!checkJsonText(text, issues)) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return void report('json-not-an-object', 'server.json must be a JSON object');
}
