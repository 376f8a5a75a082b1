import { readFileSync } from 'node:fs';
import type { ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../../src/context.ts';
import { createDocuments } from '../../src/http/documents.ts';
import { publicSchema } from '../../src/schema.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';

let registry: TestApp;
beforeAll(async () => {
  registry = await createTestApp();
  await registry.seed(Array.from({ length: 100 }, (_, i) => ({ server: aServer(`com.example/s${i}`) })));
});
afterAll(() => registry.close());

const documents = createDocuments(publicSchema);
const page = readFileSync(new URL('../bench/page.graphql', import.meta.url), 'utf8');

function run(query: string): Promise<ExecutionResult> {
  const { document, execute } = documents.prepare(query);
  const contextValue = createContext(registry.app, { requestId: 'r', address: '127.0.0.1' });
  return Promise.resolve(execute({ schema: publicSchema, document, contextValue }));
}

describe('queries that cost much', () => {
  const costly = page.replace('first: 30', 'first: 100');

  test('take turns, so that one that costs little is answered before almost all of them', async () => {
    let answered = 0;
    const all = Array.from({ length: 50 }, () => run(costly).then((result) => ((answered += 1), result)));
    const cheap = await run('{ servers(first: 1) { edges { node { name } } } }');
    expect(answered).toBeLessThan(10);
    expect(cheap.errors).toBeUndefined();
    for (const result of await Promise.all(all)) expect(result.errors).toBeUndefined();
  });

  test('are turned away when too many wait', async () => {
    const results = await Promise.all(Array.from({ length: 260 }, () => run(costly)));
    const refused = results.filter(({ errors }) => errors);
    // One runs, or what ran last still lets others in.
    expect([260 - 201, 260 - 200]).toContain(refused.length);
    expect(refused[0]!.errors![0]!.originalError).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('ask for fewer rows'),
    });
  });

  test('do not wait where a page of 30 with everything is asked: that is what aggregators do all day', async () => {
    const results = await Promise.all(Array.from({ length: 260 }, () => run(page)));
    expect(results.filter(({ errors }) => errors)).toEqual([]);
  });
});
