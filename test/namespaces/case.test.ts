import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimNamespace } from '../../src/namespaces/namespaces.db.ts';
import { nameKey } from '../../src/namespaces/server-name.ts';
import { aServer } from '../app.ts';
import { githubLogin, startAuthWorld, type AuthWorld } from '../auth/outside.ts';
import { mayPublish } from './world.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld();
});

afterAll(() => world.close());

/** Spellings of a name that differ in case only, as many as are wanted. */
function spellings(name: string, count: number): string[] {
  const places = [...name].flatMap((one, i) => (/[a-z]/i.test(one) ? [i] : []));
  return Array.from({ length: count }, (_, n) =>
    [...name].map((one, i) => ((n >> places.indexOf(i)) & 1 && places.includes(i) ? one.toUpperCase() : one)).join(''),
  );
}

const count = async (table: 'servers' | 'namespaces', key: string) => {
  const [row] = await world.registry.app.db.sql<{ n: number }>(
    `SELECT count(*) AS n FROM ${table} WHERE lower(name) = $1`,
    [key],
  );
  return row!.n;
};

describe('names that differ in case only can not both exist', () => {
  test('50 servers at once become one, with 50 versions', async () => {
    const names = spellings('com.example.case/weather', 50);
    expect(new Set(names).size).toBe(50);
    await Promise.all(names.map((name, i) => world.registry.seed([{ server: aServer(name, `1.0.${i}`) }])));
    expect(await count('servers', 'com.example.case/weather')).toBe(1);
    expect(await count('namespaces', 'com.example.case')).toBe(1);
    const query = `query ($name: String!) { server(name: $name) { name versions(first: 100) { totalCount } } }`;
    const answers = await Promise.all(names.map((name) => world.registry.graphql(query, { name })));
    const found = answers.map(({ data }) => `${data.server.name} ${data.server.versions.totalCount}`);
    expect(new Set(found).size).toBe(1);
    expect(found[0]).toMatch(/ 50$/);
  });

  test('50 of the same version at once become one', async () => {
    const names = spellings('com.example.same/weather', 50);
    await Promise.all(names.map((name) => world.registry.seed([{ server: aServer(name) }])));
    const [row] = await world.registry.app.db.sql<{ n: number }>(
      "SELECT count(*) AS n FROM versions WHERE lower(name_key) = 'com.example.same/weather'",
    );
    expect(row!.n).toBe(1);
  });

  test('the database itself refuses a second', async () => {
    const { sql } = world.registry.app.db;
    await world.registry.seed([{ server: aServer('com.example.held/weather') }]);
    const second = `INSERT INTO servers (name, name_key, namespace_id)
      SELECT 'COM.example.held/weather', 'com.example.held/weather', namespace_id FROM servers LIMIT 1`;
    await expect(sql(second)).rejects.toThrow(/unique/);
    const third = "INSERT INTO namespaces (name, name_key) VALUES ('COM.example.held', 'com.example.held')";
    await expect(sql(third)).rejects.toThrow(/unique/);
  });
});

describe('a namespace belongs to one account, in every case', () => {
  test('of 50 that claim it at once in 50 spellings, one has it', async () => {
    const { sql } = world.registry.app.db;
    const accounts = await sql<{ id: number }>(
      `INSERT INTO accounts (provider, subject, display_name)
       SELECT 'test', n::text, n::text FROM generate_series(1, 50) n RETURNING id`,
    );
    const claims = spellings('com.example.claimed', 50).map((namespaceName, i) => ({
      namespaceName,
      namespaceKey: nameKey(namespaceName),
      accountId: accounts[i]!.id,
    }));
    const settled = await Promise.all(claims.map((claim) => claimNamespace(sql, claim)));
    expect(settled.filter((one) => one.mine)).toHaveLength(1);
    expect(new Set(settled.map((one) => one.ownerId)).size).toBe(1);
    expect(await count('namespaces', 'com.example.claimed')).toBe(1);
  });

  test('a GitHub login that is written in another case is the same one', async () => {
    world.github.name(301, 'Casey');
    const token = await githubLogin(world, 301);
    const said = spellings('io.github.casey/weather', 50).map((name) => mayPublish(world, token, name));
    expect(new Set(await Promise.all(said))).toEqual(new Set(['ok']));
    world.github.name(302, 'cAsEy');
    const impostor = await githubLogin(world, 302);
    expect(await mayPublish(world, impostor, 'io.github.casey/weather')).toBe('NAMESPACE_DISPUTED');
  });
});
