import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { emptyDatabase, run } from '../backup/command.ts';
import { find, findHelm, render } from './helm.ts';

interface Container {
  command: string[];
  env: { name: string; value?: string }[];
  volumeMounts: { mountPath: string }[];
}

const root = resolve(import.meta.dirname, '../..');

describe.skipIf(!findHelm())('a backup by the chart’s job', () => {
  let registry: TestApp;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backups-'));
    registry = await createTestApp();
    await registry.seed([1, 2, 3].map((i) => ({ server: aServer(`io.github.alice/server-${i}`) })));
  });

  afterAll(async () => {
    await registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs what the container runs, with its environment and no more; its volume is a folder here. */
  function runJob(databaseUrl: string) {
    const { containers } = find(render('ingress'), 'CronJob').spec.jobTemplate.spec.template.spec;
    const [{ command, env, volumeMounts }] = containers as [Container];
    const [program, ...args] = command.map((word) => (word === '/backup/' ? `${folder}/` : word));
    expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain('/backup');
    const given = env.map(({ name, value }) => [name, value ?? '']);
    const settings = { ...Object.fromEntries(given), MCP_REGISTRY_DATABASE_URL: databaseUrl };
    expect(program).toBe('node');
    return spawnSync(process.execPath, args, {
      cwd: root,
      env: { PATH: process.env.PATH, ...settings },
      encoding: 'utf8',
    });
  }

  test('is restored elsewhere by the command of the README, and is the same registry', async () => {
    expect(runJob(registry.databaseUrl)).toMatchObject({ status: 0, stderr: '' });
    const [file, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    const url = await emptyDatabase();
    expect(
      await run('restore', { MCP_REGISTRY_DATABASE_URL: url, NODE_ENV: 'production' }, join(folder, file!)),
    ).toMatchObject({
      code: 0,
    });
    const second = await createTestApp({ MCP_REGISTRY_DATABASE_URL: url });
    const copies = [registry, second].map(async (one) => (await one.rest('/v0.1/export')).text());
    expect(await copies[1]).toBe(await copies[0]);
    await second.close();
  });

  test('is whole or not there', () => {
    const away = runJob('postgresql://registry@127.0.0.1:1/registry');
    expect(away).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('refuses the connection') });
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
