import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { Issues, type ValidationIssue } from '../../../src/servers/validation/issues.ts';
import {
  SCHEMA_VERSIONS,
  schemaVersionOf,
  type SchemaVersion,
} from '../../../src/servers/validation/schema-version.ts';
import { isUri } from '../../../src/servers/validation/uri.ts';
import { validateDocument } from '../../../src/servers/validation/validate.ts';
import { differences } from './differences.ts';
import { Generator, uris, type JsonSchema } from './generate.ts';
import { mutate } from './mutate.ts';
import { officialSchema, officialValidator, present } from './official.ts';
import { Random } from './random.ts';

const SEED = 20_261_126;
const DOCUMENTS = 3_400;

/** What follows from the official schema alone; which schema to follow is a rule of ours. */
const bySchema = ({ type, reference }: ValidationIssue) => type === 'schema' && reference.startsWith('#/');
const isError = ({ severity }: ValidationIssue) => severity === 'error';

interface Tally {
  documents: number;
  valid: number;
  disagreements: string[];
  refusedBeyond: Map<string, number>;
  references: Set<string>;
}

function compare(version: SchemaVersion): Tally {
  const random = new Random(SEED + SCHEMA_VERSIONS.indexOf(version));
  const generator = new Generator(officialSchema(version), random);
  const tally: Tally = { documents: 0, valid: 0, disagreements: [], refusedBeyond: new Map(), references: new Set() };
  for (let n = 0; n < DOCUMENTS; n += 1) {
    const $schema = `https://static.modelcontextprotocol.io/schemas/${version}/server.schema.json`;
    const document = { ...generator.document(), $schema };
    for (let changes = n % 4; changes > 0; changes -= 1) mutate(document, random);
    const text = JSON.stringify(document);
    const { issues } = validateDocument(text);
    // A change may hit $schema too: the schema that is followed is the one to ask.
    const followed = schemaVersionOf(document.$schema, new Issues());
    if (!followed) continue;
    const accepted = officialValidator(followed)(JSON.parse(text));
    const found = issues.filter(isError);
    if (followed === version) for (const { reference } of found.filter(bySchema)) tally.references.add(reference);
    tally.documents += 1;
    if (accepted) tally.valid += 1;
    if (accepted) for (const { reference } of found) count(tally.refusedBeyond, reference);
    if (accepted !== !found.some(bySchema)) tally.disagreements.push(text);
  }
  return tally;
}

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

function resolve(schema: JsonSchema, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key.replaceAll('~1', '/')], schema);
}

describe.skipIf(!present)('the official schema is the oracle', () => {
  const beyond = new Map<string, number>();
  let documents = 0;

  test.each(SCHEMA_VERSIONS)('%s: the same verdict, and every reference a place in it', (version) => {
    const tally = compare(version);
    documents += tally.documents;
    for (const [reference, times] of tally.refusedBeyond) beyond.set(reference, (beyond.get(reference) ?? 0) + times);
    console.log(`${version}: ${tally.documents} documents (seed ${SEED}), ${tally.valid} fit the official schema`);
    expect(tally.disagreements.slice(0, 3)).toEqual([]);
    expect(tally.valid).toBeGreaterThan(tally.documents / 5);
    expect(tally.valid).toBeLessThan((tally.documents * 4) / 5);
    const schema = officialSchema(version);
    expect([...tally.references].filter((one) => resolve(schema, one) === undefined)).toEqual([]);
  });

  test('what we refuse beyond it is listed, each with its reason', () => {
    const table = [...beyond].toSorted(([, a], [, b]) => b - a);
    console.log(`${documents} documents; refused though the official schema takes them:`);
    for (const [reference, times] of table) console.log(`  ${times} × ${reference}: ${differences[reference]}`);
    expect(documents).toBeGreaterThanOrEqual(20_000);
    expect(table.map(([reference]) => reference).filter((reference) => !differences[reference])).toEqual([]);
  });
});

/** What the oracle takes for a path that begins with two slashes, which RFC 3986 does not allow. */
const oddities = [
  /^[^:]*:\/\/[^/?#]*:(?!\d*([/?#]|$))/, // letters for a port
  /^[^:]*:\/\/[^/?#]*@[^/?#]*@/, // two user names
  /^[^:]*:\/\[/, // an IP address behind one slash
];

test('addresses are URIs exactly where the oracle of the format says so', () => {
  const ajv = new Ajv();
  addFormats.default(ajv);
  const official = ajv.compile({ type: 'string', format: 'uri' });
  const random = new Random(SEED);
  const parts =
    'http https a: urn: : / // ? # @ [::1] [ ] % %41 %4 a b.c example.com 8080 é " < > { } \\ ^ ` | \' ~ _ + , ; ='.split(
      ' ',
    );
  const disagreements = new Set<string>();
  const odder = new Set<string>();
  let sound = 0;
  for (let n = 0; n < 30_000; n += 1) {
    let text = random.pick([random.pick(uris), 'a:', 'http://', 'https://a', '']);
    for (let more = random.below(5); more > 0; more -= 1) text += random.pick(parts);
    const accepted = official(text);
    if (accepted) sound += 1;
    const odd = oddities.some((one) => one.test(text));
    if (isUri(text) !== accepted) (odd && accepted ? odder : disagreements).add(text);
  }
  console.log(
    `30000 addresses (seed ${SEED}), ${sound} of them URIs to the oracle, ${odder.size} of which no URL can be`,
  );
  expect(sound).toBeGreaterThan(3_000);
  expect([...disagreements].slice(0, 20)).toEqual([]);
});
