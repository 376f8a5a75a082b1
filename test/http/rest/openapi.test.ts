import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createTestApp, type TestApp, type TestRecord } from '../../app.ts';

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  parameters?: { name: string; in: string; required: boolean; description?: string; schema: object }[];
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

let registry: TestApp;
let document: Document;
let ajv: Ajv2020;

const samples = new URL('../../../src/sync/samples.jsonl', import.meta.url);
const realData = new URL('../../../../shared/data/official-full-2025-12-18.jsonl', import.meta.url);

beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed(records(samples));
  document = (await (await registry.rest('/openapi.json')).json()) as Document;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
});
afterAll(() => registry.close());

function records(file: URL): TestRecord[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { server: Record<string, unknown>; _meta: Record<string, Partial<TestRecord>> })
    .map(({ server, _meta }) => {
      const { status, statusMessage, publishedAt } = _meta['io.modelcontextprotocol.registry/official']!;
      return { server, status, statusMessage: statusMessage ?? null, publishedAt: publishedAt ?? null };
    });
}

const isExport = (path: string) => path.endsWith('/export');

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the OpenAPI document', () => {
  test('is OpenAPI 3.1 and the same in YAML', async () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: 'MCP Registry', version: expect.stringMatching(/^\d/) as string });
    const yaml = await registry.rest('/openapi.yaml');
    expect(yaml.headers.get('content-type')).toBe('application/yaml');
    expect(parse(await yaml.text())).toEqual(document);
  });

  test('has the official paths, and ours, under both prefixes', () => {
    const paths = [
      ...['/health', '/ping', '/version', '/servers', '/servers/{serverName}/versions'],
      ...['/servers/{serverName}/versions/latest', '/servers/{serverName}/versions/{version}', '/changes', '/export'],
      ...['github-at', 'github-oidc', 'oidc', 'dns', 'http', 'none', 'challenge'].map((proof) => `/auth/${proof}`),
      ...['/publish', '/validate', '/verify-domain', '/verify-domain/check'],
      ...['/servers/{serverName}/status', '/servers/{serverName}/versions/{version}/status'],
    ];
    const expected = ['/v0.1', '/v0'].flatMap((prefix) => paths.map((path) => `${prefix}${path}`));
    expect(Object.keys(document.paths).sort()).toEqual([...expected, '/.well-known/jwks.json'].sort());
  });

  test('describes each operation, its parameters and all its answers', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations()) {
      expect(operation.summary.length * operation.description.length).toBeGreaterThan(0);
      const inPath = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
      expect(inPath.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(inPath.every(({ required }) => required)).toBe(true);
      for (const { description, schema } of operation.parameters ?? []) {
        expect(description).toMatch(/\w/);
        expect(schema).toHaveProperty('type');
      }
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description).toMatch(/\w/);
        expect(Object.keys(response.content)).toEqual([
          status !== '200' ? 'application/problem+json' : isExport(path) ? 'application/x-ndjson' : 'application/json',
        ]);
      }
    }
  });

  test('says what the list takes as the server reads it', () => {
    const { parameters = [] } = document.paths['/v0.1/servers']!.get!;
    expect(parameters.every((parameter) => parameter.in === 'query' && !parameter.required)).toBe(true);
    expect(parameters.map(({ name }) => name)).toEqual([
      'cursor',
      'limit',
      'updated_since',
      'search',
      'version',
      'include_deleted',
    ]);
    expect(parameters.find(({ name }) => name === 'limit')?.schema).toEqual({
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 30,
    });
  });

  test('refers only to what it has, and has only what is referred to', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    const names = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(references)].sort()).toEqual(names.sort());
  });

  test('has examples that fit their own schemas', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      for (const example of (schema as { examples?: unknown[] }).examples ?? []) {
        expect([name, problemsOf(`#/components/schemas/${name}`, example)]).toEqual([name, []]);
      }
    }
  });
});

function problemsOf(pointer: string, value: unknown): string[] {
  const validate = ajv.getSchema(`openapi${pointer}`) ?? ajv.compile({ $ref: `openapi${pointer}` });
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** Asks, and says how the answer differs from what the document promises of it. */
async function differences(path: string, template: string): Promise<string[]> {
  const response = await registry.rest(path);
  const type = response.headers.get('content-type')!;
  const keys = ['paths', template, 'get', 'responses', String(response.status), 'content', type, 'schema'];
  const pointer = keys.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent);
  return problemsOf(`#/${pointer.join('/')}`, await response.json());
}

async function differencesOfAll(): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ''; ;) {
    const path = `/v0.1/servers?limit=100&include_deleted=true&cursor=${cursor}`;
    found.push(...(await differences(path, '/v0.1/servers')));
    const { metadata } = (await (await registry.rest(path)).json()) as { metadata: { nextCursor?: string } };
    if (!metadata.nextCursor) return found;
    cursor = metadata.nextCursor;
  }
}

describe('real answers are as the document says', () => {
  test('of all the samples', async () => {
    expect(await differencesOfAll()).toEqual([]);
  });

  test.each([
    ['/v0/health', '/v0/health'],
    ['/v0/changes?after=3', '/v0/changes'],
    ['/v0.1/changes?limit=0', '/v0.1/changes'],
    ['/v0.1/export?x=1', '/v0.1/export'],
    ['/v0.1/ping', '/v0.1/ping'],
    ['/v0.1/version', '/v0.1/version'],
    ['/v0.1/servers/ai.exa%2Fexa/versions', '/v0.1/servers/{serverName}/versions'],
    ['/v0/servers/ai.exa%2Fexa/versions/latest', '/v0/servers/{serverName}/versions/latest'],
    ['/v0.1/servers/ai.exa%2Fexa/versions/3.1.3', '/v0.1/servers/{serverName}/versions/{version}'],
    ['/v0.1/servers?limit=0', '/v0.1/servers'],
    ['/v0.1/servers?cursor=x', '/v0.1/servers'],
    ['/v0.1/servers/a/versions', '/v0.1/servers/{serverName}/versions'],
    ['/v0.1/servers/%00/versions', '/v0.1/servers/{serverName}/versions'],
    ['/v0.1/servers/a/versions/latest?include_deleted=x', '/v0.1/servers/{serverName}/versions/latest'],
    ['/v0.1/servers/a/versions/1', '/v0.1/servers/{serverName}/versions/{version}'],
  ])('of %s', async (path, template) => {
    expect(await differences(path, template)).toEqual([]);
  });

  const here = existsSync(realData);
  test.skipIf(!here)(
    `of the official registry's records${here ? '' : ' (SKIPPED: they are not at hand)'}`,
    async () => {
      await registry.seed(records(realData));
      expect(await differencesOfAll()).toEqual([]);
    },
  );
});

describe('the documentation for people', () => {
  test('shows the document with nothing from elsewhere', async () => {
    const page = await registry.rest('/docs');
    const markup = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(await (await registry.rest('/docs/json')).json()).toEqual(document);
    const loaded = [...markup.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(loaded.length).toBeGreaterThan(4);
    for (const address of loaded) {
      expect(address).toMatch(/^\/docs\/static\//);
      expect([address, (await registry.rest(address)).status]).toEqual([address, 200]);
    }
  });
});
