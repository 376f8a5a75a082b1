import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

const ENTITIES = `query($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Server { name }
    ... on ServerVersion { name version }
  }
}`;

const KNOWN = { __typename: 'Server', name: 'com.example/known' };

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
  await test.seed([{ server: aServer('com.example/known') }]);
});

afterAll(() => test?.close());

const ask = (representations: unknown) => test.subgraph(ENTITIES, { representations });

const noEntity = 'A representation is an object whose `__typename` is Server or ServerVersion.';
const noText = (field: string) => `The representation's \`${field}\` must be a string.`;

describe('a representation that is malformed has an error in its place, and its neighbours their answers', () => {
  it.each<[string, unknown, string]>([
    ['without a name', { __typename: 'Server' }, noText('name')],
    ['with a number for a name', { __typename: 'Server', name: 7 }, noText('name')],
    ['with a list for a name', { __typename: 'Server', name: ['com.example/known'] }, noText('name')],
    ['with an object for a name', { __typename: 'Server', name: { toLowerCase: 1 } }, noText('name')],
    ['with null for a name', { __typename: 'ServerVersion', name: null, version: '1.0.0' }, noText('name')],
    ['without a version', { __typename: 'ServerVersion', name: 'com.example/known' }, noText('version')],
    ['with true for a version', { __typename: 'ServerVersion', name: 'a/b', version: true }, noText('version')],
    ['of a type that is nowhere', { __typename: 'Nothing', name: 'com.example/known' }, noEntity],
    ['of a type that is no entity', { __typename: 'Package', identifier: 'npm' }, noEntity],
    ['of an interface', { __typename: 'Node', id: 'U2VydmVyOjE=' }, noEntity],
    ['of an interface that would take its word', { __typename: 'Input', kind: 'named', name: 'x' }, noEntity],
    ['of the type Query', { __typename: 'Query' }, noEntity],
    ['without a type', { name: 'com.example/known' }, noEntity],
    ['with a number for a type', { __typename: 1 }, noEntity],
    ['with the name of a prototype for a type', { __typename: '__proto__' }, noEntity],
    ['that is a string', 'com.example/known', noEntity],
    ['that is a number', 12, noEntity],
    ['that is a list', [KNOWN], noEntity],
  ])('%s', async (_what, malformed, message) => {
    const { status, data, errors } = await ask([KNOWN, malformed, KNOWN]);
    expect(status).toBe(200);
    expect(data._entities).toEqual([{ name: KNOWN.name }, null, { name: KNOWN.name }]);
    expect(errors).toMatchObject([
      { message, path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT', retryable: false } },
    ]);
  });
});

describe('a key that no server can have is one that there is not', () => {
  it.each([
    ['a NUL', 'com.example/known\0'],
    ['half of a surrogate pair', 'com.example/\ud800known'],
    ['10 kB', `com.example/${'k'.repeat(10_000)}`],
    ['nothing', ''],
    ['the name of a prototype', '__proto__'],
    ['wildcards', 'com.example/%'],
    ['what would be SQL', `' OR ''='`],
  ])('%s', async (_what, text) => {
    const { status, data, errors } = await ask([
      { __typename: 'Server', name: text },
      KNOWN,
      { __typename: 'ServerVersion', name: text, version: '1.0.0' },
      { __typename: 'ServerVersion', name: 'com.example/known', version: text },
    ]);
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data._entities).toEqual([null, { name: KNOWN.name }, null, null]);
  });

  it('nor do two keys run into one, whatever stands between their parts', async () => {
    const { data } = await ask([
      { __typename: 'ServerVersion', name: 'com.example/known\0' + '1.0.0', version: '' },
      { __typename: 'ServerVersion', name: 'com.example/known', version: '1.0.0' },
      { __typename: 'ServerVersion', name: 'com.example/known', version: '\0' + '1.0.0' },
    ]);
    expect(data._entities).toEqual([null, { name: 'com.example/known', version: '1.0.0' }, null]);
  });
});

it('keys that are not of the key are passed over, also those that would be fields', async () => {
  const more = { version: 7, status: 'DELETED', id: 'x', head: null, ['__proto__']: { name: 'a/b' }, constructor: 1 };
  const { data, errors } = await ask([{ ...KNOWN, ...more }]);
  expect(errors).toBeUndefined();
  expect(data._entities).toEqual([{ name: KNOWN.name }]);
});

describe('what is no list of representations is refused as a whole', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'Variable "$representations" of non-null type "[_Any!]!" must not be null.'],
    ['null in a list', [KNOWN, null], 'Variable "$representations" got invalid value null at "representations[1]"'],
  ])('%s', async (_what, representations, message) => {
    const { status, data, errors } = await ask(representations);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT', retryable: false } },
    ]);
  });

  it('nothing at all', async () => {
    const { status, errors } = await test.subgraph(ENTITIES);
    expect(status).toBe(400);
    expect(errors?.[0]).toMatchObject({
      message: 'Variable "$representations" of required type "[_Any!]!" was not provided.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

it('an empty list is answered by an empty list', async () => {
  expect((await ask([])).data).toEqual({ _entities: [] });
});
