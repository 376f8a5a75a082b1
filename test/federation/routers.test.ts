import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { wrongAnswers } from './ask.ts';
import { composers } from './compose.ts';
import { routersWanted, startHive } from './hive.ts';
import type { Router } from './gateway.ts';
import { questions } from './queries.ts';
import type { Question } from './question.ts';
import { records } from './records.ts';
import { joinRegistry, type Supergraph } from './supergraph.ts';
import { readTruth } from './truth.ts';

if (!routersWanted)
  console.log('!!! LEFT OUT: Hive Gateway, relay-compiler and @wundergraph/composition: npm run test:routers !!!');

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
    asked = questions(await readTruth(registry.app.db.sql, supergraph));
  });

  afterAll(async () => {
    await supergraph?.close();
    await registry?.close();
  });

  describe.each(cells)('$runtime over what $composer composed', ({ runtime, flags, composer }) => {
    let router: Router;
    beforeAll(async () => {
      router = await startHive({ supergraph: supergraph.compose(composer), flags });
    });
    afterAll(() => router?.close());

    it('answers every question by the truth, but for what it can not', async () => {
      const wrong = await wrongAnswers(router.url, asked, supergraph);
      console.log(
        `Hive Gateway, ${runtime}, ${composer}: ${asked.length - wrong.length} of ${asked.length} questions right`,
      );
      for (const one of wrong) console.log(one);
      expect(wrong).toEqual([]);
    });
  });
});
