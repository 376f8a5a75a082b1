import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp, type TestRecord } from '../app.ts';
import { walk } from './walk.ts';

const day = (n: number) => `2025-03-${String(n).padStart(2, '0')}T00:00:00Z`;
/** Servers that stay as they are, and ones that change while someone reads, in turns; each walk has its own. */
const namesOf = (word: string) =>
  Array.from({ length: 24 }, (_, i) => `com.example/${word}-${String.fromCharCode(97 + i)}`);
const isStill = (name: string) => name.startsWith('com.example/') && name.charCodeAt(name.length - 1) % 2 === 1;

const record = (server: string, n: number, more: Partial<TestRecord> = {}): TestRecord => ({
  server: aServer(server),
  publishedAt: day(n),
  updatedAt: day(n),
  ...more,
});

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.close());

/** What others do between two pages: publish at both ends, words never seen before too, move, delete and bring back. */
async function changeThings(word: string, page: number): Promise<void> {
  const moving = namesOf(word).filter((name) => !isStill(name));
  const [one, other] = [moving[page % moving.length]!, moving[(page + 5) % moving.length]!];
  await app.seed([
    record(`com.a/${word}-${page}`, 1),
    record(`org.z/${word}${'x'.repeat(page)}`, 28),
    record(one, 1 + ((page * 11) % 28), {
      server: aServer(one, '1.0.0', { description: `${word} in turn ${page}: ${word}!` }),
    }),
    record(other, 14, { status: page % 2 === 0 ? 'deleted' : 'active' }),
  ]);
}

describe('whoever walks a list while it changes meets each server that stays the same exactly once', () => {
  const orders = ['NAME', 'PUBLISHED_AT', 'UPDATED_AT', 'RELEVANCE'].flatMap((order) =>
    ['ASC', 'DESC'].flatMap((direction) =>
      (['forwards', 'backwards'] as const).map((way) => [order, direction, way] as const),
    ),
  );

  test.each(orders)('by %s %s, %s', async (order, direction, way) => {
    const word = `${order}${direction}${way}`.toLowerCase().replaceAll('_', '');
    const names = namesOf(word);
    await app.seed(names.map((name, i) => record(name, 1 + ((i * 5) % 28))));
    const { nodes, pages } = await walk(app, {
      field: (
        args,
      ) => `servers(${args}, filter: { search: "${word}" }, orderBy: { field: ${order}, direction: ${direction} }) {
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { name } } }`,
      path: ['servers'],
      size: 3,
      direction: way,
      between: (page) => (page < 30 ? changeThings(word, page) : Promise.resolve()),
    });
    expect(pages).toBeGreaterThan(5);
    const met = nodes.map((node) => node.name).filter((name) => names.includes(name) && isStill(name));
    expect(met.toSorted()).toEqual(names.filter(isStill));
  });
});

describe("a server's versions", () => {
  const versions = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      server: aServer(`com.example/v${count}`, `1.${i}.0`),
      publishedAt: day(1 + i),
    }));

  test.each(['forwards', 'backwards'] as const)(
    'too, walked %s, also when the row of the cursor moves away',
    async (direction) => {
      await app.seed(versions(20));
      const met = await walk(app, {
        field: (args) => `server(name: "com.example/v20") { versions(${args}) {
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { version } } } }`,
        path: ['server', 'versions'],
        size: 2,
        direction,
        between: async (page) => {
          if (page !== 3) return;
          // The third page ended with this one; now it is the other end of the list.
          const [version, moved] = direction === 'forwards' ? ['1.14.0', day(1)] : ['1.5.0', day(28)];
          await app.seed([{ server: aServer('com.example/v20', version), publishedAt: moved }]);
        },
      });
      const unchanged = (version: string) => version !== '1.14.0' && version !== '1.5.0';
      const expected = versions(20)
        .map(({ server }) => (server as { version: string }).version)
        .filter(unchanged)
        .reverse();
      expect(met.nodes.map((node) => node.version).filter(unchanged)).toEqual(expected);
    },
  );
});
