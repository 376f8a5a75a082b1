import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { SchemaVersion } from '../../../src/servers/validation/schema-version.ts';
import type { JsonSchema } from './generate.ts';

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Whether the official schemas and the real records are at hand; said aloud where they are not. */
export const present = existsSync(`${data}schemas`);
if (!present) console.warn(`\n*** ${data} is not there: nothing is compared with the official schemas. ***\n`);

/** The official schema of a version, as it was published. */
export const officialSchema = (version: SchemaVersion): JsonSchema =>
  JSON.parse(readFileSync(`${data}schemas/${version}.json`, 'utf8')) as JsonSchema;

const validators = new Map<SchemaVersion, ValidateFunction>();

/** Asks the official schema of a version. */
export function officialValidator(version: SchemaVersion): ValidateFunction {
  const known = validators.get(version);
  if (known) return known;
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const validator = ajv.compile(officialSchema(version));
  validators.set(version, validator);
  return validator;
}

/** The documents of all real records, byte for byte. */
export function realDocuments(): string[] {
  const lines = readFileSync(`${data}official-full-2025-12-18.jsonl`, 'utf8').trim().split('\n');
  return lines.map((line) => line.slice('{"server":'.length, line.lastIndexOf(',"_meta":')));
}
