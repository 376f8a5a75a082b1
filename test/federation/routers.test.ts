import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import { listen, take } from '../http/graphql/events.ts';
import { wrongAnswers } from './ask.ts';
import { composers } from './compose.ts';
import { routersWanted, startHive } from './hive.ts';
import type { Router } from './gateway.ts';
import { questions } from './queries.ts';
import type { Question } from './question.ts';
import { records } from './records.ts';
import { joinRegistry, type Supergraph } from './supergraph.ts';
import { readTruth } from './truth.ts';

if (!routersWanted) {
  console.log('!!! LEFT OUT: Hive Gateway, @wundergraph/composition and relay-compiler: npm run test:routers !!!');
}

const runtimes = { stitching: [], 'Hive Router': ['--hive-router-runtime'] };
const cells = Object.entries(runtimes).flatMap(([runtime, flags]) =>
  Object.keys(composers).map((composer) => ({ runtime, flags, composer })),
);

describe.skipIf(!routersWanted)('Hive Gateway', () => {
  let registry: TestApp;
  let supergraph: Supergraph;
  let asked: Question[];

  beforeAll(async () => {
    registry = await createTestApp();
    await registry.seed(records);
    supergraph = await joinRegistry(`${registry.internalUrl}/graphql`);
  });

  afterAll(async () => {
    await supergraph?.close();
    await registry?.close();
  });

  describe.each(cells)('$runtime over what $composer composed', ({ runtime, flags, composer }) => {
    let router: Router;
    beforeAll(async () => {
      asked = questions(await readTruth(registry.app.db.sql, supergraph));
      router = await startHive({ supergraph: supergraph.compose(composer), flags });
    });
    afterAll(() => router?.close());

    it('answers every question by the truth', async () => {
      const wrong = await wrongAnswers(router.url, asked, supergraph);
      console.log(
        `Hive Gateway, ${runtime}, ${composer}: ${asked.length - wrong.length} of ${asked.length} questions right`,
      );
      expect(wrong).toEqual([]);
    });

    it('tells changes as they come, with what other teams know of each', async () => {
      const query = `subscription { changes(after: ${registry.app.revision.current()}) {
        revision kind version { name version downloads server { rating installs reviews { edges { node { stars } } } } } } }`;
      const following = await listen(router, query);
      const stream = following.events();
      const name = supergraph.said.reviews[0]!.server.name;
      const before = registry.app.revision.current();
      const version = `9.${before}.0`;
      await registry.seed([{ server: aServer(name, version) }]);
      const [{ errors, data }] = await take(stream, 1);
      following.cut();
      expect(errors).toBeUndefined();
      expect(data.changes).toMatchObject({
        revision: before + 1,
        kind: 'PUBLISHED',
        version: {
          name,
          version,
          downloads: 0,
          server: {
            rating: supergraph.store.offers.get(name)!.rating,
            installs: supergraph.store.offers.get(name)!.installs,
            reviews: { edges: expect.arrayContaining([{ node: { stars: expect.any(Number) as number } }]) as unknown },
          },
        },
      });
      await vi.waitFor(() => expect(registry.app.seats.follow.taken()).toBe(0), 10_000);
    });
  });
});
