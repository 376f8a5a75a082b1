import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  domainLogin,
  githubLogin,
  publishKey,
  startAuthWorld,
  staffLogin,
  workflowLogin,
  type AuthWorld,
} from './outside.ts';
import { ed25519Key, p384Key } from './keys.ts';

let world: AuthWorld;
const alice = { id: 101, login: 'alice' };
const acme = { id: 900, login: 'Acme' };

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
  world.github.name(acme.id, acme.login);
  world.github.member(alice.id, acme.id, 'admin');
});

afterAll(() => world.close());

const whoAmI = `{ viewer { account { provider subject displayName } method subject
  permissions { action resource } namespaces { name problem } } }`;
const viewer = async (token: string) => (await world.registry.graphql(whoAmI, {}, token)).data.viewer;

describe('each proof gives a token for exactly its names', () => {
  test('a GitHub user: the login, and the organisations that it owns', async () => {
    expect(await viewer(await githubLogin(world, alice.id))).toEqual({
      account: { provider: 'github', subject: '101', displayName: 'alice' },
      method: 'github-at',
      subject: 'alice',
      permissions: [
        { action: 'PUBLISH', resource: 'io.github.alice/*' },
        { action: 'PUBLISH', resource: 'io.github.acme/*' },
      ],
      namespaces: [
        { name: 'io.github.Acme', problem: null },
        { name: 'io.github.alice', problem: null },
      ],
    });
  });

  test('a workflow: the names of its owner', async () => {
    expect(await viewer(await workflowLogin(world, acme))).toMatchObject({
      account: { provider: 'github', subject: '900' },
      method: 'github-oidc',
      subject: 'Acme/weather',
      permissions: [{ action: 'PUBLISH', resource: 'io.github.acme/*' }],
    });
  });

  test('an administrator: what configuration says', async () => {
    expect(await viewer(await staffLogin(world))).toMatchObject({
      account: { subject: 'root', displayName: 'root@registry.test' },
      permissions: [
        { action: 'PUBLISH', resource: '*' },
        { action: 'EDIT', resource: '*' },
      ],
    });
  });

  test.each([
    ['Ed25519', ed25519Key()],
    ['P-384', p384Key()],
  ])('a domain by an %s key in DNS: the domain and all below it', async (_name, key) => {
    publishKey(world, 'example.com', key);
    expect(await viewer(await domainLogin(world, 'example.com', key))).toMatchObject({
      account: { provider: 'domain', subject: 'example.com' },
      method: 'dns',
      permissions: [
        { action: 'PUBLISH', resource: 'com.example/*' },
        { action: 'PUBLISH', resource: 'com.example.*' },
      ],
      namespaces: [{ name: 'com.example', problem: null }],
    });
  });

  test('a domain by a key on its web server: the domain alone', async () => {
    const key = ed25519Key();
    world.web.keyFile('example.net', key.record);
    expect(await viewer(await domainLogin(world, 'example.net', key, 'http'))).toMatchObject({
      method: 'http',
      permissions: [{ action: 'PUBLISH', resource: 'net.example/*' }],
    });
  });
});
