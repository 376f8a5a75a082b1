import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationLabel } from '../../src/http/operation-label.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';

test.each([
  ['{ servers { edges { node { name } } } }', undefined, { type: 'query', field: 'servers' }],
  [
    'query A { server(name: "a") { name } } query B { changes { edges { cursor } } }',
    'B',
    { type: 'query', field: 'changes' },
  ],
  ['{ ...f } fragment f on Query { servers { totalCount } }', undefined, { type: 'query', field: 'fragment' }],
  ['query A { a: __typename } query B { __typename }', undefined, null],
])('%s is counted by its kind and first field', (document, name, label) => {
  expect(operationLabel(parse(document), name)).toEqual(label);
});

let registry: TestApp;
beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([{ server: aServer('com.example/a') }]);
});
afterAll(() => registry.close());

const counted = async () => {
  const text = await (await fetch(`${registry.internalUrl}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith('mcp_registry_graphql_operations_total'));
};

const ask = (url: string, query: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });

test('operations are counted at both doors, those that do not fit the schema are not', async () => {
  for (let i = 0; i < 2; i++) await ask(registry.url, '{ server(name: "com.example/a") { name } }');
  await ask(registry.url, '{ nothing }');
  await ask(registry.url, 'mutation { revokeSession { __typename } }');
  await fetch(`${registry.url}/graphql?query={servers{totalCount}}`);
  await ask(registry.internalUrl, '{ _service { sdl } }');
  expect((await counted()).toSorted()).toEqual([
    'mcp_registry_graphql_operations_total{door="internal",type="query",field="_service"} 1',
    'mcp_registry_graphql_operations_total{door="public",type="mutation",field="revokeSession"} 1',
    'mcp_registry_graphql_operations_total{door="public",type="query",field="server"} 2',
    'mcp_registry_graphql_operations_total{door="public",type="query",field="servers"} 1',
  ]);
});
