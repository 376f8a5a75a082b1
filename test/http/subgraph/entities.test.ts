import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../../app.ts';

const ENTITIES = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Server { __typename name status latestVersion { version } }
    ... on ServerVersion { __typename name version status description packages { identifier } }
  }
}`;

interface Entity {
  __typename: string;
  name: string;
  version?: string;
  status: string;
  latestVersion?: { version: string } | null;
}

type Representation = Record<string, unknown>;

const server = (name: string): Representation => ({ __typename: 'Server', name });
const version = (name: string, text: string): Representation => ({ __typename: 'ServerVersion', name, version: text });

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(() => test?.close());

async function entities(representations: Representation[]): Promise<(Entity | null)[]> {
  const { status, errors, data } = await test.subgraph<{ _entities: (Entity | null)[] }>(ENTITIES, { representations });
  expect(errors).toBeUndefined();
  expect(status).toBe(200);
  return data._entities;
}

describe('a thousand representations of both kinds, some twice, some unknown, some in capitals', () => {
  const names = Array.from({ length: 250 }, (_, i) => `io.github.alice/server-${i}`);
  const asked = names.flatMap((name, i) => [
    server(i % 2 ? name : name.toUpperCase()),
    version(i % 3 ? name : name.toUpperCase(), '1.0.0'),
    i % 5 ? server(name) : server(`io.github.alice/unknown-${i}`),
    i % 5 ? version(name, '2.0.0') : version(name, '3.0.0'),
  ]);
  const expected = names.flatMap((name, i) => [
    { __typename: 'Server', name, latestVersion: { version: '2.0.0' } },
    { __typename: 'ServerVersion', name, version: '1.0.0' },
    i % 5 ? { __typename: 'Server', name } : null,
    i % 5 ? { __typename: 'ServerVersion', name, version: '2.0.0' } : null,
  ]);

  beforeAll(async () => {
    for (const text of ['1.0.0', '2.0.0']) {
      const packages = [{ registryType: 'npm', identifier: 'weather', version: text, transport: { type: 'stdio' } }];
      await test.seed(names.map((name) => ({ server: aServer(name, text, { packages }) })));
    }
  });

  it('are answered in their order, null for what there is not', async () => {
    expect(asked).toHaveLength(1_000);
    expect(await entities(asked)).toMatchObject(expected);
  });

  it('take a fraction of a second', async () => {
    const times: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const start = performance.now();
      await entities(asked);
      times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[5]!;
    console.log(`1,000 representations of both kinds: ${median.toFixed(0)} ms`);
    expect(median).toBeLessThan(2_000);
  });

  it('cost one statement for each kind, and one more for each while the store is cold', async () => {
    const cold = await createTestApp({ MCP_REGISTRY_DATABASE_URL: test.databaseUrl });
    try {
      const ask = () => cold.subgraph(ENTITIES, { representations: asked });
      cold.takeStatements();
      await ask();
      expect(readsOf(cold.takeStatements())).toEqual(['servers', 'servers', 'unnest', 'versions']);
      await ask();
      expect(readsOf(cold.takeStatements())).toEqual(['servers', 'unnest']);
    } finally {
      await cold.close();
    }
  });
});

it('a document that a router sends again is not parsed and checked again', async () => {
  const fields = Array.from({ length: 400 }, (_, i) => `f${i}: name`).join(' ');
  const query = (name: string) =>
    `query ${name}($r: [_Any!]!) { _entities(representations: $r) { ... on Server { ${fields} } } }`;
  const time = async (text: string) => {
    const start = performance.now();
    const { errors } = await test.subgraph(text, { r: [server('com.example/none')] });
    expect(errors).toBeUndefined();
    return performance.now() - start;
  };
  const median = (times: number[]) => times.sort((a, b) => a - b)[10]!;
  await time(query('Same'));
  const again: number[] = [];
  const anew: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    again.push(await time(query('Same')));
    anew.push(await time(query(`New${i}`)));
  }
  console.log(
    `a large document: ${median(again).toFixed(1)} ms where it is known, ${median(anew).toFixed(1)} ms where it is new`,
  );
  expect(median(again)).toBeLessThan(median(anew));
});

/** What statements read first; the revision is asked for beside any request. */
function readsOf(statements: string[]): (string | undefined)[] {
  const ours = statements.filter((text) => text !== 'SELECT n FROM revision');
  return ours.map((text) => /FROM (\w+)/.exec(text)?.[1]).sort();
}

describe('a deleted one', () => {
  const name = 'com.example/gone';

  beforeEach(async () => {
    await test.seed([
      { server: aServer(name, '1.0.0') },
      { server: aServer(name, '2.0.0'), status: 'deleted', statusMessage: 'Withdrawn' },
      { server: aServer('com.example/all-gone'), status: 'deleted' },
    ]);
  });

  it('is answered with its status', async () => {
    expect(await entities([version(name, '2.0.0'), server('com.example/all-gone'), server(name)])).toMatchObject([
      { version: '2.0.0', status: 'DELETED' },
      { name: 'com.example/all-gone', status: 'DELETED', latestVersion: null },
      { name, status: 'ACTIVE', latestVersion: { version: '1.0.0' } },
    ]);
  });
});

describe('a version', () => {
  it('is found by its exact text, in any case of the name and none other of the version', async () => {
    await test.seed([{ server: aServer('com.example/Exact', '1.0.0-RC1') }]);
    expect(
      await entities([version('COM.EXAMPLE/EXACT', '1.0.0-RC1'), version('com.example/exact', '1.0.0-rc1')]),
    ).toMatchObject([{ name: 'com.example/Exact', version: '1.0.0-RC1' }, null]);
  });

  it('is never `latest`, which is no version that anyone published', async () => {
    await test.seed([{ server: aServer('com.example/latest') }]);
    expect(await entities([version('com.example/latest', 'latest')])).toEqual([null]);
  });

  it('carries its document byte for byte', async () => {
    const document =
      '{ "version":"1.0.0",  "name" : "com.example/bytes","description":"\\u00e9 1.50 {\\"a\\":1}","z":1e2,"a":[ ] }';
    await test.seed([{ server: document }]);
    const { text } = await test.subgraph(
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on ServerVersion { document } } }',
      { r: [version('com.example/bytes', '1.0.0')] },
    );
    expect(text).toContain(`"document":${document}`);
  });
});

it('costs as many rows as there are representations', async () => {
  const fields = Array.from({ length: 120 }, (_, i) => `f${i}: name`).join(' ');
  const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Server { ${fields} } } }`;
  const ask = (length: number) => test.subgraph(query, { r: Array.from({ length }, () => server('com.example/cost')) });
  expect((await ask(500)).errors).toBeUndefined();
  const { status, errors } = await ask(1_000);
  expect(status).toBe(400);
  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(/^The query costs 12\d{4} and may cost 100000: /),
    extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, cost: { limit: 100_000 } },
  });
});

describe('there may be a thousand representations in a request', () => {
  const ask = (length: number) =>
    test.subgraph('query($r: [_Any!]!) { _entities(representations: $r) { __typename } }', {
      r: Array.from({ length }, () => ({})),
    });

  it.each([1_001, 5_000, 100_000])('%i are refused before anything is read', async (length) => {
    test.takeStatements();
    const { status, data, errors } = await ask(length);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      {
        message: `There may be 1000 representations in a request, not ${length}: ask for the others in another one.`,
        extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false },
      },
    ]);
    expect(readsOf(test.takeStatements())).toEqual([]);
  });

  it('so many as do not fit into a body at all are refused as a body', async () => {
    const { status, errors } = await ask(400_000);
    expect(status).toBe(413);
    expect(errors?.[0]?.extensions).toEqual({ code: 'PAYLOAD_TOO_LARGE', retryable: false });
  });
});
