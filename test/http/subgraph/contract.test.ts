import { readFileSync } from 'node:fs';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';

const committed = readFileSync(new URL('../../federation/subgraph.graphql', import.meta.url), 'utf8');
const ENTITIES = '{ _entities(representations: []) { __typename } }';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(() => test?.close());

describe('the internal door', () => {
  it('tells routers the SDL that is committed', async () => {
    const { data } = await test.subgraph('{ _service { sdl } }');
    expect(`${data._service.sdl}\n`).toBe(committed);
  });

  it('answers the queries of the public door too', async () => {
    const query = '{ registry { serverCount revision } servers { totalCount } server(name: "a/b") { name } }';
    const [inside, outside] = [await test.subgraph(query), await test.graphql(query)];
    expect(inside.data).toEqual({
      registry: { serverCount: 0, revision: 0 },
      servers: { totalCount: 0 },
      server: null,
    });
    expect(inside.data).toEqual(outside.data);
  });

  it('can be introspected whole', async () => {
    const { data, errors } = await test.subgraph<IntrospectionQuery>(getIntrospectionQuery());
    expect(errors).toBeUndefined();
    expect(Object.keys(buildClientSchema(data).getQueryType()!.getFields())).toContain('_entities');
  });
});

describe('the public door', () => {
  it.each([
    ['_service', '{ _service { sdl } }'],
    ['_entities', ENTITIES],
  ])('knows no %s', async (field, query) => {
    const { status, data, errors } = await test.graphql(query);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(`Cannot query field "${field}" on type "Query"`),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });

  it('shows nothing of federation', async () => {
    const { data } = await test.graphql<IntrospectionQuery>(getIntrospectionQuery());
    const names = [...data.__schema.types, ...data.__schema.directives].map(({ name }) => name);
    expect(names.filter((name) => /^_(?!_)|key|shareable|link|federation/.test(name))).toEqual([]);
  });
});
