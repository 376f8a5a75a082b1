import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recheckPackages } from '../../src/publish/recheck.ts';
import { aServer } from '../app.ts';
import { failures } from '../external/failures.ts';
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

const withPackages = (slug: string, ...identifiers: string[]) =>
  aServer(`io.github.alice/${slug}`, '1.0.0', {
    packages: identifiers.map((identifier) => ({
      registryType: 'npm',
      identifier,
      version: '1.0.0',
      transport: { type: 'stdio' },
    })),
  });

const verdicts = (slug: string) =>
  world.registry.app.db.sql<{ verdict: string; evidence: object; checkedAt: string }>(
    `SELECT p.verdict, p.evidence, p.checked_at AS "checkedAt" FROM packages p JOIN versions v ON v.id = p.version_id
     WHERE v.name_key = $1 ORDER BY position`,
    [`io.github.alice/${slug}`],
  );

describe('a document with packages', () => {
  test('is published when each says that it is the server’s, and what they said is kept', async () => {
    world.upstreams.npm.publish('@alice/one', '1.0.0', { mcpName: 'io.github.alice/proved' });
    world.upstreams.npm.publish('@alice/two', '1.0.0', { mcpName: 'io.github.alice/proved' });
    expect(await publish(world, world.alice, withPackages('proved', '@alice/one', '@alice/two'))).toMatchObject({
      outcome: 'CREATED',
    });
    const kept = await verdicts('proved');
    expect(kept.map((one) => one.verdict)).toEqual(['verified', 'verified']);
    expect(kept[0]?.evidence).toMatchObject({ mcpName: 'io.github.alice/proved' });
    expect(Date.now() - Date.parse(kept[0]!.checkedAt)).toBeLessThan(60_000);
  });

  test('is refused when one says that it is another’s, and told which and what would help', async () => {
    world.upstreams.npm.publish('@alice/three', '1.0.0', { mcpName: 'io.github.alice/stolen-not' });
    const document = withPackages('stolen', '@alice/three');
    expect(await publish(world, world.alice, document)).toMatchObject({
      __typename: 'OwnershipUnproven',
      code: 'OWNERSHIP_UNPROVEN',
      retryable: false,
      message: expect.stringMatching(
        /^registry validation failed for package 0 \(@alice\/three\): .*io\.github\.alice\/stolen-not/,
      ),
      package: { registryType: 'npm', identifier: '@alice/three', version: '1.0.0' },
    });
    expect(await send(world, { path: '/v0/publish', token: world.alice, body: document })).toMatchObject({
      status: 400,
      json: { code: 'OWNERSHIP_UNPROVEN', errors: [{ location: 'body.packages[0]' }] },
    });
  });

  test('can be sent again when its registry is behind, and is then published', async () => {
    const document = withPackages('behind', '@alice/behind');
    const { status, headers, json } = await send(world, { path: '/v0/publish', token: world.alice, body: document });
    expect([status, json.code, json.retryable]).toEqual([503, 'UPSTREAM_UNAVAILABLE', true]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await publish(world, world.alice, document, true)).toMatchObject({ retryable: true, retryAfter: 60 });
    world.upstreams.npm.publish('@alice/behind', '1.0.0', { mcpName: 'io.github.alice/behind' });
    expect(await publish(world, world.alice, document)).toMatchObject({ outcome: 'CREATED' });
  });

  test('is asked about once: the same document again is answered without asking', async () => {
    world.upstreams.npm.fail(failures.HTML!(0));
    world.upstreams.npm.publish('@alice/one', '1.0.0', {});
    expect(await publish(world, world.alice, withPackages('proved', '@alice/one', '@alice/two'))).toMatchObject({
      outcome: 'UNCHANGED',
    });
    world.upstreams.npm.fail(null);
  });
});

describe('a package that was proved is asked about again a week later', () => {
  test('and one that says so no more is noted, for people to look at', async () => {
    world.upstreams.npm.publish('@alice/later', '1.0.0', { mcpName: 'io.github.alice/later' });
    await publish(world, world.alice, withPackages('later', '@alice/later'));
    expect(await recheckPackages(world.registry.app)).toEqual({ asked: 0, lost: 0 });
    world.clock.offsetMs += 8 * 24 * 3_600_000;
    world.upstreams.npm.publish('@alice/one', '1.0.0', { mcpName: 'io.github.alice/proved' });
    world.upstreams.npm.publish('@alice/later', '1.0.0', { mcpName: 'io.github.mallory/later' });
    // A process that is to stop begins nothing more.
    expect(await recheckPackages(world.registry.app, AbortSignal.abort())).toEqual({ asked: 0, lost: 0 });
    expect(await recheckPackages(world.registry.app)).toMatchObject({ lost: 1 });
    world.clock.offsetMs -= 8 * 24 * 3_600_000;
    expect((await verdicts('later')).map((one) => one.verdict)).toEqual(['refused']);
    expect((await verdicts('proved')).map((one) => one.verdict)).toEqual(['verified', 'verified']);
    const told = await world.registry.app.db.sql<{ target: string }>(
      "SELECT target FROM audit WHERE action = 'package.unproven'",
    );
    expect(told).toEqual([{ target: 'io.github.alice/later' }]);
    expect((await world.registry.rest(pathOf('io.github.alice/later', '1.0.0'))).status).toBe(200);
  });
});

describe('an upstream that fails', () => {
  test.each(['429', '500', 'reset', 'HTML', 'truncated JSON', 'gzip bomb', 'redirect to loopback', 'redirect loop'])(
    'is never published while its registry answers with %s: 503 and when to try again, or a definite no',
    async (failure) => {
      world.upstreams.npm.fail(failures[failure]!(1));
      const body = withPackages('failing', '@alice/failing');
      const { status, headers, json } = await send(world, { path: '/v0.1/publish', token: world.alice, body });
      world.upstreams.npm.fail(null);
      expect({ status, code: json.code, wait: headers.get('retry-after') !== null }).toEqual(
        status === 400
          ? { status: 400, code: 'OWNERSHIP_UNPROVEN', wait: false }
          : { status: 503, code: 'UPSTREAM_UNAVAILABLE', wait: true },
      );
      expect((await world.registry.rest(pathOf('io.github.alice/failing', '1.0.0'))).status).toBe(404);
    },
  );
});

test('reads go on, and no connection is held, while the registry of packages hangs', async () => {
  world.upstreams.npm.fail(failures['time-out']!(0));
  const slugs = Array.from({ length: 30 }, (_, i) => `hang-${i}`);
  const hanging = slugs.map((slug) => publish(world, world.alice, withPackages(slug, `@alice/${slug}`)));
  await new Promise((wake) => setTimeout(wake, 300));
  const { sql } = world.registry.app.db;
  const busy = await sql<{ n: number }>(
    "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
  );
  expect(busy[0]!.n).toBe(0);
  const started = performance.now();
  for (let i = 0; i < 100; i += 1) expect((await world.registry.rest('/v0/servers')).status).toBe(200);
  expect(performance.now() - started).toBeLessThan(8_000);
  expect(new Set((await Promise.all(hanging)).map((one) => one.code))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
  world.upstreams.npm.fail(null);
}, 30_000);

test('a server has at most 10,000 versions', async () => {
  const name = 'io.github.alice/full';
  await publish(world, world.alice, aServer(name));
  await world.registry.app.db.sql(
    `INSERT INTO versions (server_id, name_key, version, precedence, status, status_changed_at, published_at, updated_at, document, digest, title, description, facets, source)
     SELECT server_id, name_key, 'build-' || n, '', status, now(), now(), now(), document, digest, title, description, facets, 'test'
     FROM versions, generate_series(1, 9999) n WHERE name_key = $1`,
    [name],
  );
  expect(await publish(world, world.alice, aServer(name, '2.0.0'))).toMatchObject({
    code: 'LIMIT_REACHED',
    message: expect.stringContaining('maximum number of versions for this server reached (10000)'),
  });
  await world.registry.app.db.sql("DELETE FROM versions WHERE name_key = $1 AND source = 'test'", [name]);
});
