import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getNamedType, isCompositeType, isInterfaceType, isObjectType, isUnionType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIST_FIELDS, SHARED_TYPES } from '../../../src/http/cache-hints.ts';
import { publicSchema } from '../../../src/schema.ts';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import { get, post, send } from './ask.ts';
import { documents, id, manifest } from './operations.ts';

let app: TestApp;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-operations-'));
  const file = join(folder, 'operations.json');
  writeFileSync(file, manifest);
  app = await createTestApp({ MCP_REGISTRY_OPERATION_MANIFESTS: file });
  await app.seed(['a', 'b', 'c'].map((name) => ({ server: aServer(`com.example/${name}`) })));
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true });
});

const persisted = (name: keyof typeof documents, more: Record<string, string> = {}) =>
  get(app, { documentId: id(name), ...more });

describe('how long an answer may be kept', () => {
  const listed = 'public, max-age=30, s-maxage=60, stale-if-error=300';
  const exact = 'public, max-age=60, s-maxage=300, stale-if-error=300';
  const absent = 'public, max-age=5';
  const a = { variables: '{"name":"com.example/a"}' };
  test.each([
    ['list', {}, listed, 'list s:com.example%2Fa s:com.example%2Fb'],
    ['server', a, listed, 's:com.example%2Fa'],
    ['server', { variables: '{"name":"com.example/none"}' }, absent, null],
    ['version', { variables: '{"v":"1.0.0"}' }, exact, 's:com.example%2Fa'],
    ['version', { variables: '{"v":"latest"}' }, listed, 's:com.example%2Fa'],
    ['version', {}, listed, 's:com.example%2Fa'],
    ['around', {}, listed, 's:com.example%2Fa'],
    ['both', {}, absent, 's:com.example%2Fa'],
    ['viewer', {}, 'no-store', null],
    ['report', {}, 'no-store', null],
    ['types', {}, 'no-store', null],
    ['bad', {}, 'no-store', null],
  ] as const)('%s %j: %s', async (name, more, policy, tags) => {
    const { headers } = await persisted(name, more);
    expect([headers.get('cache-control'), headers.get('surrogate-key')]).toEqual([policy, tags]);
    if (policy !== 'no-store') expect(headers.get('vary')).toBe('Accept, Accept-Encoding');
  });

  test('nothing with credentials, and no free text', async () => {
    const url = `?documentId=${id('list')}`;
    for (const headers of [{ authorization: 'Bearer x' }, { cookie: 'a=b' }] as Record<string, string>[]) {
      const answer = await send(app, { headers }, url);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
    expect((await get(app, { query: documents.list })).headers.get('cache-control')).toBe('no-store');
    expect((await post(app, { documentId: id('list') })).headers.get('cache-control')).toBe('no-store');
  });

  test('with a strong ETag of the bytes, 304 to who has it, and HEAD', async () => {
    const headers = { 'accept-encoding': 'identity' };
    const first = await send(app, { headers }, `?documentId=${id('list')}`);
    const etag = first.headers.get('etag')!;
    expect(etag).toBe(`"${createHash('sha256').update(first.text).digest('base64url')}"`);
    const again = await send(app, { headers: { ...headers, 'if-none-match': etag } }, `?documentId=${id('list')}`);
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    const head = await send(app, { method: 'HEAD', headers }, `?documentId=${id('list')}`);
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', String(first.text.length)]);
  });

  test('in the form that is accepted', async () => {
    const typeOf = async (accept: string) => {
      const { status, headers } = await send(app, { headers: { accept } }, `?documentId=${id('list')}`);
      return `${status} ${headers.get('content-type')}`;
    };
    expect(await typeOf('*/*')).toBe('200 application/json; charset=utf-8');
    expect(await typeOf('application/graphql-response+json, application/json;q=0.9')).toBe(
      '200 application/graphql-response+json; charset=utf-8',
    );
    expect(await typeOf('text/html, */*;q=0.1')).toBe('200 application/json; charset=utf-8');
    expect(await typeOf('image/png')).toBe('406 application/json; charset=utf-8');
  });

  test('is said of every type that a query can reach', () => {
    const reached = new Set<string>();
    const visit = (name: string) => {
      const type = publicSchema.getType(name)!;
      if (reached.has(name) || !isCompositeType(type)) return;
      reached.add(name);
      if (isInterfaceType(type) || isUnionType(type)) {
        publicSchema.getPossibleTypes(type).forEach((one) => visit(one.name));
      }
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) visit(getNamedType(field.type).name);
        for (const one of type.getInterfaces()) visit(one.name);
      }
    };
    visit('Query');
    const personal = [
      'Viewer',
      'Account',
      'ApiToken',
      'OwnedNamespace',
      'Permission',
      'DomainVerification',
      'DnsRecord',
    ];
    const ofOneDocument = ['ValidationReport', 'ValidationIssue'];
    expect([...reached].toSorted()).toEqual([...SHARED_TYPES, ...personal, ...ofOneDocument].toSorted());
    const fields = [...LIST_FIELDS].map((path) => path.split('.') as [string, string]);
    for (const [type, field] of fields) {
      const parent = publicSchema.getType(type);
      expect(isObjectType(parent) && parent.getFields()[field]).toBeTruthy();
    }
  });
});
