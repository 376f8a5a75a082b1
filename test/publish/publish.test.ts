import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import { checkInvariants } from '../invariants.ts';
import { pathOf, publish, send, startPublishWorld, type PublishWorld } from './world.ts';

let world: PublishWorld;

beforeAll(async () => {
  world = await startPublishWorld();
});

afterAll(async () => {
  await checkInvariants(world.registry);
  await world.close();
});

describe('a server.json of someone who may use its name', () => {
  test('is published, and told to be the latest with its publisher', async () => {
    expect(await publish(world, world.alice, aServer('io.github.alice/first'))).toEqual({
      __typename: 'PublishServerPayload',
      outcome: 'CREATED',
      version: {
        name: 'io.github.alice/first',
        version: '1.0.0',
        isLatest: true,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        publisher: { method: 'github-at', subject: 'alice' },
      },
      warnings: [],
    });
  });

  test('travels to three doors, the feed and the export byte for byte', async () => {
    const name = 'io.github.alice/bytes';
    const text = `{ "version":"1.0.0","name" :"${name}",\n "description":"Spaces \\u00e9 and order", "$schema":"https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",\t"_meta":{"io.modelcontextprotocol.registry/publisher-provided":{"2":1.0,"1":1e2}} }`;
    const body = `{"query":${JSON.stringify('mutation ($d: JSON!) { publishServer(input: { document: $d }) { ... on PublishServerPayload { version { document } } } }')},"variables":{"d":${text}}}`;
    const answer = await send(world, { path: '/graphql', token: world.alice, body });
    expect(answer.text).toContain(text);
    const doors = await Promise.all([
      world.registry.graphql('query ($n: String!) { serverVersion(name: $n) { document } }', { n: name }),
      world.registry.subgraph('query ($n: String!) { serverVersion(name: $n) { document } }', { n: name }),
      world.registry.graphql('{ changes(first: 100) { changes { version { document } } } }'),
      ...[pathOf(name, '1.0.0'), '/v0/servers?search=bytes', '/v0.1/changes', '/v0.1/export'].map(async (path) => ({
        text: await (await world.registry.rest(path)).text(),
      })),
    ]);
    for (const [i, door] of doors.entries()) expect(door.text, `door ${i}`).toContain(text);
    expect((await send(world, { path: '/v0/publish', token: world.alice, body: text })).status).toBe(200);
  });

  test('is visible at once, and the answer says at which revision', async () => {
    const answer = await send(world, {
      path: '/v0.1/publish',
      token: world.alice,
      body: aServer('io.github.alice/now'),
    });
    expect(answer.status).toBe(200);
    const read = await world.registry.rest(pathOf('io.github.alice/now', 'latest'));
    expect(await read.text()).toBe(answer.text);
    expect(Number(answer.headers.get('registry-revision'))).toBeGreaterThan(0);
    expect(read.headers.get('registry-revision')).toBe(answer.headers.get('registry-revision'));
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('the same again is answered with what is there, in whatever order its keys stand', async () => {
    const document = aServer('io.github.alice/again');
    const turned = Object.fromEntries(Object.entries(document).reverse());
    expect(await publish(world, world.alice, document)).toMatchObject({ outcome: 'CREATED' });
    expect(await publish(world, world.alice, turned)).toMatchObject({
      outcome: 'UNCHANGED',
      version: { version: '1.0.0' },
    });
    const twice = await Promise.all(
      ['/v0.1/publish', '/v0/servers'].map((path) => send(world, { path, token: world.alice, body: document })),
    );
    expect(twice.map(({ status }) => status)).toEqual([200, 200]);
    expect(JSON.parse(twice[0]!.text).server).toEqual(document);
  });

  test('another for the same version is refused for good, also when it was deleted', async () => {
    const name = 'io.github.alice/once';
    await publish(world, world.alice, aServer(name));
    const other = aServer(name, '1.0.0', { description: 'Something else' });
    expect(await publish(world, world.alice, other)).toMatchObject({
      __typename: 'VersionExists',
      code: 'VERSION_EXISTS',
      retryable: false,
      existing: { version: '1.0.0' },
    });
    await send(world, {
      method: 'PATCH',
      path: `${pathOf(name, '1.0.0')}/status`,
      token: world.alice,
      body: { status: 'deleted' },
    });
    const { status, json } = await send(world, { path: '/v0.1/publish', token: world.alice, body: other });
    expect(status).toBe(409);
    expect(json).toMatchObject({
      code: 'VERSION_EXISTS',
      detail: expect.stringContaining('cannot publish duplicate version'),
    });
  });

  test('only tried it is checked to the end, and nothing is written', async () => {
    const document = aServer('io.github.alice/tried');
    expect(await publish(world, world.alice, document, true)).toMatchObject({ outcome: 'VALID', version: null });
    expect((await world.registry.rest(pathOf('io.github.alice/tried', '1.0.0'))).status).toBe(404);
    const [left] = await world.registry.app.db.sql("SELECT name FROM servers WHERE name_key LIKE '%/tried'");
    expect(left).toBeUndefined();
  });

  test('in another case than the server has is refused with the name to write', async () => {
    await publish(world, world.alice, aServer('io.github.alice/Cased'));
    expect(await publish(world, world.alice, aServer('io.github.Alice/cased', '2.0.0'))).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('The server is called io.github.alice/Cased'),
    });
  });
});

describe('a server.json that is not sound', () => {
  test('is told all that is wrong with it at once', async () => {
    const document = aServer('io.github.alice/unsound', '^1.0.0', { title: ' ', websiteUrl: 'ftp://x' });
    const refused = await publish(world, world.alice, document);
    expect(refused).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('server.json is not valid'),
    });
    const references = refused.issues.map((issue: { reference: string }) => issue.reference);
    expect(references).toEqual(
      expect.arrayContaining(['version-looks-like-range', 'title-whitespace-only', 'website-url-invalid-scheme']),
    );
    const rest = await send(world, { path: '/v0.1/publish', token: world.alice, body: document });
    expect(rest.status).toBe(422);
    expect(rest.json.errors.length).toBe(refused.issues.length);
    expect(rest.json.errors[0]).toEqual({ message: expect.any(String), location: expect.stringMatching(/^body\./) });
  });

  test('learns nothing where its sender may not use the name', async () => {
    expect(await publish(world, world.bob, aServer('io.github.alice/unsound', '^1'))).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
      namespaces: ['io.github.bob/*'],
    });
  });

  test.each([
    ['no JSON', '{"name":', ''],
    ['a name twice', '{"name":"io.github.alice/x","name":"io.github.alice/y"}', 'name'],
    ['a number beyond all doubles', '{"name":"io.github.alice/x","_meta":{"a":1e400}}', '_meta.a'],
    ['a NUL', '{"name":"io.github.alice/x","description":"\\u0000"}', 'description'],
    ['64 levels', `{"name":"io.github.alice/x","_meta":${'['.repeat(64)}${']'.repeat(64)}}`, '_meta'],
    ['__proto__', '{"name":"io.github.alice/x","__proto__":{"a":1}}', '__proto__'],
    ['a list', '[]', ''],
    ['nothing', '', ''],
  ])('is refused with the path: %s', async (_what, text, path) => {
    const { status, json } = await send(world, { path: '/v0.1/publish', token: world.alice, body: text });
    expect(status).toBe(422);
    expect(json.errors[0].location).toContain(path);
  });

  test('by GraphQL is refused for what only its text shows', async () => {
    const query =
      'mutation ($d: JSON!) { publishServer(input: { document: $d }) { ... on ValidationFailed { code issues { path reference } } } }';
    const text = '{"name":"io.github.alice/x","version":"1.0.0","version":"2.0.0","_meta":{"a":1e400}}';
    const body = `{"query":${JSON.stringify(query)},"variables":{"d":${text}}}`;
    const { json } = await send(world, { path: '/graphql', token: world.alice, body });
    expect(json.data.publishServer).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: expect.arrayContaining([
        { path: 'version', reference: expect.stringContaining('json-') },
        { path: '_meta.a', reference: expect.stringContaining('json-') },
      ]),
    });
  });

  test('of a megabyte is refused for its size', async () => {
    const document = aServer('io.github.alice/large', '1.0.0', { _meta: { x: 'x'.repeat(1024 * 1024) } });
    expect((await send(world, { path: '/v0.1/publish', token: world.alice, body: document })).status).toBe(413);
  });
});

test('without a login nobody publishes', async () => {
  expect(await publish(world, undefined, aServer('io.github.alice/first', '9.0.0'))).toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  const { status, headers } = await send(world, {
    path: '/v0.1/publish',
    body: aServer('io.github.alice/first', '9.0.0'),
  });
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
});
