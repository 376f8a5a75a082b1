import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readRevision } from '../../../src/servers/registry.db.ts';
import { aServer, createTestApp, type TestApp } from '../../app.ts';
import { listen, take, type Listening } from '../graphql/events.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(() => test?.close());

const followed: Listening[] = [];
const seated = () => test.app.seats.follow.taken();

afterEach(async () => {
  for (const one of followed.splice(0)) one.cut();
  await vi.waitFor(() => expect(seated()).toBe(0), 5_000);
});

async function follow(query: string, variables: object = {}): Promise<Listening> {
  const listening = await listen({ url: test.internalUrl }, query, variables);
  followed.push(listening);
  return listening;
}

const CHANGES =
  'subscription ($after: Revision) { changes(after: $after) { revision version { __typename name version } } }';

describe('a router follows the changes', () => {
  it('with the keys that others join by, and documents byte for byte', async () => {
    const before = await readRevision(test.app.db.sql);
    const document = '{ "version":"1.0.0",\t"name":"com.example/odd", "description":"\\u0041 1e2", "x":1.0,  "x":2 }';
    const listening = await follow(CHANGES.replace('__typename', '__typename document'), { after: before });
    expect(listening.status).toBe(200);
    expect(listening.headers.get('content-type')).toBe('text/event-stream');
    expect(listening.headers.get('cache-control')).toBe('no-store');
    const stream = listening.events();
    await test.seed([{ server: document }]);
    const [{ data }] = await take(stream, 1);
    expect(data.changes).toMatchObject({
      revision: before + 1,
      version: { __typename: 'ServerVersion', name: 'com.example/odd', version: '1.0.0' },
    });
    expect(listening.text()).toContain(`"document":${document}`);
  });

  it('for as many as it speaks for: its address does not count', async () => {
    const all = await Promise.all(Array.from({ length: 150 }, () => follow(CHANGES)));
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
    expect(seated()).toBe(150);
    await test.seed([{ server: aServer('com.example/many') }]);
    const told = await Promise.all(all.map(({ events }) => take(events(), 1)));
    expect(told.map(([event]) => event.data.changes.version.name)).toEqual(all.map(() => 'com.example/many'));
  });
});

describe('what is refused', () => {
  it.each([
    ['a query', '{ registry { revision } }', 400, 'BAD_USER_INPUT'],
    ['a mutation', 'mutation { loginAnonymously { __typename } }', 400, 'BAD_USER_INPUT'],
    ['what is no field', 'subscription { nothing }', 200, 'GRAPHQL_VALIDATION_FAILED'],
    ['what is too long', `subscription { changes { ${'revision '.repeat(2_000)} } }`, 200, 'GRAPHQL_PARSE_FAILED'],
  ])('%s', async (_what, query, status, code) => {
    const { events, ...listening } = await follow(query);
    const [{ data, errors }] = await take(events(), 1);
    expect(errors[0].extensions.code).toBe(code);
    expect(data).toBeUndefined();
    expect(listening.status).toBe(status);
  });

  it('what costs too much, before it takes a seat', async () => {
    const versions = 'versions(first: 100) { edges { node { name } } }';
    const more = `versions(first: 100) { edges { node { server { ${versions} } } } }`;
    const { events } = await follow(
      `subscription { changes { version { server { versions(first: 100) { edges { node { server { ${more} } } } } } } } }`,
    );
    const [{ errors }] = await take(events(), 1);
    expect(errors[0].extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect(seated()).toBe(0);
  });
});
