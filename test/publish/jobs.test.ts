import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWork } from '../../src/work.ts';
import { aServer } from '../app.ts';
import { startFakeCdn, type FakeCdn } from '../external/fake-cdn.ts';
import { pathOf, publish, send, startPublishWorld, type PublishWorld } from './world.ts';

let cdn: FakeCdn;
let world: PublishWorld;

beforeAll(async () => {
  cdn = await startFakeCdn();
  world = await startPublishWorld({ CDN_PURGE_URL: cdn.url, CDN_PURGE_TOKEN: 'canary-purge-token' });
});

afterAll(async () => {
  await world.close();
  await cdn.close();
});

async function until<T>(what: () => T | Promise<T>): Promise<T> {
  for (let tried = 0; tried < 400; tried += 1) {
    const found = await what();
    if (found) return found;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error('It did not come to be.');
}

const metric = async (name: string) => {
  const text = await (await fetch(`${world.registry.internalUrl}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(name));
};

const jobs = () =>
  world.registry.app.db.sql<{ attempts: number; last_error: string }>(
    `SELECT attempts, last_error FROM graphile_worker.jobs WHERE task_identifier = 'purge'`,
  );

describe('the job that empties the CDN', () => {
  test('is enqueued with what it follows, and not with what is rolled back', async () => {
    await publish(world, world.alice, aServer('io.github.alice/queued'));
    expect(await jobs()).toHaveLength(1);
    await publish(world, world.alice, aServer('io.github.alice/queued'));
    await publish(world, world.alice, aServer('io.github.alice/queued', '1.0.0', { title: 'Other' }));
    await publish(world, world.alice, aServer('io.github.alice/tried'), true);
    await publish(world, world.bob, aServer('io.github.alice/foreign'));
    expect(await jobs()).toHaveLength(1);
    // The second is for what a process that had not heard yet answered in between.
    expect((await metric('mcp_registry_jobs_waiting')).toSorted()).toEqual([
      'mcp_registry_jobs_waiting{task="purge",state="new"} 1',
      'mcp_registry_jobs_waiting{task="purge-again",state="new"} 1',
    ]);
  });

  test('is tried again while the CDN is away, and done when it is back', async () => {
    cdn.answer(500);
    const work = await startWork(world.registry.app);
    await until(async () => (await jobs())[0]?.attempts === 1 && cdn.requests.length > 0);
    await until(async () => (await jobs())[0]?.last_error);
    expect((await jobs())[0]?.last_error).toContain('The CDN answered its purge with status 500.');
    expect(await metric('mcp_registry_jobs_waiting')).toContain(
      'mcp_registry_jobs_waiting{task="purge",state="failing"} 1',
    );
    cdn.answer(200);
    await until(async () => (await jobs()).length === 0);
    await work.stop();
    expect(cdn.requests.at(-1)).toMatchObject({
      method: 'PURGE',
      headers: { 'xkey-purge': 'list s:io.github.alice%2Fqueued', authorization: 'Bearer canary-purge-token' },
    });
    expect(await metric('mcp_registry_jobs_total')).toEqual(
      expect.arrayContaining(['mcp_registry_jobs_total{task="purge",outcome="done"} 1']),
    );
    expect(JSON.stringify(world.registry.logged())).not.toContain('canary-purge-token');
  });

  test('keeps up with a burst: 100 publishes are purged in few requests, within seconds', async () => {
    const work = await startWork(world.registry.app);
    const before = cdn.requests.length;
    const names = Array.from({ length: 100 }, (_, i) => `io.github.alice/burst${i}`);
    await Promise.all(names.map((name) => publish(world, world.alice, aServer(name))));
    await until(async () => (await jobs()).length === 0);
    await work.stop();
    const told = cdn.requests.slice(before).map(({ headers }) => String(headers['xkey-purge']));
    expect(told.length).toBeLessThan(60);
    for (const name of names) expect(told.join(' ')).toContain(`s:${encodeURIComponent(name)}`);
  });

  test('follows a change of status and an edit too', async () => {
    const work = await startWork(world.registry.app);
    const path = pathOf('io.github.alice/queued', '1.0.0');
    for (const change of [
      () =>
        send(world, { method: 'PATCH', path: `${path}/status`, token: world.alice, body: { status: 'deprecated' } }),
      () =>
        send(world, {
          method: 'PUT',
          path,
          token: world.administrator,
          body: aServer('io.github.alice/queued', '1.0.0', { title: 'Edited' }),
        }),
    ]) {
      const before = cdn.requests.length;
      expect((await change()).status).toBe(200);
      await until(() => cdn.requests.length > before);
    }
    await work.stop();
  });
});

test('publishes are counted by what became of them', async () => {
  const counted = await metric('mcp_registry_publishes_total');
  expect(counted).toEqual(
    expect.arrayContaining([
      'mcp_registry_publishes_total{outcome="created",dry_run="false"} 101',
      'mcp_registry_publishes_total{outcome="unchanged",dry_run="false"} 1',
      'mcp_registry_publishes_total{outcome="valid",dry_run="true"} 1',
      'mcp_registry_publishes_total{outcome="version_exists",dry_run="false"} 1',
      'mcp_registry_publishes_total{outcome="namespace_forbidden",dry_run="false"} 1',
    ]),
  );
  expect(await metric('mcp_registry_revision ')).toEqual([
    `mcp_registry_revision ${world.registry.app.revision.current()}`,
  ]);
});
