import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { envOf } from '../../src/auth/domain-verifications.ts';
import { enqueueJob } from '../../src/jobs/jobs.db.ts';
import { recheckVerifications } from '../../src/namespaces/recheck.ts';
import { startWork } from '../../src/work.ts';
import { githubLogin, startAuthWorld, type AuthWorld } from '../auth/outside.ts';
import { alice } from '../auth/principals.ts';
import { mayPublish, standing, verify, type TestRecord } from './world.ts';

const HOUR_MS = 3_600_000;

let world: AuthWorld;
let record: TestRecord;
let domain: string;
let domains = 0;

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
});

afterAll(() => world.close());

/** Each test has a domain that was just verified, alone. */
beforeEach(async () => {
  world.clock.offsetMs = 0;
  await world.registry.app.db.sql('DELETE FROM domain_verifications');
  domain = `d${(domains += 1)}.example`;
  record = await verify(world, await session(), domain);
});

const session = () => githubLogin(world, alice.id);
const recheck = (env: Partial<ReturnType<typeof envOf>> = {}) =>
  recheckVerifications({ ...envOf(world.registry.app), ...env }, world.now());

/** Asks again so many hours after the domain was verified. */
function recheckAt(hours: number) {
  world.clock.offsetMs = hours * HOUR_MS + 1_000;
  return recheck();
}

const publishable = async () => mayPublish(world, await session(), `example.${domain.split('.')[0]}/weather`);

const auditOf = (target: string) =>
  world.registry.app.db.sql<{ action: string; actor: string | null }>(
    "SELECT action, actor FROM audit WHERE target = $1 AND action IN ('domain.suspend', 'domain.restore') ORDER BY id",
    [target],
  );

describe('a record that is gone', () => {
  test('is asked for daily, and suspends after three definite absences over 72 hours', async () => {
    world.dns.forget(domain);
    const seen: string[] = [];
    for (const hours of [1, 23, 24, 25, 48, 72, 96]) {
      const { asked, suspended } = await recheckAt(hours);
      seen.push(`${hours} h: asked ${asked}, suspended ${suspended}, ${await publishable()}`);
    }
    expect(seen).toEqual([
      '1 h: asked 0, suspended 0, ok',
      '23 h: asked 0, suspended 0, ok',
      '24 h: asked 1, suspended 0, ok',
      '25 h: asked 0, suspended 0, ok',
      '48 h: asked 1, suspended 0, ok',
      '72 h: asked 1, suspended 0, ok',
      '96 h: asked 1, suspended 1, NAMESPACE_FORBIDDEN',
    ]);
    expect(await auditOf(domain)).toEqual([{ action: 'domain.suspend', actor: null }]);
  });

  test('two absences do not suspend, however far apart', async () => {
    world.dns.txt(domain, 'v=spf1 -all');
    await recheckAt(24);
    expect(await recheckAt(24 * 30)).toEqual({ asked: 1, suspended: 0 });
    expect(await publishable()).toBe('ok');
    expect(await recheckAt(24 * 31)).toEqual({ asked: 1, suspended: 1 });
  });

  test('one that is back in between is as if it had never been away', async () => {
    world.dns.forget(domain);
    for (const hours of [24, 48, 72]) await recheckAt(hours);
    world.dns.txt(domain, record.value);
    await recheckAt(96);
    world.dns.forget(domain);
    for (const hours of [120, 144, 168]) expect(await recheckAt(hours)).toEqual({ asked: 1, suspended: 0 });
    expect(await recheckAt(192)).toEqual({ asked: 1, suspended: 1 });
  });

  test('at one name is enough where the other has it', async () => {
    world.dns.forget(domain);
    world.dns.txt(`_mcp-registry.${domain}`, record.value);
    for (const hours of [24, 48, 72, 96, 120]) expect(await recheckAt(hours)).toEqual({ asked: 1, suspended: 0 });
  });

  test('behind a wildcard that answers for every name does not count', async () => {
    world.dns.txt(domain);
    world.dns.wildcard(domain, record.value);
    for (const hours of [24, 48, 72]) await recheckAt(hours);
    expect(await recheckAt(96)).toEqual({ asked: 1, suspended: 1 });
  });
});

describe('a resolver that can not tell', () => {
  test.each(['SERVFAIL', 'REFUSED'] as const)('%s is no absence, and it is asked again within hours', async (how) => {
    world.dns.fail(domain, how);
    for (const hours of [24, 25.1, 26.2, 96, 120]) expect(await recheckAt(hours)).toEqual({ asked: 1, suspended: 0 });
    expect(await recheckAt(120.5)).toEqual({ asked: 0, suspended: 0 });
    expect(await publishable()).toBe('ok');
    expect((await standing(world, await session())).domains).toMatchObject([{ status: 'VERIFIED', reason: null }]);
  });

  test('a time-out is none either, not even as the third', async () => {
    world.dns.forget(domain);
    for (const hours of [24, 48]) await recheckAt(hours);
    world.dns.fail(domain, 'timeout');
    expect(await recheckAt(97)).toEqual({ asked: 1, suspended: 0 });
    expect(await publishable()).toBe('ok');
  });

  test('in between neither counts nor makes what was counted forgotten', async () => {
    world.dns.forget(domain);
    await recheckAt(24);
    await recheckAt(48);
    world.dns.fail(domain, 'SERVFAIL');
    expect(await recheckAt(97)).toEqual({ asked: 1, suspended: 0 });
    world.dns.forget(domain);
    expect(await recheckAt(98.1)).toEqual({ asked: 1, suspended: 1 });
  });
});

describe('a proof that is suspended', () => {
  test('tells its owner why, takes no reading away, and counts again as soon as it is back', async () => {
    const name = `example.${domain.split('.')[0]}`;
    await world.registry.seed([{ server: { name: `${name}/weather`, version: '1.0.0', description: 'Weather' } }]);
    world.dns.forget(domain);
    for (const hours of [24, 48, 72, 96]) await recheckAt(hours);
    const { domains: told, namespaces } = await standing(world, await session());
    expect(told).toMatchObject([
      {
        status: 'SUSPENDED',
        record,
        reason: expect.stringMatching(
          new RegExp(
            `^The proof of ${domain} is gone since \\d{4}-.*: publish it again\\. .* what is published stays\\.$`,
          ),
        ),
      },
    ]);
    const problem = `The proof of ${domain} was gone for three days: publish its record again.`;
    expect(namespaces).toContainEqual({ name, problem });
    expect(
      (await world.registry.rest(`/v0.1/servers/${encodeURIComponent(`${name}/weather`)}/versions/latest`)).status,
    ).toBe(200);
    world.dns.txt(domain, record.value);
    expect(await recheckAt(120)).toEqual({ asked: 1, suspended: 0 });
    expect(await publishable()).toBe('ok');
    expect((await standing(world, await session())).domains).toMatchObject([{ status: 'VERIFIED', reason: null }]);
    expect((await auditOf(domain)).map((row) => row.action)).toEqual(['domain.suspend', 'domain.restore']);
  });

  test('counts again at once when its owner checks it', async () => {
    world.dns.forget(domain);
    for (const hours of [24, 48, 72, 96]) await recheckAt(hours);
    expect(await publishable()).toBe('NAMESPACE_FORBIDDEN');
    await verify(world, await session(), domain);
    expect(await publishable()).toBe('ok');
    expect(await recheckAt(97)).toEqual({ asked: 0, suspended: 0 });
  });

  test('is not given to another account', async () => {
    world.dns.forget(domain);
    for (const hours of [24, 48, 72, 96]) await recheckAt(hours);
    world.github.name(750, 'heir');
    await verify(world, await githubLogin(world, 750), domain);
    const name = `example.${domain.split('.')[0]}/weather`;
    expect(await mayPublish(world, await githubLogin(world, 750), name)).toBe('NAMESPACE_DISPUTED');
  });
});

test('an absence that was seen before its owner proved the domain anew does not count', async () => {
  world.dns.forget(domain);
  for (const hours of [24, 48, 72]) await recheckAt(hours);
  world.clock.offsetMs = 96 * HOUR_MS + 1_000;
  const { resolver } = world.registry.app.outside;
  const slow = {
    txt: async (name: string) => {
      const answer = await resolver.txt(name);
      if (name === domain) await verify(world, await session(), domain);
      return answer;
    },
  };
  await recheck({ resolver: slow });
  expect(await publishable()).toBe('ok');
  expect((await standing(world, await session())).domains).toMatchObject([{ status: 'VERIFIED', reason: null }]);
});

test('it ends early when it is told to, and goes on the next time', async () => {
  const token = await session();
  for (let i = 0; i < 20; i++) await verify(world, token, `early-${i}.example`);
  world.clock.offsetMs = 25 * HOUR_MS;
  const stop = new AbortController();
  const { resolver } = world.registry.app.outside;
  const stopping = {
    txt: (name: string) => {
      stop.abort();
      return resolver.txt(name);
    },
  };
  const env = { ...envOf(world.registry.app), resolver: stopping };
  expect(await recheckVerifications(env, world.now(), stop.signal)).toEqual({ asked: 8, suspended: 0 });
  expect(await recheck()).toEqual({ asked: 13, suspended: 0 });
});

test('two processes at it at once never ask for the same proof', async () => {
  const token = await session();
  const many = Array.from({ length: 40 }, (_, i) => `shared-${i}.example`);
  for (const one of many) await verify(world, token, one);
  world.clock.offsetMs = 25 * HOUR_MS;
  world.dns.questions.length = 0;
  const totals = await Promise.all([recheck(), recheck(), recheck()]);
  expect(totals.map((one) => one.asked).reduce((a, b) => a + b)).toBe(41);
  const asked = world.dns.questions.map((one) => one.name).filter((name) => many.includes(name));
  expect(asked.toSorted()).toEqual(many.toSorted());
});

test('the job runs by itself: what is enqueued is done, what lapsed is dropped', async () => {
  const { app } = world.registry;
  world.dns.forget(domain);
  world.clock.offsetMs = 25 * HOUR_MS;
  await app.db.transaction(async (sql) => {
    await enqueueJob(sql, 'recheck-domains', {});
    await enqueueJob(sql, 'drop-expired', {});
  });
  await app.db.sql(
    "UPDATE domain_verifications SET absences = 2, absent_since = $1::timestamptz - interval '72 hours' WHERE domain = $2",
    [world.now().toISOString(), domain],
  );
  await app.db.sql(
    `INSERT INTO domain_verifications (account_id, domain, challenge, status, expires_at)
     SELECT account_id, 'lapsed.example', 'x', 'pending', $1 FROM domain_verifications LIMIT 1`,
    [world.now().toISOString()],
  );
  const work = await startWork(app);
  const rows = () => app.db.sql<{ domain: string; status: string }>('SELECT domain, status FROM domain_verifications');
  await expect.poll(rows, { timeout: 10_000 }).toEqual([{ domain, status: 'suspended' }]);
  await expect.poll(() => app.db.sql('SELECT FROM graphile_worker.jobs')).toEqual([]);
  await work.stop();
  const crontab = 'SELECT identifier FROM graphile_worker._private_known_crontabs ORDER BY 1';
  const own = [{ identifier: 'drop-expired' }, { identifier: 'recheck-domains' }];
  expect(await app.db.sql(crontab)).toEqual(expect.arrayContaining(own));
});
