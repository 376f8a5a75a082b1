import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { askRouter, wrongAnswers } from './ask.ts';
import { compose, composers } from './compose.ts';
import { examplePage, examples } from './examples.ts';
import { startGateway, type Router } from './gateway.ts';
import { questions } from './queries.ts';
import type { Question } from './question.ts';
import { records } from './records.ts';
import { readSdl } from './subgraph-server.ts';
import { joinRegistry, type Supergraph } from './supergraph.ts';
import { readTruth } from './truth.ts';

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

describe.each(Object.keys(composers))('@apollo/gateway over what %s composed', (composer) => {
  let router: Router;
  beforeAll(async () => {
    router = await startGateway({ supergraph: supergraph.compose(composer) });
  });
  afterAll(() => router?.close());

  it('answers every question by the truth', async () => {
    const wrong = await wrongAnswers(router.url, asked, supergraph);
    console.log(`@apollo/gateway, ${composer}: ${asked.length - wrong.length} of ${asked.length} questions right`);
    expect(wrong).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(25);
  });
});

it('the page of examples asks for what there is', async () => {
  const list = examples(supergraph.store);
  const router = await startGateway({ supergraph: supergraph.compose(), page: examplePage(list) });
  const page = await (await fetch(router.url)).text();
  expect(page.match(/<textarea/g)).toHaveLength(list.length);
  for (const { query } of list) {
    const { data, errors } = await askRouter(router.url, { query });
    expect(errors, query).toBeUndefined();
    expect(Object.values(data ?? {}), query).not.toContain(null);
  }
  await router.close();
});

it('does not start with what wants a login, so that is another SDL', async () => {
  const sdl = readSdl('subgraph.authenticated');
  const withRights = [{ ...supergraph.services[0]!, sdl }, ...supergraph.services.slice(1)];
  await expect(startGateway({ supergraph: compose(withRights) })).rejects.toThrow(/authenticated/);
});
