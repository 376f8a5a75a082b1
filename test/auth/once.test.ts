import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ed25519Key, p384Key } from './keys.ts';
import { publishKey, startAuthWorld, workflowToken, type AuthWorld } from './outside.ts';
import { acme, alice } from './principals.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld();
});

afterAll(() => world.close());

const post = (path: string, body: object) =>
  world.registry.rest(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Sends the same proof 50 times at once, to both prefixes; how many won, and what the others were told. */
async function fifty(path: string, body: object): Promise<{ won: number; told: Set<string> }> {
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const answer = await post(`${i % 2 ? '/v0' : '/v0.1'}${path}`, body);
      const { errors } = (await answer.json()) as { errors?: { message: string }[] };
      return answer.status === 200 ? null : `${answer.status} ${errors?.[0]?.message}`;
    }),
  );
  const told = answers.filter((one) => one !== null);
  return { won: 50 - told.length, told: new Set(told) };
}

const usedBefore = new Set(['401 This proof was used before, and counts once: make a new one.']);

describe('of 50 exchanges of one proof at once, exactly one wins', () => {
  test("a workflow's token", async () => {
    expect(await fifty('/auth/github-oidc', { oidc_token: await workflowToken(world, acme) })).toEqual({
      won: 1,
      told: usedBefore,
    });
  });

  test('a signature of our challenge', async () => {
    const key = publishKey(world, 'example.com');
    const { challenge } = (await (
      await post('/v0/auth/challenge', { domain: 'example.com', method: 'dns' })
    ).json()) as {
      challenge: string;
    };
    const proof = { domain: 'example.com', challenge, signature: key.sign(challenge) };
    expect(await fifty('/auth/dns', proof)).toEqual({ won: 1, told: usedBefore });
  });

  test('a signature of the time, as the official tool makes it', async () => {
    const key = publishKey(world, 'example.net', ed25519Key());
    const timestamp = world.now().toISOString();
    const proof = { domain: 'example.net', timestamp, signed_timestamp: key.sign(timestamp) };
    expect(await fifty('/auth/dns', proof)).toEqual({ won: 1, told: usedBefore });
  });
});

test('another signature of the same time, and the other method, are the same proof', async () => {
  const key = publishKey(world, 'example.org', p384Key());
  world.web.keyFile('example.org', key.record);
  const timestamp = world.now().toISOString();
  const proof = () => ({ domain: 'example.org', timestamp, signed_timestamp: key.sign(timestamp) });
  expect((await post('/v0/auth/dns', proof())).status).toBe(200);
  expect((await post('/v0/auth/dns', proof())).status).toBe(401);
  expect((await post('/v0/auth/http', proof())).status).toBe(401);
});

test("a token's number is kept past its end, for clocks that differ", async () => {
  const token = await workflowToken(world, alice);
  expect((await post('/v0/auth/github-oidc', { oidc_token: token })).status).toBe(200);
  world.clock.offsetMs += 330_000;
  const again = await post('/v0/auth/github-oidc', { oidc_token: token });
  world.clock.offsetMs -= 330_000;
  expect(await again.json()).toMatchObject({ errors: [{ message: expect.stringContaining('used before') }] });
});
