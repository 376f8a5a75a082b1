import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';

/** A file system of its own that can be filled: only root may make one, and not everywhere. */
const volume = mkdtempSync(join(tmpdir(), 'mcp-registry-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'tmpfs', volume]).status === 0;
if (!mounted) console.log('!!! LEFT OUT: no file system can be mounted here, so no full disk was tried. !!!');

afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', volume]);
  rmSync(volume, { recursive: true, force: true });
});

describe.skipIf(!mounted)('while the disk of PostgreSQL is full', () => {
  let registry: TestApp;
  let token: string;
  const acknowledged: string[] = [];
  const filler = join(volume, 'filler');

  beforeAll(async () => {
    registry = await createTestApp({
      MCP_REGISTRY_DATABASE_URL: '',
      MCP_REGISTRY_DATA_DIR: join(volume, 'data'),
      MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
      MCP_REGISTRY_RATE_LIMITS: 'false',
    });
    await registry.seed(Array.from({ length: 50 }, (_, i) => ({ server: aServer(`io.github.alice/server-${i}`) })));
    const login = await registry.rest('/v0.1/auth/none', { method: 'POST' });
    token = ((await login.json()) as { registry_token: string }).registry_token;
  });

  afterAll(() => registry?.close());

  /** Takes all room that is left; PostgreSQL may have some in files that it has. */
  function fill(): void {
    const file = openSync(filler, 'a');
    try {
      for (let { bavail, bsize } = statfsSync(volume); bavail > 0; { bavail, bsize } = statfsSync(volume)) {
        writeSync(file, Buffer.alloc(Math.min(bavail * bsize, 1 << 20)));
      }
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    } finally {
      closeSync(file);
    }
  }

  /** A version whose document is long and can't be packed, so that room is needed soon. */
  async function publish(version: string): Promise<Response> {
    const noise = Array.from({ length: 1_000 }, () => Math.random().toString(36)).join('');
    const document = aServer('io.modelcontextprotocol.anonymous/full', version, {
      _meta: { 'io.modelcontextprotocol.registry/publisher-provided': { noise: noise.slice(0, 3_000) } },
    });
    const answer = await registry.rest('/v0.1/publish', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
    });
    if (answer.ok) acknowledged.push(version);
    return answer;
  }

  test('writes say 503 and reads go on; with room again writes go on, and nothing that was acknowledged is lost', async () => {
    const list = '/v0.1/servers?limit=10';
    expect((await publish('1.0.0')).status).toBe(200);
    expect((await registry.rest(list)).status).toBe(200);
    let refused: Response | null = null;
    for (let i = 1; refused === null && i < 3_000; i += 1) {
      fill();
      const answer = await publish(`1.${i}.0`);
      if (answer.ok) await answer.text();
      else refused = answer;
    }
    expect([refused!.status, await refused!.text()]).toEqual([503, expect.stringContaining('again')]);
    expect(refused!.headers.get('retry-after')).toMatch(/^\d+$/);
    console.log(`${acknowledged.length} publishes were acknowledged before the disk was full`);
    const during = await Promise.all([list, '/v0.1/servers?search=alice'].map((path) => registry.rest(path)));
    console.log(`then reads answered ${during.map(({ status }) => status).join(', ')}`);
    // PostgreSQL may have to start anew, when what is full is the log of what it writes.
    expect([200, 503]).toContain(during[1]!.status);
    expect(during[0]!.status).toBe(200);

    rmSync(filler);
    const freed = performance.now();
    for (let n = 0; !(await publish(`2.${n}.0`)).ok; n += 1) {
      expect(performance.now() - freed).toBeLessThan(20_000);
      await sleep(50);
    }
    console.log(`with room again a publish was taken after ${Math.round(performance.now() - freed)} ms`);
    const copy = await (await registry.rest('/v0.1/export')).text();
    const there = new Set([...copy.matchAll(/"version":"(\d+\.\d+\.0)"/g)].map(([, version]) => version!));
    expect(acknowledged.filter((version) => !there.has(version))).toEqual([]);
  }, 240_000);
});
