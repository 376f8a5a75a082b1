import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';
import { aDocument, withPackage } from './documents.ts';
import { heavyTexts, hostileTexts } from './hostile.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
});
afterAll(() => registry.close());

const json = { 'content-type': 'application/json' };
const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json, prefix = '/v0') =>
  registry.rest(`${prefix}/validate`, { method: 'POST', body, headers });

const query = `query ($document: JSON!) { validateServer(document: $document) {
  valid issues { path type message severity reference } } }`;
/** The document goes into the request as the text that it is. */
const ask = async (text: string) => {
  const body = `{"query":${JSON.stringify(query)},"variables":{"document":${text}}}`;
  const response = await fetch(`${registry.url}/graphql`, { method: 'POST', body, headers: json });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

const wrong = withPackage({ identifier: 'a b', tranport: 1 });
const issues = [
  {
    path: 'packages[0].identifier',
    type: 'semantic',
    message: 'package name cannot contain spaces',
    severity: 'error',
    reference: 'package-name-has-spaces',
  },
  {
    path: 'packages[0].tranport',
    type: 'linter',
    message: 'schema 2025-12-11 does not know this property: readers may pass over it',
    severity: 'warning',
    reference: 'unknown-property',
  },
];

describe('POST /validate', () => {
  test.each(['/v0', '/v0.1'])('answers 200 under %s, whatever the document is worth', async (prefix) => {
    const good = await send(JSON.stringify(aDocument()), json, prefix);
    expect([good.status, await good.json()]).toEqual([200, { valid: true, issues: [] }]);
    expect(good.headers.get('cache-control')).toBe('no-store');
    const bad = await send(JSON.stringify(wrong), json, prefix);
    expect([bad.status, await bad.json()]).toEqual([200, { valid: false, issues }]);
  });

  test.each(Object.entries(hostileTexts))('tells what is wrong with %s', async (_what, { text, path, reference }) => {
    const response = await send(text);
    const body = (await response.json()) as Record<string, unknown>;
    if (path !== null) {
      expect(response.status).toBe(200);
      return expect(body).toMatchObject({
        valid: false,
        issues: expect.arrayContaining([expect.objectContaining({ path, reference })]),
      });
    }
    expect(response.status).toBe(422);
    expect(body).toMatchObject({ code: 'UNPROCESSABLE', detail: 'validation failed' });
    expect(body.errors).toEqual([{ message: expect.any(String), location: expect.stringMatching(/^body/) }]);
  });

  test('refuses what is too large, no UTF-8, of another type, or not there', async () => {
    const statusOf = async (...sent: Parameters<typeof send>) => (await send(...sent)).status;
    expect(await statusOf(`{"a":"${'x'.repeat(1_100_000)}"}`)).toBe(413);
    expect(await statusOf(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe(400);
    expect(await statusOf('{}', { 'content-type': 'text/plain' })).toBe(415);
    expect((await registry.rest('/v0/validate', { method: 'POST' })).status).toBe(422);
    expect((await registry.rest('/v0/validate')).status).toBe(405);
  });

  test('answers heavy texts too', async () => {
    for (const [what, text] of Object.entries(heavyTexts)) expect((await send(text)).status, what).toBe(200);
  });
});

describe('validateServer', () => {
  const upper = issues.map((one) => ({ ...one, type: one.type.toUpperCase(), severity: one.severity.toUpperCase() }));

  test('tells the same', async () => {
    const { data } = await registry.graphql(query, { document: wrong });
    expect(data.validateServer).toEqual({ valid: false, issues: upper });
    const written = await registry.graphql(
      '{ validateServer(document: {name: "a", packages: []}) { valid issues { path } } }',
    );
    expect(written.data.validateServer.valid).toBe(false);
    expect(written.data.validateServer.issues).toContainEqual({ path: 'description' });
  });

  // A value that has been parsed has each key once.
  const parsed = Object.entries(hostileTexts).filter(
    ([, { reference, path }]) => path !== null && reference !== 'json-duplicate-key',
  );
  test.each(parsed)('tells what is wrong with %s, or refuses it', async (_what, { text, path, reference }) => {
    const { status, body } = await ask(text);
    if (status === 200) {
      const found = body.data.validateServer.issues;
      return expect(found).toContainEqual(expect.objectContaining({ path, reference, severity: 'ERROR' }));
    }
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test('costs what it takes: a dozen at once are too many', async () => {
    const fields = Array.from({ length: 12 }, (_, i) => `v${i}: validateServer(document: {}) { valid }`);
    const { status, errors } = await registry.graphql(`{ ${fields.join(' ')} }`);
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'QUERY_TOO_COMPLEX']);
  });
});

test('the registry tells its limits', async () => {
  const { data } = await registry.graphql(`{ registry { schemaVersions limits {
    documentBytes documentDepth documentValues descriptionLength titleLength packages remotes icons listEntries
    urlLength identifierLength publisherMetadataBytes } } }`);
  expect(data.registry.schemaVersions.at(-1)).toBe('2025-12-11');
  expect(data.registry.limits).toEqual({
    ...{ documentBytes: 262_144, documentDepth: 32, documentValues: 10_000, descriptionLength: 100, titleLength: 100 },
    ...{ packages: 100, remotes: 100, icons: 100, listEntries: 250 },
    ...{ urlLength: 2_048, identifierLength: 512, publisherMetadataBytes: 4_096 },
  });
});
