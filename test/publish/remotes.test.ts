import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { remoteUrlKey } from '../../src/publish/remote-url.ts';
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

const remote = (name: string, url: string, version = '1.0.0') =>
  aServer(name, version, { remotes: [{ type: 'streamable-http', url }] });

const setStatus = (name: string, version: string, status: string, token: string) =>
  send(world, { method: 'PATCH', path: `${pathOf(name, version)}/status`, token, body: { status } });

describe("an address that another owner's server uses", () => {
  test.each([
    ['as it is', 'https://one.example.com/mcp'],
    ['in another case', 'https://ONE.example.com/mcp'],
    ['with its port', 'https://one.example.com:443/mcp'],
    ['with a slash', 'https://one.example.com/mcp/'],
    ['with a fragment', 'https://one.example.com/mcp#x'],
    ['with a dot', 'https://one.example.com./mcp'],
  ])('is refused, %s', async (what, url) => {
    await publish(world, world.alice, remote('io.github.alice/one', 'https://one.example.com/mcp'));
    const slug = what.replaceAll(' ', '-');
    expect(await publish(world, world.bob, remote(`io.github.bob/${slug}`, url))).toMatchObject({
      code: 'REMOTE_URL_TAKEN',
      message: expect.stringContaining('is already used by server io.github.alice/one'),
      servers: ['io.github.alice/one'],
    });
    const { status, json } = await send(world, {
      path: '/v0/publish',
      token: world.bob,
      body: remote(`io.github.bob/${slug}`, url),
    });
    expect([status, json.code]).toEqual([409, 'REMOTE_URL_TAKEN']);
  });

  test('may be used by other servers of the same owner, and by its next versions', async () => {
    const url = 'https://own.example.com/mcp';
    for (const [name, version] of [
      ['a', '1.0.0'],
      ['b', '1.0.0'],
      ['a', '1.1.0'],
    ] as const) {
      const published = await publish(world, world.alice, remote(`io.github.alice/own-${name}`, url, version));
      expect(published).toMatchObject({ outcome: 'CREATED' });
    }
    expect(await publish(world, world.bob, remote('io.github.bob/own', url))).toMatchObject({
      code: 'REMOTE_URL_TAKEN',
    });
    // Only when the last of its holders lets go is it free.
    await setStatus('io.github.alice/own-b', '1.0.0', 'deleted', world.alice);
    expect(await publish(world, world.bob, remote('io.github.bob/own', url))).toMatchObject({
      code: 'REMOTE_URL_TAKEN',
    });
    await publish(world, world.alice, remote('io.github.alice/own-a', 'https://elsewhere.example.com/mcp', '2.0.0'));
    expect(await publish(world, world.bob, remote('io.github.bob/own', url))).toMatchObject({ outcome: 'CREATED' });
  });

  test('is free while its holder is deprecated, and then not to be had back', async () => {
    const url = 'https://back.example.com/mcp';
    await publish(world, world.alice, remote('io.github.alice/back', url));
    await setStatus('io.github.alice/back', '1.0.0', 'deprecated', world.alice);
    expect(await publish(world, world.bob, remote('io.github.bob/back', url))).toMatchObject({ outcome: 'CREATED' });
    expect(await setStatus('io.github.alice/back', '1.0.0', 'active', world.alice)).toMatchObject({
      status: 409,
      json: { code: 'REMOTE_URL_TAKEN', errors: [{ message: expect.stringContaining('io.github.bob/back') }] },
    });
  });

  test('is had by exactly one of two who take it at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const url = `https://race-${round}.example.com/mcp`;
      const outcomes = await Promise.all([
        publish(world, world.alice, remote(`io.github.alice/race-${round}`, url)),
        publish(world, world.bob, remote(`io.github.bob/race-${round}`, url)),
      ]);
      expect(outcomes.map((one) => one.outcome ?? one.code).toSorted()).toEqual(['CREATED', 'REMOTE_URL_TAKEN']);
    }
  });

  test('is found by two statements that use an index, however many there are', async () => {
    const { sql } = world.registry.app.db;
    await sql(
      `INSERT INTO remote_urls (url, holders) SELECT 'https://many.example.com/' || n, ARRAY[n + 1000000] FROM generate_series(1, 50000) n`,
    );
    await sql('ANALYZE remote_urls');
    for (const where of ["url = 'https://many.example.com/7'", 'holders && ARRAY[1000007]']) {
      const plan = await sql<{ 'QUERY PLAN': string }>(`EXPLAIN SELECT FROM remote_urls WHERE ${where}`);
      expect(plan.map((line) => line['QUERY PLAN']).join('\n')).not.toContain('Seq Scan');
    }
    await sql("DELETE FROM remote_urls WHERE url LIKE 'https://many.%'");
  });
});

test.each([
  ['https://Example.com:443/a/', 'https://example.com/a'],
  ['https://example.com', 'https://example.com'],
  ['https://example.com/?a=B#c', 'https://example.com/?a=B'],
  ['https://{tenant}.example.com/mcp/', 'https://{tenant}.example.com/mcp'],
  ['not a url', 'not a url'],
])('%s is compared as %s', (url, key) => {
  expect(remoteUrlKey(url)).toBe(key);
});
