import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { query } from './migrations.ts';
import { makeScratch, postmasterOf, scratch, startApart } from './scratch.ts';

// Many processes: on a busy machine each start takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const runs = (url: string) =>
  query(url, 'SELECT 1 AS one').then(
    () => true,
    () => false,
  );

const { directory, remove } = makeScratch();
const dataDir = join(directory, 'data');
afterAll(remove);

test('two processes that start at once on an empty directory share one database; one ends, the other goes on', async () => {
  const starters = [startApart({ options: { dataDir } }), startApart({ options: { dataDir } })] as const;
  const [first, second] = await Promise.all(starters.map(({ answer }) => answer));
  expect(first!.url).toBe(second!.url);
  expect([first!.attached, second!.attached].sort()).toEqual([false, true]);
  expect(readdirSync(join(dataDir, 'postgres'))).toEqual(['cluster']);

  // The one that joined takes over when the one that started it stops it.
  const [owner, guest] = first!.attached ? [starters[1], starters[0]] : starters;
  await query(first!.url, 'CREATE TABLE kept ()');
  const before = postmasterOf(dataDir);
  await owner.stop();
  await expect.poll(() => runs(first!.url), { timeout: 10_000 }).toBe(true);
  expect(postmasterOf(dataDir)).not.toBe(before);
  expect(await query(first!.url, 'SELECT FROM kept')).toEqual([]);
  await guest.stop();
  expect(postmasterOf(dataDir)).toBe(0);
});

test('it ends with its process, killed or not, and starts again at once', async () => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const starter = startApart({ options: { dataDir }, env: { SECRET: 's3cret' } });
    const { url, attached } = await starter.answer;
    expect(attached).toBe(false);
    const pid = postmasterOf(dataDir);
    // Nothing of the process's environment: what SQL may read is no place for the registry's secrets.
    if (process.platform === 'linux') expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('s3cret');
    starter.process.kill(signal);
    await once(starter.process, 'exit');
    const again = startApart({ options: { dataDir } });
    expect(await again.answer).toEqual({ url, attached: false });
    expect(postmasterOf(dataDir)).not.toBe(pid);
    again.process.kill('SIGKILL');
    await expect.poll(() => postmasterOf(dataDir), { timeout: 10_000 }).toBe(0);
  }
});

test('an initialisation that is killed leaves nothing in the way', async () => {
  const dataDir = join(scratch(), 'data');
  const home = join(dataDir, 'postgres');
  const starter = startApart({ options: { dataDir } });
  const workshop = () => {
    try {
      return readdirSync(home).find((name) => name.startsWith('init-'));
    } catch {
      return undefined;
    }
  };
  await expect.poll(workshop, { timeout: 10_000, interval: 5 }).toBeDefined();
  await sleep(100);
  starter.process.kill('SIGKILL');
  await once(starter.process, 'exit');
  expect(readdirSync(home)).toEqual([expect.stringMatching(/^init-/)]);
  const again = startApart({ options: { dataDir } });
  expect(await again.answer).toMatchObject({ attached: false });
  expect(readdirSync(home)).toEqual(['cluster']);
  await again.stop();
});
