import { expect } from 'vitest';
import type { TestApp } from '../app.ts';

/** What JSON.parse gives: tests look into answers freely. */
export type Parsed = ReturnType<typeof JSON.parse>;

/** A list to walk: the field with page arguments put in, and where its connection stands in the answer. */
export interface Walk {
  field(args: string): string;
  path: string[];
  size: number;
  direction?: 'forwards' | 'backwards';
  /** Called between two pages. */
  between?: (page: number) => Promise<unknown>;
}

/** Everything that a walk met: nodes in the order of the list, the totals that pages told, how many pages there were. */
export interface Walked {
  nodes: Parsed[];
  totals: Set<number | undefined>;
  pages: number;
}

const MAX_PAGES = 5_000;

/** Walks a connection from one end to the other, and checks what each page says of itself. */
export async function walk(
  app: TestApp,
  { field, path, size, direction = 'forwards', between }: Walk,
): Promise<Walked> {
  const walked: Walked = { nodes: [], totals: new Set(), pages: 0 };
  let cursor: string | null = null;
  for (;;) {
    const page = await readPage(app, `{ ${field(pageArgs(direction, size, cursor))} }`, path);
    const nodes = page.edges.map((edge: Parsed) => edge.node);
    walked.nodes = direction === 'forwards' ? [...walked.nodes, ...nodes] : [...nodes, ...walked.nodes];
    walked.totals.add(page.totalCount);
    walked.pages += 1;
    expect(walked.pages).toBeLessThan(MAX_PAGES);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    const [more, fromHere, onward] =
      direction === 'forwards'
        ? [hasNextPage, hasPreviousPage, endCursor]
        : [hasPreviousPage, hasNextPage, startCursor];
    expect(fromHere).toBe(cursor !== null);
    if (!more) return walked;
    expect(nodes).toHaveLength(size);
    cursor = onward;
    await between?.(walked.pages);
  }
}

function pageArgs(direction: 'forwards' | 'backwards', size: number, cursor: string | null): string {
  const [count, from] = direction === 'forwards' ? ['first', 'after'] : ['last', 'before'];
  return cursor === null ? `${count}: ${size}` : `${count}: ${size}, ${from}: ${JSON.stringify(cursor)}`;
}

async function readPage(app: TestApp, query: string, path: string[]): Promise<Parsed> {
  const { data, errors } = await app.graphql(query);
  expect(errors).toBeUndefined();
  const page = path.reduce((value: Parsed, key) => value[key], data);
  expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
  expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
  return page;
}
