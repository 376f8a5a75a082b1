import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import previousReleases from '../../prisma/previous-releases.json' with { type: 'json' };
import { migrate, readMigrationStates } from '../../src/database/migrate.ts';
import { MIGRATIONS_DIRECTORY, readMigrations } from '../../src/database/migration-files.ts';
import { digestOf } from '../../src/servers/digest.ts';
import { aServer, createTestApp, TEST_SEED, type TestApp } from '../app.ts';
import { emptyDatabase } from '../backup/command.ts';
import { checkInvariants, type Ledger } from '../invariants.ts';
import { isReady, startPod, type Pod } from './balancer.ts';
import { hasCommit, layOut } from './previous-release.ts';

for (const { commit, is } of previousReleases) {
  if (hasCommit(commit)) continue;
  console.log(
    `!!! LEFT OUT: ${commit} is not in this checkout’s history, so ${is} was not tried on the new schema. !!!`,
  );
}

/** A publish or a change of status at one of the two, which must be seen at both. */
interface Side {
  url: string;
  token: string;
}

describe.each(previousReleases.filter(({ commit }) => hasCommit(commit)))(
  '$is, on the schema of this one',
  (release) => {
    let folder: string;
    let pod: Pod;
    let settings: Record<string, string>;
    let before: string[];
    let registry: TestApp;
    let sides: Record<'old' | 'new', Side>;
    const ledger: Ledger = { acknowledged: [], tried: new Set() };

    beforeAll(async () => {
      folder = layOut(release.commit);
      const databaseUrl = await emptyDatabase();
      const records = Array.from({ length: 30 }, (_, i) => aServer(`io.github.alice/server-${i}`, `1.${i}.0`));
      for (const { name, version } of records) ledger.tried.add(`${String(name)} ${String(version)}`);
      writeFileSync(join(folder, 'records.jsonl'), records.map((server) => JSON.stringify({ server })).join('\n'));
      settings = {
        MCP_REGISTRY_DATABASE_URL: databaseUrl,
        MCP_REGISTRY_JWT_PRIVATE_KEY: TEST_SEED,
        MCP_REGISTRY_PUBLIC_URL: 'http://registry.test',
        MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
      };
      pod = await startPod({ ...settings, MCP_REGISTRY_SEED_FROM: 'records.jsonl' }, folder);
      await untilReady();
      before = await reads(`http://127.0.0.1:${pod.port}`);
      // As helm upgrade does: the schema first, while the old ones serve; then a new one beside them.
      await migrate(databaseUrl);
      registry = await createTestApp(settings);
      const urls = { old: `http://127.0.0.1:${pod.port}`, new: registry.url };
      sides = {
        old: { url: urls.old, token: await login(urls.old) },
        new: { url: urls.new, token: await login(urls.new) },
      };
    }, 180_000);

    afterAll(async () => {
      await registry?.close();
      pod?.process.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });

    async function untilReady(): Promise<void> {
      for (; !(await isReady(pod)); await sleep(50)) expect(pod.process.exitCode).toBeNull();
    }

    const graphql = async (url: string, query: string, token?: string) => {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query }),
      });
      return answer.text();
    };

    /** What both releases answer alike: search, pages, one version, the feed, an entity. */
    async function reads(url: string): Promise<string[]> {
      const paths = [
        '/v0/servers?limit=100&version=latest',
        '/v0/servers?search=server-2',
        `/v0/servers/${encodeURIComponent('io.github.alice/server-7')}/versions/1.7.0`,
      ];
      const query =
        '{ servers(filter: { search: "alice" }, first: 10) { totalCount edges { node { name latestVersion { version } } } } }';
      return Promise.all([...paths.map(async (path) => (await fetch(url + path)).text()), graphql(url, query)]);
    }

    async function login(url: string): Promise<string> {
      const answer = await fetch(`${url}/v0/auth/none`, { method: 'POST' });
      return ((await answer.json()) as { registry_token: string }).registry_token;
    }

    async function publish({ url }: Side, { token }: Side, slug: string, version: string): Promise<number> {
      const document = aServer(`io.modelcontextprotocol.anonymous/${slug}`, version);
      ledger.tried.add(`${String(document.name)} ${version}`);
      const { status } = await send(url, token, { method: 'POST', path: '/v0/publish', body: document });
      if (status === 200) {
        ledger.acknowledged.push({ name: String(document.name), version, digest: digestOf(document) });
      }
      return status;
    }

    const send = (url: string, token: string, { method, path, body }: { method: string; path: string; body: object }) =>
      fetch(url + path, {
        method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });

    const path = (slug: string, version: string) =>
      `/v0/servers/${encodeURIComponent(`io.modelcontextprotocol.anonymous/${slug}`)}/versions/${version}`;

    /** Waits until both answer the same of a version, and gives its status. */
    async function seenAtBoth(slug: string, version: string, wanted: string): Promise<void> {
      for (const { url } of Object.values(sides)) {
        for (const began = performance.now(); ; await sleep(20)) {
          const answer = await fetch(`${url}${path(slug, version)}?include_deleted=true`);
          const text = await answer.text();
          if (answer.ok && text.includes(`"status":"${wanted}"`)) break;
          if (performance.now() - began > 3_000) throw new Error(`${url} does not say ${wanted}: ${text}`);
        }
      }
    }

    test('reads go on at the old one while the schema grows, and the new one answers the same', async () => {
      expect(new Set((await readMigrationStates(registry.databaseUrl)).map(({ state }) => state))).toEqual(
        new Set(['applied']),
      );
      expect(await reads(sides.old.url)).toEqual(before);
      const parsed = (texts: string[]) => texts.map((text) => JSON.parse(text) as unknown);
      expect(parsed(await reads(sides.new.url))).toEqual(parsed(before));
    });

    test('a login at either is one at the other', async () => {
      const query = '{ viewer { account { provider } } }';
      for (const { url } of Object.values(sides)) {
        for (const { token } of Object.values(sides)) {
          expect(await graphql(url, query, token)).toMatch(/"provider":"(none|anonymous)"/i);
          expect(await graphql(url, query, `${token.slice(0, -2)}xx`)).toContain('UNAUTHENTICATED');
        }
      }
    });

    test.skipIf(!release.publishes)('a publish and a change of status at either is seen at the other', async () => {
      const { old, new: current } = sides;
      for (const [slug, at, by] of [
        ['at-old', old, current],
        ['at-new', current, old],
      ] as const) {
        const other = at === old ? current : old;
        expect(await publish(at, by, slug, '1.0.0')).toBe(200);
        await seenAtBoth(slug, '1.0.0', 'active');
        // The other one's document of the same version is refused, the same document is not.
        expect(await publish(other, by, slug, '1.0.0')).toBe(200);
        const body = { status: 'deprecated', statusMessage: 'Use the next one' };
        const answer = await send(other.url, by.token, {
          method: 'PATCH',
          path: `${path(slug, '1.0.0')}/status`,
          body,
        });
        expect(answer.status).toBe(200);
        await seenAtBoth(slug, '1.0.0', 'deprecated');
      }
    });

    test.skipIf(!release.publishes)(
      'versions of one server that both take at the same time have one latest, and all that must hold does',
      async () => {
        const all = Object.values(sides);
        const statuses = await Promise.all(
          Array.from({ length: 20 }, (_, i) => publish(all[i % 2]!, all[(i + 1) % 2]!, 'together', `1.${i}.0`)),
        );
        expect(new Set(statuses)).toEqual(new Set([200]));
        await seenAtBoth('together', '1.19.0', 'active');
        await registry.app.revision.refresh();
        await checkInvariants(registry, ledger);
      },
    );

    test('the old one ends well, and starts again only where it knows the schema', async () => {
      pod.process.kill('SIGTERM');
      expect(await pod.ended).toBe(0);
      const knows =
        readMigrations(join(folder, 'prisma/migrations')).length === readMigrations(MIGRATIONS_DIRECTORY).length;
      pod = await startPod(settings, folder);
      if (knows) await untilReady();
      else expect(await pod.ended).toBe(1);
    }, 60_000);
  },
);
