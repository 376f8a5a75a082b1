import { expect, test } from 'vitest';
import { CURRENT_SCHEMA, schemaVersionOf } from '../../../src/servers/validation/schema-version.ts';
import { Issues } from '../../../src/servers/validation/issues.ts';
import { validateDocument } from '../../../src/servers/validation/validate.ts';
import { processorTime } from './documents.ts';
import { officialValidator, present, realDocuments } from './official.ts';

const official = (text: string, version = schemaVersionOf(JSON.parse(text).$schema, new Issues())) =>
  version !== null && officialValidator(version)(JSON.parse(text)) === true;

const asCurrent = (text: string) => {
  const $schema = `https://static.modelcontextprotocol.io/schemas/${CURRENT_SCHEMA}/server.schema.json`;
  return JSON.stringify({ ...JSON.parse(text), $schema });
};

test.skipIf(!present)('every real document that fits the official schema is valid, and no other', () => {
  const texts = realDocuments();
  const wrong = texts.filter((text) => validateDocument(text).valid !== official(text));
  const valid = texts.filter((text) => validateDocument(text).valid).length;
  console.log(`real documents: ${valid} of ${texts.length} valid by the schema that they name`);
  expect([texts.length, valid]).toEqual([2_794, 2_398]);
  expect(wrong).toEqual([]);
});

test.skipIf(!present)('the same by the current schema, which 280 of them fail', () => {
  const texts = realDocuments().map(asCurrent);
  const wrong = texts.filter((text) => validateDocument(text).valid !== official(text, CURRENT_SCHEMA));
  const valid = texts.filter((text) => validateDocument(text).valid).length;
  console.log(`real documents: ${valid} of ${texts.length} valid by the current schema`);
  expect(valid).toBe(2_794 - 280);
  expect(wrong).toEqual([]);
});

test.skipIf(!present)('it is quick', () => {
  const texts = realDocuments();
  const longest = texts.toSorted((a, b) => b.length - a.length)[0] as string;
  const ms = processorTime(() => texts.forEach((text) => validateDocument(text)));
  const rate = Math.round((texts.length / ms) * 1_000);
  const msOfLongest = processorTime(() => Array.from({ length: 20 }, () => validateDocument(longest))) / 20;
  console.log(
    `${rate} real documents a second; the longest (${longest.length} characters) takes ${msOfLongest.toFixed(2)} ms`,
  );
  expect(rate).toBeGreaterThan(2_000);
});
