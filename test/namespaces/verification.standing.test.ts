import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { githubLogin, startAuthWorld, type AuthWorld } from '../auth/outside.ts';
import { alice, bob } from '../auth/principals.ts';
import { check, mayPublish, standing, start, verify } from './world.ts';

const DAY_MS = 24 * 3_600_000;

let world: AuthWorld;
let ofAlice: string;
let ofBob: string;

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
  world.github.name(bob.id, bob.login);
  [ofAlice, ofBob] = [await githubLogin(world, alice.id), await githubLogin(world, bob.id)];
});

afterAll(() => world.close());

describe('a proof that is not ended', () => {
  test('lapses after 7 days, and begins anew with another value', async () => {
    const first = await start(world, ofAlice, 'late.example');
    world.dns.txt('late.example', first.record!.value);
    await later(7 * DAY_MS - 60_000, async () => {
      expect(await start(world, await githubLogin(world, alice.id), 'late.example')).toEqual(first);
    });
    await later(7 * DAY_MS, async () => {
      const token = await githubLogin(world, alice.id);
      expect(await check(world, token, 'late.example')).toMatchObject({ code: 'NOT_FOUND' });
      const second = await start(world, token, 'late.example');
      expect(second.record!.value).not.toBe(first.record!.value);
      expect(await check(world, token, 'late.example')).toMatchObject({ code: 'PROOF_REJECTED' });
    });
  });

  test('there are 100 of them at most, also of many begun at once; what lapsed does not count', async () => {
    world.github.name(700, 'collector');
    const token = await githubLogin(world, 700);
    const begin = (i: number) => start(world, token, `many-${i}.example`);
    const answers = await Promise.all(Array.from({ length: 120 }, (_, i) => begin(i)));
    expect(answers.filter((one) => one.status === 'PENDING')).toHaveLength(100);
    const [refusal] = answers.filter((one) => one.code !== undefined);
    expect(refusal).toMatchObject({ code: 'LIMIT_REACHED', message: expect.stringContaining('100 domains already') });
    expect(await start(world, token, answers.find((one) => one.domain)!.domain!)).toMatchObject({ status: 'PENDING' });
    await later(7 * DAY_MS, async () => {
      expect(await start(world, await githubLogin(world, 700), 'many-fresh.example')).toMatchObject({
        status: 'PENDING',
      });
    });
  });

  test('that lapses or begins anew while DNS is asked is not ended by an old answer', async () => {
    const { record } = await start(world, ofAlice, 'race.example');
    world.dns.txt('race.example', record!.value);
    const { db } = world.registry.app;
    // Stands for the job, or another start, that comes in between.
    await db.sql(`CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN DELETE FROM domain_verifications WHERE domain = 'race.example'; RETURN NEW; END $$`);
    await db.sql(`CREATE TRIGGER meanwhile BEFORE INSERT ON namespaces
      FOR EACH ROW WHEN (NEW.name_key = 'example.race') EXECUTE FUNCTION meanwhile()`);
    expect(await check(world, ofAlice, 'race.example')).toMatchObject({ code: 'NOT_FOUND' });
    await db.sql('DROP TRIGGER meanwhile ON namespaces');
    expect(await mayPublish(world, ofAlice, 'example.race/weather')).toBe('NAMESPACE_FORBIDDEN');
  });
});

describe('a second account that proves the same domain', () => {
  test('opens a dispute, and takes nothing over', async () => {
    await verify(world, ofAlice, 'fought.example');
    const record = await verify(world, ofBob, 'fought.example');
    const problem = 'Another account proved it first. If that is wrong, ask the operators.';
    const { domains, namespaces } = await standing(world, ofBob);
    expect(domains.find((one) => one.domain === 'fought.example')).toMatchObject({
      status: 'DISPUTED',
      record,
      reason: expect.stringMatching(/^Another account proved fought\.example first, and keeps it\./),
    });
    expect(namespaces).toContainEqual({ name: 'example.fought', problem });
    expect(await mayPublish(world, ofBob, 'example.fought/weather')).toBe('NAMESPACE_DISPUTED');
    expect(await mayPublish(world, ofBob, 'example.fought.team/weather')).toBe('NAMESPACE_FORBIDDEN');
    expect(await mayPublish(world, ofAlice, 'example.fought/weather')).toBe('ok');
    expect((await standing(world, ofAlice)).namespaces).toContainEqual({ name: 'example.fought', problem: null });
  });

  test('of 20 at once, one has it and all others are told', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        world.github.name(800 + i, `racer-${i}`);
        return githubLogin(world, 800 + i);
      }),
    );
    const begun = await Promise.all(tokens.map((token) => start(world, token, 'raced.example')));
    world.dns.txt('raced.example', ...begun.map((one) => one.record!.value));
    const checked = await Promise.all(tokens.map((token) => check(world, token, 'raced.example')));
    const statuses = checked.map((one) => one.status);
    expect(statuses.filter((one) => one === 'VERIFIED')).toHaveLength(1);
    expect(statuses.filter((one) => one === 'DISPUTED')).toHaveLength(19);
    const may = await Promise.all(tokens.map((token) => mayPublish(world, token, 'example.raced/weather')));
    expect(may).toEqual(statuses.map((one) => (one === 'VERIFIED' ? 'ok' : 'NAMESPACE_DISPUTED')));
  });
});

/** Does something as if so much time had gone by. */
async function later(ms: number, work: () => Promise<void>): Promise<void> {
  world.clock.offsetMs += ms;
  try {
    await work();
  } finally {
    world.clock.offsetMs -= ms;
  }
}
