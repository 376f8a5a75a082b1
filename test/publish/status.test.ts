import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import { checkInvariants } from '../invariants.ts';
import { microseconds } from '../servers/semver.ts';
import { pathOf, publish, send, startPublishWorld, type PublishWorld } from './world.ts';

let world: PublishWorld;

beforeAll(async () => {
  world = await startPublishWorld();
});

afterAll(async () => {
  await checkInvariants(world.registry);
  await world.close();
});

const shown = {
  setVersionStatus: '... on SetVersionStatusPayload { version { status statusMessage isLatest } }',
  setServerStatus: '... on SetServerStatusPayload { updatedCount server { status latestVersion { version } } }',
} as const;

async function set(mutation: keyof typeof shown, input: object, token = world.alice) {
  const type = mutation === 'setVersionStatus' ? 'SetVersionStatusInput' : 'SetServerStatusInput';
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${shown[mutation]} ... on Error { code message } } }`;
  const { data } = await world.registry.graphql(query, { input }, token);
  return data[mutation];
}

/** A server with these versions; its name. */
async function aPublished(slug: string, versions: string[], more: object = {}): Promise<string> {
  const name = `io.github.alice/${slug}`;
  for (const version of versions) {
    expect(await publish(world, world.alice, aServer(name, version, { ...more }))).toMatchObject({
      outcome: 'CREATED',
    });
  }
  return name;
}

const latestOf = async (name: string) => {
  const answer = await world.registry.rest(pathOf(name, 'latest'));
  return answer.status === 200
    ? ((await answer.json()) as { server: { version: string } }).server.version
    : answer.status;
};

describe('the status of a version', () => {
  test('goes from each to each, and latest follows', async () => {
    const name = await aPublished('each', ['1.0.0', '2.0.0']);
    const steps = ['DELETED', 'ACTIVE', 'DEPRECATED', 'DELETED', 'DEPRECATED', 'ACTIVE'];
    const latest: unknown[] = [];
    for (const status of steps) {
      expect(await set('setVersionStatus', { name, version: '2.0.0', status })).toMatchObject({ version: { status } });
      latest.push(await latestOf(name));
    }
    expect(latest).toEqual(['1.0.0', '2.0.0', '2.0.0', '1.0.0', '2.0.0', '2.0.0']);
  });

  test('carries a message until the version is active again', async () => {
    const name = await aPublished('message', ['1.0.0']);
    const to = (status: string, statusMessage?: string) =>
      set('setVersionStatus', { name, version: '1.0.0', status, statusMessage });
    expect(await to('DEPRECATED', 'Use 2.')).toMatchObject({
      version: { status: 'DEPRECATED', statusMessage: 'Use 2.' },
    });
    expect(await to('ACTIVE', 'Hello')).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('status_message cannot be provided when setting status to active'),
    });
    expect(await to('DEPRECATED', 'x'.repeat(501))).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await to('ACTIVE')).toMatchObject({ version: { status: 'ACTIVE', statusMessage: null } });
    expect(await to('ACTIVE')).toMatchObject({
      message: 'No changes to apply: status and message are already set to the provided values',
    });
  });

  test('changes its time with its value only', async () => {
    const name = await aPublished('time', ['1.0.0']);
    const times = async () => {
      const answer = await world.registry.rest(pathOf(name, '1.0.0'));
      const { _meta } = (await answer.json()) as {
        _meta: Record<string, { statusChangedAt: string; updatedAt: string }>;
      };
      return _meta['io.modelcontextprotocol.registry/official']!;
    };
    await set('setVersionStatus', { name, version: '1.0.0', status: 'DEPRECATED', statusMessage: 'One' });
    const one = await times();
    await set('setVersionStatus', { name, version: '1.0.0', status: 'DEPRECATED', statusMessage: 'Two' });
    const two = await times();
    expect(two.statusChangedAt).toBe(one.statusChangedAt);
    expect(microseconds(two.updatedAt)).toBeGreaterThan(microseconds(one.updatedAt));
  });

  test('deleted hides it at every door unless it is asked for', async () => {
    const name = await aPublished('hidden', ['1.0.0']);
    await set('setVersionStatus', { name, version: '1.0.0', status: 'DELETED' });
    const status = async (path: string) => (await world.registry.rest(path)).status;
    expect(await status(pathOf(name, '1.0.0'))).toBe(404);
    expect(await status(`${pathOf(name, '1.0.0')}?include_deleted=true`)).toBe(200);
    expect(await status(`/v0/servers/${encodeURIComponent(name)}/versions`)).toBe(404);
    const query = `query ($n: String!) { hidden: serverVersion(name: $n, version: "1.0.0") { status } server(name: $n) { status }
      shown: serverVersion(name: $n, version: "1.0.0", includeDeleted: true) { status }
      all: server(name: $n, includeDeleted: true) { status latestVersion { version } title description } }`;
    const { data } = await world.registry.graphql(query, { n: name });
    expect(data).toEqual({
      hidden: null,
      server: null,
      shown: { status: 'DELETED' },
      all: { status: 'DELETED', latestVersion: null, title: null, description: `What ${name} does` },
    });
    expect(await set('setVersionStatus', { name, version: '1.0.0', status: 'ACTIVE' })).toMatchObject({
      version: { status: 'ACTIVE', isLatest: true },
    });
    expect(await status(pathOf(name, '1.0.0'))).toBe(200);
  });

  test('by REST has the official shapes and sentences', async () => {
    const name = await aPublished('rest', ['1.0.0', '1.1.0']);
    const patch = (path: string, body: object, token = world.alice) =>
      send(world, { method: 'PATCH', path, token, body });
    const version = `${pathOf(name, '1.0.0')}/status`;
    const server = `/v0/servers/${encodeURIComponent(name)}/status`;
    expect((await patch(version, { status: 'deprecated', statusMessage: 'Old' })).json).toMatchObject({
      server: { version: '1.0.0' },
      _meta: {
        'io.modelcontextprotocol.registry/official': { status: 'deprecated', statusMessage: 'Old', isLatest: false },
      },
    });
    expect((await patch(server, { status: 'deleted' })).json).toMatchObject({
      updatedCount: 2,
      servers: [{ server: { version: '1.1.0' } }, { server: { version: '1.0.0' } }],
    });
    expect(await patch(server, { status: 'deleted' })).toMatchObject({
      status: 400,
      json: { detail: 'No changes to apply: all versions already have the requested status and message' },
    });
    expect(await patch(version, { status: 'gone' })).toMatchObject({ status: 422 });
    expect(await patch(version, { status: 'active', statusMessage: 'x' })).toMatchObject({ status: 400 });
    expect(await patch(`${pathOf(name, '9.9.9')}/status`, { status: 'active' })).toMatchObject({
      status: 404,
      json: { detail: 'Server version not found' },
    });
    expect(await patch('/v0/servers/io.github.alice%2Fnone/status', { status: 'active' })).toMatchObject({
      status: 404,
      json: { detail: 'Server not found' },
    });
    expect(await patch(version, { status: 'active' }, world.bob)).toMatchObject({ status: 403 });
  });
});

describe('the status of a whole server', () => {
  test('is that of all its versions, each with a revision of its own', async () => {
    const name = await aPublished('whole', ['1.0.0', '1.1.0', '2.0.0-rc.1']);
    await world.registry.app.revision.refresh();
    const before = world.registry.app.revision.current();
    expect(await set('setServerStatus', { name, status: 'DELETED', statusMessage: 'Gone.' })).toMatchObject({
      updatedCount: 3,
      server: { status: 'DELETED', latestVersion: null },
    });
    const { data } = await world.registry.graphql(
      'query ($after: Revision) { changes(after: $after) { changes { revision kind version { version status isLatest } } } }',
      { after: before },
    );
    expect(data.changes.changes.map((one: { revision: number }) => one.revision - before)).toEqual([1, 2, 3]);
    expect(await set('setServerStatus', { name, status: 'ACTIVE' })).toMatchObject({
      server: { status: 'ACTIVE', latestVersion: { version: '2.0.0-rc.1' } },
    });
  });
});

describe('what an administrator takes down', () => {
  test('needs a reason, is in the audit with it, and is not its owner to restore', async () => {
    const name = await aPublished('spam', ['1.0.0', '1.1.0']);
    const takeDown = { name, version: '1.1.0', status: 'DELETED' };
    expect(await set('setVersionStatus', takeDown, world.administrator)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await set('setVersionStatus', { ...takeDown, reason: 'Malware.' }, world.administrator)).toMatchObject({
      version: { status: 'DELETED' },
    });
    expect(await set('setVersionStatus', { ...takeDown, status: 'ACTIVE' })).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('The operators took it down'),
    });
    // The rest of the server is still its owner's.
    expect(await set('setServerStatus', { name, status: 'DEPRECATED', statusMessage: 'Sorry' })).toMatchObject({
      updatedCount: 1,
    });
    const rows = await world.registry.app.db.sql<{ actor: string; details: { reason: string } }>(
      "SELECT actor, details FROM audit WHERE action = 'version.status' AND target = $1 AND outcome = 'done'",
      [name],
    );
    expect(rows).toMatchObject([
      { actor: expect.stringContaining('oidc:'), details: { reason: 'Malware.', takenDown: true } },
    ]);
    const restored = await set('setVersionStatus', { ...takeDown, status: 'ACTIVE' }, world.administrator);
    expect(restored).toMatchObject({ version: { status: 'ACTIVE' } });
    expect(await set('setVersionStatus', { ...takeDown, status: 'DEPRECATED' })).toMatchObject({
      version: { status: 'DEPRECATED' },
    });
  });
});
