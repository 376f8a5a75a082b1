import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeys } from '../../src/auth/keys.ts';
import { verifyRegistryToken } from '../../src/auth/registry-token.ts';
import { publicSchema } from '../../src/schema.ts';
import { aServer, TEST_SEED } from '../app.ts';
import { forgedTokens } from './forged-tokens.ts';
import { githubLogin, PUBLIC_URL, startAuthWorld, type AuthWorld } from './outside.ts';
import { alice, signed } from './principals.ts';

let world: AuthWorld;
let sound: string;
let forged: { name: string; token: string }[];

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
  sound = await githubLogin(world, alice.id);
  forged = forgedTokens(sound, PUBLIC_URL, world.now());
});

afterAll(() => world.close());

const refusal = 'Invalid or expired Registry JWT token';

describe('a forged registry token', () => {
  test('is refused in one sentence, whatever is wrong with it', async () => {
    const { keys } = world.registry.app;
    expect(forged.length).toBeGreaterThanOrEqual(60);
    for (const { name, token } of forged) {
      // One for a session that isn't there is well made: the look-up refuses it.
      const verdict = await verifyRegistryToken(keys, PUBLIC_URL, token, world.now()).catch(
        (error: Error) => error.message,
      );
      if (name.startsWith('claim {"jti":"') || name.startsWith('claim {"sub":"999999')) continue;
      expect(`${name}: ${String(verdict)}`).toBe(`${name}: ${refusal}`);
    }
    await expect(verifyRegistryToken(keys, PUBLIC_URL, sound, world.now())).resolves.toMatchObject({ accountId: 1 });
  });

  test('opens no write at either door', async () => {
    const logins = /^(exchange|login|startDomainProof)/;
    const writes = Object.keys(publicSchema.getMutationType()!.getFields()).filter((write) => !logins.test(write));
    expect(writes.toSorted()).toEqual([...Object.keys(inputs), 'revokeSession'].toSorted());
    let tried = 0;
    for (const { name, token } of forged.filter((one) => /^[\x20-\x7e]*$/.test(one.token))) {
      for (const write of writes) {
        const codes = await Promise.all([graphqlSays(write, token), ...restSays(write, token)]);
        for (const code of codes) expect(`${name}, ${write}: ${code}`).toBe(`${name}, ${write}: UNAUTHENTICATED`);
        tried += codes.length;
      }
    }
    console.log(`${forged.length} forged tokens, ${tried} tries`);
  });

  test('the viewer of one is told so', async () => {
    const { data, errors } = await world.registry.graphql('{ viewer { method } }', {}, forged[0]!.token);
    expect(data.viewer).toBeNull();
    expect(errors).toMatchObject([{ message: refusal, extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

const name = 'io.github.alice/weather';
const inputs: Record<string, object> = {
  publishServer: { document: aServer(name) },
  editVersion: { name, version: '1.0.0', document: aServer(name) },
  setVersionStatus: { name, version: '1.0.0', status: 'DELETED' },
  setServerStatus: { name, status: 'DELETED' },
  createApiToken: { name: 'CI', names: ['io.github.alice/*'] },
  revokeApiToken: { id: 'x' },
  setTrustedPublisher: { name: 'io.github.alice/weather', publisher: null },
  setNamespaceBlock: { namespace: 'io.github.bob', blocked: true, reason: 'x' },
  setAccountBlock: { account: { provider: 'github', subject: '1' }, blocked: true, reason: 'x' },
  assignNamespace: { namespace: 'io.github.bob', account: { provider: 'github', subject: '1' }, reason: 'x' },
  startDomainVerification: { domain: 'example.com' },
  checkDomainVerification: { domain: 'example.com' },
};

async function graphqlSays(write: string, token: string): Promise<string> {
  const type = publicSchema.getMutationType()!.getFields()[write]!.args[0]?.type;
  const [declared, passed] = type ? [`($i: ${type})`, '(input: $i)'] : ['', ''];
  const query = `mutation ${declared} { ${write}${passed} { __typename ... on Error { code } } }`;
  const { data, errors } = await world.registry.graphql(query, { i: inputs[write] }, token);
  return data?.[write].code ?? JSON.stringify(errors);
}

const path = `/servers/${encodeURIComponent(name)}`;
const twins: Record<string, { method: string; path: string; body: object }> = {
  startDomainVerification: { method: 'POST', path: '/v0.1/verify-domain', body: { domain: 'example.com' } },
  checkDomainVerification: { method: 'POST', path: '/v0/verify-domain/check', body: { domain: 'example.com' } },
  publishServer: { method: 'POST', path: '/v0/publish', body: aServer(name) },
  editVersion: { method: 'PUT', path: `/v0.1${path}/versions/1.0.0`, body: aServer(name) },
  setVersionStatus: { method: 'PATCH', path: `/v0${path}/versions/1.0.0/status`, body: { status: 'deleted' } },
  setServerStatus: { method: 'PATCH', path: `/v0.1${path}/status`, body: { status: 'deleted' } },
};

function restSays(write: string, token: string): Promise<string>[] {
  const twin = twins[write];
  if (!twin) return [];
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const said = world.registry.rest(twin.path, { method: twin.method, headers, body: JSON.stringify(twin.body) });
  return [said.then(async (answer) => ((await answer.json()) as { code?: string }).code ?? 'ok')];
}

describe('keys', () => {
  const older = 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7';

  test('rotate: all of the list verify, one that left it does not', async () => {
    const both = await readKeys([older, TEST_SEED]);
    const [newer, gone] = [await readKeys([older]), await readKeys([TEST_SEED])];
    await expect(verifyRegistryToken(both, PUBLIC_URL, sound, world.now())).resolves.toMatchObject({ accountId: 1 });
    await expect(verifyRegistryToken(newer, PUBLIC_URL, sound, world.now())).rejects.toThrow(refusal);
    expect(both.sign.kid).toBe(newer.sign.kid);
    expect(both.jwks.keys.map((key) => key.kid)).toEqual([newer.sign.kid, gone.sign.kid]);
  });

  test('are published without their private half', async () => {
    const answer = await world.registry.rest('/.well-known/jwks.json');
    const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] };
    expect(answer.headers.get('cache-control')).toContain('public');
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        x: expect.any(String),
        kid: world.registry.app.keys.sign.kid,
      },
    ]);
  });

  test('a token lasts an hour to the second', async () => {
    const { keys } = world.registry.app;
    const at = (seconds: number) => new Date(Math.floor(world.now().valueOf() / 1000) * 1000 + seconds * 1000);
    const token = await signed(world, { now: at(0) });
    await expect(verifyRegistryToken(keys, PUBLIC_URL, token, at(3_599))).resolves.toBeDefined();
    await expect(verifyRegistryToken(keys, PUBLIC_URL, token, at(3_600))).rejects.toThrow(refusal);
  });
});
