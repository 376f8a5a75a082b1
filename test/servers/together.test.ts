import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext, type Sql } from '../../src/context.ts';
import { together } from '../../src/servers/together.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';

let registry: TestApp;
beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed([{ server: aServer('com.example/one') }, { server: aServer('com.example/two', '2.0.0') }]);
});
afterAll(() => registry.close());

const sql: Sql = () => Promise.resolve([]);

describe('look-ups of one turn', () => {
  test('are one, each answered in the order of its keys', async () => {
    const asked: (readonly number[])[] = [];
    const find = together<number, string>((_sql, keys) => {
      asked.push(keys);
      return Promise.resolve(keys.map((key) => (key > 0 ? `found ${key}` : null)));
    });
    expect(await Promise.all([find(sql, [1, 2]), find(sql, []), find(sql, [2, 0])])).toEqual([
      ['found 1', 'found 2'],
      [],
      ['found 2', null],
    ]);
    await find(sql, [3]);
    expect(asked).toEqual([[1, 2, 2, 0], [3]]);
  });

  test('are several beyond 500 keys, and for each way to the database', async () => {
    const asked: [Sql, number][] = [];
    const find = together<number, number>((way, keys) => {
      asked.push([way, keys.length]);
      return Promise.resolve([...keys]);
    });
    const other: Sql = () => Promise.resolve([]);
    const keys = Array.from({ length: 600 }, (_, i) => i);
    expect(await find(sql, keys)).toEqual(keys);
    await Promise.all([find(sql, [1]), find(other, [2])]);
    expect(asked).toEqual([
      [sql, 500],
      [sql, 100],
      [sql, 1],
      [other, 1],
    ]);
  });

  test('fail together, and the next ones do not', async () => {
    let down = true;
    const find = together<number, number>((_sql, keys) =>
      down ? Promise.reject(new Error('down')) : Promise.resolve([...keys]),
    );
    const both = await Promise.allSettled([find(sql, [1]), find(sql, [2])]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    down = false;
    expect(await find(sql, [1])).toEqual([1]);
  });
});

test('requests that come at once are looked up by one statement, each for what it asked', async () => {
  const ask = async (name: string, version: string) => {
    const { loaders } = createContext(registry.app, { requestId: 'r', address: '127.0.0.1' });
    return (await loaders.version.load({ name: `com.example/${name}`, version }))?.name ?? null;
  };
  await Promise.all([ask('one', '1.0.0'), ask('two', '2.0.0')]);
  registry.takeStatements();
  const all = [ask('one', '1.0.0'), ask('two', '2.0.0'), ask('two', '1.0.0'), ask('ONE', '1.0.0')];
  expect(await Promise.all(all)).toEqual(['com.example/one', 'com.example/two', null, 'com.example/one']);
  expect(registry.takeStatements()).toEqual([expect.stringContaining('unnest(')]);
});
