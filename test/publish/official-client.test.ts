import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import { ed25519Key } from '../auth/keys.ts';
import { publishKey } from '../auth/outside.ts';
import { alice } from '../auth/principals.ts';
import { CLIENT_ID } from '../external/fake-github.ts';
import { send, startPublishWorld, type PublishWorld } from './world.ts';

// What mcp-publisher 1.7 sends, request for request, and what it reads of the answers (official registry, sections 0 and 3).
let world: PublishWorld;

beforeAll(async () => {
  world = await startPublishWorld();
});

afterAll(() => world.close());

const loggedIn = async (path: string, body: object | string) => {
  const { status, json } = await send(world, { path: `/v0/auth/${path}`, body });
  expect(status).toBe(200);
  expect(json).toEqual({ registry_token: expect.any(String), expires_at: expect.any(Number) });
  expect(json.expires_at).toBeGreaterThan(Date.now() / 1000);
  return json.registry_token as string;
};

test('login github, publish, validate, status of one version and of all', async () => {
  const health = await world.registry.rest('/v0/health');
  expect(await health.json()).toEqual({ status: 'ok', github_client_id: CLIENT_ID });
  const token = await loggedIn('github-at', { github_token: world.github.issue(alice.id) });

  const document = aServer('io.github.alice/weather');
  const published = await send(world, { path: '/v0/publish', token, body: document });
  expect(published).toMatchObject({
    status: 200,
    json: {
      server: { name: 'io.github.alice/weather', version: '1.0.0' },
      _meta: { 'io.modelcontextprotocol.registry/official': { status: 'active', isLatest: true } },
    },
  });

  const wrong = aServer('io.github.alice/weather', 'latest');
  expect((await send(world, { path: '/v0/publish', token, body: wrong })).status).toBe(422);
  expect((await send(world, { path: '/v0/validate', body: wrong })).json).toMatchObject({
    valid: false,
    issues: [{ type: 'semantic', path: 'version', severity: 'error', reference: 'reserved-version-string' }],
  });

  const server = `/v0/servers/${encodeURIComponent('io.github.alice/weather')}`;
  const shown = await world.registry.rest(`${server}/versions/1.0.0?include_deleted=true`);
  expect(await shown.json()).toEqual(published.json);
  const body = { status: 'deprecated', statusMessage: 'Use another.' };
  expect(
    (await send(world, { method: 'PATCH', path: `${server}/versions/1.0.0/status`, token, body })).json,
  ).toMatchObject({
    _meta: { 'io.modelcontextprotocol.registry/official': { status: 'deprecated', statusMessage: 'Use another.' } },
  });
  const all = await world.registry.rest(`${server}/versions?include_deleted=true`);
  expect(await all.json()).toMatchObject({ metadata: { count: 1 } });
  expect(
    (await send(world, { method: 'PATCH', path: `${server}/status`, token, body: { status: 'deleted' } })).json,
  ).toMatchObject({
    updatedCount: 1,
    servers: [{ server: { version: '1.0.0' } }],
  });
});

test('login dns and http with a signed timestamp, and login none', async () => {
  const key = publishKey(world, 'example.com', ed25519Key());
  world.web.keyFile('example.net', key.record);
  const signed = (domain: string) => {
    const timestamp = world
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    return { domain, timestamp, signed_timestamp: key.sign(timestamp) };
  };
  for (const [method, domain, name] of [
    ['dns', 'example.com', 'com.example/dns'],
    ['http', 'example.net', 'net.example/http'],
  ] as const) {
    const token = await loggedIn(method, signed(domain));
    expect((await send(world, { path: '/v0/publish', token, body: aServer(name) })).status).toBe(200);
  }
  // Its body is empty, with the type of one that is not.
  const token = await loggedIn('none', '');
  const name = 'io.modelcontextprotocol.anonymous/trial';
  expect((await send(world, { path: '/v0/publish', token, body: aServer(name) })).status).toBe(200);
});

test('a duplicate is known by its sentence, and a name that is not its own by what is', async () => {
  const token = await loggedIn('github-at', { github_token: world.github.issue(alice.id) });
  await send(world, { path: '/v0/publish', token, body: aServer('io.github.alice/twice') });
  const other = aServer('io.github.alice/twice', '1.0.0', { title: 'Other' });
  expect((await send(world, { path: '/v0/publish', token, body: other })).text).toContain(
    'cannot publish duplicate version',
  );
  expect(
    (await send(world, { path: '/v0/publish', token, body: aServer('io.github.bob/twice') })).json.detail,
  ).toContain(
    'You do not have permission to publish this server. You have permission to publish: io.github.alice/*. Attempting to publish: io.github.bob/twice',
  );
});
