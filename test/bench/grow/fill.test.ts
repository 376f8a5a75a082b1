import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveHeads, moveLatest } from '../../../src/publish/latest.db.ts';
import { moveRemotes } from '../../../src/publish/remotes.db.ts';
import { cloneTemplate, createTestApp, type TestApp } from '../../app.ts';
import { checkInvariants } from '../../invariants.ts';
import { fillDatabase } from './fill.ts';
import { readTemplates } from './templates.ts';

const templates = readTemplates(resolve(import.meta.dirname, '../../../src/sync/samples.jsonl'));
const size = { versions: 1_000, seed: 1 };

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
  await fillDatabase(registry.databaseUrl, templates, size);
  await registry.app.revision.refresh();
});

afterAll(() => registry.close());

/** Everything that is kept, so that two databases can be compared. */
const everything = async ({ app }: TestApp) => ({
  versions: await app.db.sql('SELECT * FROM versions ORDER BY id'),
  servers: await app.db.sql('SELECT * FROM servers ORDER BY id'),
  packages: await app.db.sql('SELECT * FROM packages ORDER BY version_id, position'),
  remotes: await app.db.sql('SELECT url, holders FROM remote_urls ORDER BY url'),
  words: await app.db.sql('SELECT * FROM search_words ORDER BY word'),
  postings: await app.db.sql('SELECT * FROM search_postings ORDER BY word, rank, server_id'),
  changes: await app.db.sql('SELECT * FROM changes ORDER BY revision'),
  indexes: await app.db.sql(`SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`),
});

describe('a registry that was grown', () => {
  it('is as many versions and servers as were asked for', async () => {
    const [counts] = await registry.app.db.sql(
      'SELECT (SELECT count(*) FROM servers) AS servers, (SELECT count(*) FROM versions) AS versions',
    );
    expect(counts).toEqual({ servers: 300, versions: 1_000 });
  });

  it('holds what must hold of every registry', async () => {
    await checkInvariants(registry);
  });

  it('is as publishing would have left it: settling every server again changes nothing', async () => {
    const before = await everything(registry);
    const flipped = await registry.app.db.transaction(async (sql) => {
      const ids = (await sql<{ id: number }>('SELECT id FROM servers')).map(({ id }) => id);
      const all = await moveLatest(sql, ids);
      await moveHeads(sql, ids);
      await moveRemotes(sql, ids);
      return all;
    });
    expect(flipped).toEqual([]);
    expect(await everything(registry)).toEqual(before);
  });

  it('is the same for the same seed, and has the indexes of the migrations', async () => {
    const again = await createTestApp();
    const indexes = await again.app.db.sql(`SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`);
    await fillDatabase(again.databaseUrl, templates, size);
    const [first, second] = [await everything(registry), await everything(again)];
    await again.close();
    const unstamped = (rows: object[]) => rows.map((row) => ({ ...row, created_at: null }));
    expect({ ...second, servers: unstamped(second.servers) }).toEqual({ ...first, servers: unstamped(first.servers) });
    expect(second.indexes).toEqual(indexes);
  });

  it('is another for another seed', async () => {
    const url = await cloneTemplate();
    const other = await createTestApp({ MCP_REGISTRY_DATABASE_URL: url });
    await fillDatabase(url, templates, { ...size, seed: 2 });
    const versions = await other.app.db.sql('SELECT * FROM versions ORDER BY id');
    await other.close();
    expect(versions).not.toEqual((await everything(registry)).versions);
  });
});
