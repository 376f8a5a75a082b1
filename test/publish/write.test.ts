import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/db.ts';
import { prepareVersion, type VersionInput } from '../../src/publish/prepared.ts';
import { writeVersions } from '../../src/publish/write.ts';
import { cloneTemplate } from '../app.ts';

let db: Db;

beforeAll(async () => {
  db = createDb({ url: await cloneTemplate() });
});

beforeEach(async () => {
  await db.sql('TRUNCATE namespaces, servers, versions, packages, changes CASCADE');
  await db.sql('UPDATE revision SET n = 0');
});

afterAll(() => db.close());

/** An imported version of io.github.alice/weather. */
function version(text: string, more: Partial<VersionInput> & { description?: string } = {}) {
  const { description = 'Tells the weather', ...input } = more;
  const name = input.name ?? 'io.github.alice/weather';
  return prepareVersion({
    name,
    version: text,
    document: JSON.stringify({ name, description, version: text }),
    status: 'active',
    statusMessage: null,
    publishedAt: '2026-01-01T00:00:00Z',
    updatedAt: null,
    statusChangedAt: null,
    source: 'elsewhere',
    ...input,
  });
}

const write = (...versions: ReturnType<typeof version>[]) => writeVersions(db, versions);

const latest = async () =>
  (await db.sql<{ version: string }>('SELECT version FROM versions WHERE is_latest')).map((row) => row.version);

const changes = () =>
  db.sql<{ revision: number; version: string; kind: string }>(
    'SELECT c.revision, v.version, c.kind FROM changes c JOIN versions v ON v.id = c.version_id ORDER BY 1',
  );

describe('what becomes of a version', () => {
  test('a new one is created, and takes a revision', async () => {
    expect(await write(version('1.0.0'))).toEqual(['created']);
    expect(await changes()).toEqual([{ revision: 1, version: '1.0.0', kind: 'published' }]);
  });

  test('the same again changes nothing and takes no revision', async () => {
    await write(version('1.0.0'), version('1.1.0'));
    expect(await write(version('1.0.0'), version('1.1.0'))).toEqual(['unchanged', 'unchanged']);
    expect(await db.sql('SELECT n FROM revision')).toEqual([{ n: 2 }]);
  });

  test('the same document in another order of keys is the same', async () => {
    await write(version('1.0.0'));
    const turned = JSON.stringify({
      version: '1.0.0',
      name: 'io.github.alice/weather',
      description: 'Tells the weather',
    });
    expect(await write(version('1.0.0', { document: turned }))).toEqual(['unchanged']);
  });

  test('another document is an edit', async () => {
    await write(version('1.0.0'));
    expect(await write(version('1.0.0', { description: 'Foretells the weather' }))).toEqual(['updated']);
    expect((await changes()).at(-1)).toEqual({ revision: 2, version: '1.0.0', kind: 'edited' });
  });

  test('another status is a change of status', async () => {
    await write(version('1.0.0'));
    const deprecated = version('1.0.0', {
      status: 'deprecated',
      statusMessage: 'Use climate',
      updatedAt: '2026-02-01T00:00:00.5Z',
    });
    expect(await write(deprecated)).toEqual(['updated']);
    expect((await changes()).at(-1)?.kind).toBe('status_changed');
    expect(await db.sql('SELECT status, updated_at AS "updatedAt" FROM versions')).toEqual([
      { status: 'deprecated', updatedAt: '2026-02-01T00:00:00.5Z' },
    ]);
  });

  test('one that was published here is kept', async () => {
    await write(version('1.0.0'));
    await db.sql('UPDATE versions SET source = NULL');
    expect(await write(version('1.0.0', { description: 'Taken over' }))).toEqual(['kept']);
    expect(await changes()).toHaveLength(1);
  });

  test('a name that differs only in case is the same server', async () => {
    await write(version('1.0.0'));
    await write(version('1.1.0', { name: 'io.github.Alice/Weather' }));
    expect(await db.sql('SELECT name FROM servers')).toEqual([{ name: 'io.github.alice/weather' }]);
  });

  test('times keep their microseconds', async () => {
    await write(
      version('1.0.0', { publishedAt: '2025-09-08T23:47:09.452138Z', updatedAt: '2025-09-09T00:16:49.16262Z' }),
    );
    expect(await db.sql('SELECT published_at AS p, updated_at AS u, status_changed_at AS s FROM versions')).toEqual([
      { p: '2025-09-08T23:47:09.452138Z', u: '2025-09-09T00:16:49.16262Z', s: '2025-09-08T23:47:09.452138Z' },
    ]);
  });
});

describe('latest', () => {
  test('is the greatest semantic version, whatever came last', async () => {
    await write(version('1.10.0'), version('1.9.0', { publishedAt: '2026-05-01T00:00:00Z' }), version('nightly'));
    expect(await latest()).toEqual(['1.10.0']);
  });

  test('of versions that are not semantic is the newest', async () => {
    await write(version('2025.06.18'), version('2025.05.01', { publishedAt: '2026-05-01T00:00:00Z' }));
    expect(await latest()).toEqual(['2025.05.01']);
  });

  test('moving it changes the one that loses it too', async () => {
    await write(version('1.0.0'));
    await write(version('1.1.0'));
    expect(await changes()).toEqual([
      { revision: 1, version: '1.0.0', kind: 'published' },
      { revision: 2, version: '1.1.0', kind: 'published' },
      { revision: 3, version: '1.0.0', kind: 'latest_changed' },
    ]);
  });

  test('falls back when the latest is deleted, and is none when all are', async () => {
    await write(version('1.0.0'), version('1.1.0'));
    await write(version('1.1.0', { status: 'deleted' }));
    expect(await latest()).toEqual(['1.0.0']);
    await write(version('1.0.0', { status: 'deleted' }));
    expect(await latest()).toEqual([]);
    expect(await db.sql('SELECT s.status, v.version FROM servers s JOIN versions v ON v.id = s.head_id')).toEqual([
      { status: 'deleted', version: '1.1.0' },
    ]);
  });
});

test('twenty writers at once leave one latest, the right one, and revisions without gaps', async () => {
  const versions = Array.from({ length: 60 }, (_, i) => version(`1.${i}.0`));
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      write(...versions.slice(i * 3, i * 3 + 3), version(`2.${i}.0`, { name: `io.github.bob/s${i % 4}` })),
    ),
  );
  expect(outcomes.flat().every((outcome) => outcome === 'created')).toBe(true);
  expect((await latest()).sort()).toEqual(['1.59.0', '2.16.0', '2.17.0', '2.18.0', '2.19.0']);
  const log = await changes();
  expect(log.map((change) => change.revision)).toEqual(log.map((_, i) => i + 1));
  expect(
    await db.sql(
      'SELECT count(*)::int AS n FROM versions v WHERE revision <> (SELECT max(revision) FROM changes c WHERE c.version_id = v.id)',
    ),
  ).toEqual([{ n: 0 }]);
});

test('a batch that fails leaves nothing', async () => {
  const broken = { ...version('1.1.0'), version: '' };
  await expect(write(version('1.0.0'), broken)).rejects.toThrow('versions_version_not_empty');
  expect(await db.sql('SELECT * FROM servers')).toEqual([]);
  expect(await db.sql('SELECT n FROM revision')).toEqual([{ n: 0 }]);
});
