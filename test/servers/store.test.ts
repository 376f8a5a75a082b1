import { expect, test } from 'vitest';
import type { Sql } from '../../src/db.ts';
import { createStore } from '../../src/servers/store.ts';

/** What the database holds of one server with one version, which is latest up to revision 5. */
function rowAt(revision: number) {
  return {
    ...{ id: 7, revision, serverId: 1, name: 'a/b', nameKey: 'a/b', version: '1.0.0', document: '{}', digest: '' },
    ...{
      status: 'active',
      statusMessage: null,
      isLatest: revision <= 5,
      statusChangedAt: '',
      publishedAt: '',
      updatedAt: '',
    },
    ...{
      isHead: true,
      serverRevision: revision,
      serverStatus: 'active',
      createdAt: '',
      serverUpdatedAt: '',
      newest: [],
    },
  };
}

/** A store over statements that answer these rows, one after the other. */
function storeOver(...revisions: number[]) {
  const asked: string[] = [];
  const sql: Sql = <Row>(text: string) => {
    asked.push(text);
    return Promise.resolve([rowAt(revisions.shift()!)] as Row[]);
  };
  return { store: createStore({ sql }, 1_000_000), asked };
}

test('what is there at the revision, or a later one, is not asked for again', async () => {
  const { store, asked } = storeOver(5);
  const [first] = await store.versions([{ id: 7, revision: 5 }]);
  expect(await store.versions([{ id: 7, revision: 5 }])).toEqual([first]);
  expect(await store.versions([{ id: 7, revision: 4 }])).toEqual([first]);
  expect(asked).toHaveLength(1);
});

test('what has changed since is asked for', async () => {
  const { store, asked } = storeOver(5, 6);
  await store.versions([{ id: 7, revision: 5 }]);
  const [changed] = await store.versions([{ id: 7, revision: 6 }]);
  expect(changed?.isLatest).toBe(false);
  expect(asked).toHaveLength(2);
});

test("a server's head is as old as the server, though a newer one is there already", async () => {
  const { store } = storeOver(6, 5);
  await store.versions([{ id: 7, revision: 6 }]);
  const [server] = await store.servers([{ id: 1, revision: 5 }]);
  expect(server?.head).toMatchObject({ revision: 5, isLatest: true });
});

test('a statement that ends late does not take the place of a newer one', async () => {
  const { store, asked } = storeOver(6, 5);
  await store.versions([{ id: 7, revision: 6 }]);
  await store.servers([{ id: 1, revision: 5 }]);
  const [version] = await store.versions([{ id: 7, revision: 6 }]);
  expect(version?.revision).toBe(6);
  expect(asked).toHaveLength(2);
});

test('what several ask for at once is read once, and they share what is made of it', async () => {
  const { store, asked } = storeOver(5, 6);
  const ask = () => store.versions([{ id: 7, revision: 5 }]);
  const [[one], [other]] = await Promise.all([ask(), ask()]);
  expect(asked).toHaveLength(1);
  expect(one).toBe(other);
  const askServer = () => store.servers([{ id: 1, revision: 5 }]);
  const [[server], [same]] = await Promise.all([askServer(), askServer()]);
  expect(asked).toHaveLength(2);
  expect(server).toBeDefined();
  expect(server).toBe(same);
});

test('who asks while another reads waits for a statement of its own: the other may not see what it knows of', async () => {
  const { store, asked } = storeOver(5, 6);
  const first = store.versions([{ id: 7, revision: 5 }]);
  while (asked.length === 0) await new Promise(setImmediate);
  expect(await store.versions([{ id: 7, revision: 6 }])).toMatchObject([{ revision: 6 }]);
  expect(await first).toMatchObject([{ revision: 5 }]);
});
