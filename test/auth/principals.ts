import { randomUUID } from 'node:crypto';
import { signRegistryToken } from '../../src/auth/registry-token.ts';
import {
  domainLogin,
  githubLogin,
  PUBLIC_URL,
  publishKey,
  staffLogin,
  workflowLogin,
  type AuthWorld,
} from './outside.ts';
import { ed25519Key } from './keys.ts';

export const alice = { id: 101, login: 'alice' };
export const bob = { id: 102, login: 'bob' };
export const carol = { id: 103, login: 'carol' };
export const dave = { id: 104, login: 'dave' };
export const mallory = { id: 105, login: 'mallory' };
export const acme = { id: 900, login: 'acme' };

/** Everyone whom the matrix lets try everything; `login` makes a token that was not used before, null for none. */
export interface Principal {
  name: string;
  login(): Promise<string | null>;
}

/** Ends a token's session. */
export const logout = (world: AuthWorld, token: string) =>
  world.registry.graphql('mutation { revokeSession { __typename } }', {}, token);

/** Makes an API token for its maker's names. */
export async function apiToken(
  world: AuthWorld,
  maker: string,
  names: string[],
  actions = ['PUBLISH'],
): Promise<string> {
  const query = `mutation ($i: CreateApiTokenInput!) { createApiToken(input: $i) {
    ... on CreateApiTokenPayload { token } ... on Error { message } } }`;
  const { data } = await world.registry.graphql(query, { i: { name: 'CI', names, actions } }, maker);
  if (!data.createApiToken.token) throw new Error(data.createApiToken.message);
  return data.createApiToken.token;
}

/** Blocks an account as an administrator. */
export async function block(world: AuthWorld, account: { provider: string; subject: string }, blocked = true) {
  const query = 'mutation ($i: SetAccountBlockInput!) { setAccountBlock(input: $i) { __typename } }';
  await world.registry.graphql(query, { i: { account, blocked, reason: 'Spam.' } }, await staffLogin(world));
}

/** Signs a registry token by hand. */
export const signed = async (world: AuthWorld, more: { publicUrl?: string; sessionId?: string; now?: Date }) => {
  const basics = {
    publicUrl: PUBLIC_URL,
    sessionId: randomUUID(),
    accountId: 1,
    method: 'github-at',
    subject: 'alice',
  };
  const { token } = await signRegistryToken(world.registry.app.keys, {
    ...basics,
    permissions: [],
    now: world.now(),
    ...more,
  });
  return token;
};

/** Populates a world and gives everyone in it. */
export async function populate(world: AuthWorld): Promise<Principal[]> {
  for (const one of [alice, bob, carol, dave, mallory, acme]) world.github.name(one.id, one.login);
  world.github.member(carol.id, acme.id, 'admin');
  world.github.member(dave.id, acme.id, 'member');
  const key = publishKey(world, 'example.com');
  world.web.keyFile('example.com', key.record);
  const lapsedKey = publishKey(world, 'example.net', ed25519Key());
  const session = async () => (await githubLogin(world, alice.id))!;
  await githubLogin(world, bob.id);
  await githubLogin(world, carol.id);
  const ofMallory = await githubLogin(world, mallory.id);
  await block(world, { provider: 'github', subject: String(mallory.id) });
  return [
    { name: 'nobody', login: async () => null },
    { name: 'no token at all', login: async () => 'not-a-token' },
    { name: 'an expired login', login: () => signed(world, { now: new Date(world.now().valueOf() - 3_601_000) }) },
    { name: "another registry's login", login: () => signed(world, { publicUrl: 'https://other.test' }) },
    { name: 'a login without a session', login: () => signed(world, {}) },
    {
      name: 'a revoked login',
      login: async () => {
        const token = await session();
        await logout(world, token);
        return token;
      },
    },
    { name: 'a blocked account', login: async () => ofMallory },
    { name: 'alice', login: session },
    { name: 'bob', login: () => githubLogin(world, bob.id) },
    { name: "carol, acme's owner", login: () => githubLogin(world, carol.id) },
    { name: "dave, acme's member", login: () => githubLogin(world, dave.id) },
    { name: "alice's workflow", login: () => workflowLogin(world, alice) },
    { name: "bob's workflow", login: () => workflowLogin(world, bob) },
    { name: "alice's API token", login: async () => apiToken(world, await session(), ['io.github.alice/*']) },
    {
      name: "alice's API token for another server",
      login: async () => apiToken(world, await session(), ['io.github.alice/other']),
    },
    {
      name: "alice's API token for statuses",
      login: async () => apiToken(world, await session(), ['io.github.alice/*'], ['STATUS']),
    },
    { name: 'example.com by DNS', login: () => domainLogin(world, 'example.com', key) },
    { name: 'example.com by HTTP', login: () => domainLogin(world, 'example.com', key, 'http') },
    {
      name: 'example.net, lapsed',
      login: async () => {
        const token = await domainLogin(world, 'example.net', lapsedKey);
        const suspend = "UPDATE domain_verifications SET status = 'suspended' WHERE domain = 'example.net'";
        await world.registry.app.db.sql(suspend);
        return token;
      },
    },
    { name: 'the anonymous account', login: async () => (await anonymous(world))! },
    { name: 'an administrator', login: () => staffLogin(world) },
  ];
}

/** A login of the account that all share. */
export async function anonymous({ registry }: AuthWorld): Promise<string> {
  const { data } = await registry.graphql('mutation { loginAnonymously { ... on LoginPayload { token } } }');
  return data.loginAnonymously.token;
}
