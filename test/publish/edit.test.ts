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

async function edit(input: object, token = world.administrator) {
  const query = `mutation ($input: EditVersionInput!) { editVersion(input: $input) { __typename
    ... on EditVersionPayload { version { description status isLatest publishedAt revision } } ... on Error { code message } } }`;
  const { data } = await world.registry.graphql(query, { input }, token);
  return data.editVersion;
}

describe('an edit', () => {
  test('replaces the document, and nothing else of the version', async () => {
    const name = 'io.github.alice/typo';
    const { version: before } = await publish(world, world.alice, aServer(name, '1.0.0', { description: 'A tpyo' }));
    const document = aServer(name, '1.0.0', { description: 'A typo' });
    const edited = await edit({ name, version: '1.0.0', document, reason: 'Asked for by its owner.' });
    expect(edited).toMatchObject({ version: { description: 'A typo', status: 'ACTIVE', isLatest: true } });
    const { data } = await world.registry.graphql(
      `query ($n: String!) { changes(first: 100) { changes { kind version { digest } } } server(name: $n) { description } }`,
      { n: name },
    );
    expect(data.server.description).toBe('A typo');
    const kinds = data.changes.changes.filter(
      (one: { version: { digest: string } }) => one.version.digest !== before.digest,
    );
    expect(kinds.map((one: { kind: string }) => one.kind)).toEqual(['PUBLISHED', 'EDITED']);
    const [row] = await world.registry.app.db.sql<{ details: object }>(
      "SELECT details FROM audit WHERE action = 'version.edit' AND outcome = 'done'",
    );
    expect(row!.details).toMatchObject({ reason: 'Asked for by its owner.', before: before.digest, version: '1.0.0' });
  });

  test('of an owner is refused, whose document stays as it was published', async () => {
    const name = 'io.github.alice/mine';
    await publish(world, world.alice, aServer(name));
    const document = aServer(name, '1.0.0', { description: 'Other' });
    expect(await edit({ name, version: '1.0.0', document }, world.alice)).toMatchObject({ code: 'FORBIDDEN' });
    const { status, json } = await send(world, {
      method: 'PUT',
      path: pathOf(name, '1.0.0'),
      token: world.alice,
      body: document,
    });
    expect([status, json.code]).toEqual([403, 'FORBIDDEN']);
  });

  test('by REST has the official refusals', async () => {
    const name = 'io.github.alice/put';
    await publish(world, world.alice, aServer(name));
    const put = (body: object, version = '1.0.0') =>
      send(world, { method: 'PUT', path: pathOf(name, version), token: world.administrator, body });
    expect((await put(aServer(name, '1.0.0', { title: 'Put' }))).json).toMatchObject({ server: { title: 'Put' } });
    expect((await put(aServer('io.github.alice/other'))).json.detail).toContain('Cannot rename server');
    expect((await put(aServer(name, '2.0.0'))).json.detail).toBe(
      'Version in request body must match URL path parameter',
    );
    expect(await put(aServer(name, '3.0.0'), '3.0.0')).toMatchObject({
      status: 404,
      json: { detail: 'Server not found' },
    });
    expect(await put(aServer(name, '1.0.0', { title: '' }))).toMatchObject({
      status: 422,
      json: { code: 'VALIDATION_FAILED' },
    });
    await send(world, {
      method: 'PATCH',
      path: `${pathOf(name, '1.0.0')}/status`,
      token: world.alice,
      body: { status: 'deleted' },
    });
    expect(await put(aServer(name, '1.0.0', { title: 'Gone' }))).toMatchObject({ status: 404 });
  });
});
