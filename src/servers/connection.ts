import type { Ref } from './rows.ts';
import type { List } from './list.ts';
import { DEFAULT_SIZE, MAX_SIZE } from './page.ts';

/** Makes a Relay connection of a list and what its references stand for, in any order. */
export function toConnection<Entry extends Ref>(list: List, entries: Entry[]) {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    edges: list.rows.flatMap(({ id, cursor }) => {
      const node = byId.get(id);
      return node ? [{ cursor, node }] : [];
    }),
    pageInfo: {
      hasPreviousPage: list.hasPreviousPage,
      hasNextPage: list.hasNextPage,
      startCursor: list.rows[0]?.cursor ?? null,
      endCursor: list.rows.at(-1)?.cursor ?? null,
    },
    totalCount: () => list.count(),
  };
}

/** What is read by a statement of its own costs beside its rows, in fields: lists in lists add up. */
export const STATEMENT_COST = 200;

interface CostArgs {
  first?: number | null;
  last?: number | null;
}

/** What a connection costs: a statement, and a page as long as its arguments say; longer ones are refused where they are read. */
export const connectionCost = ({ first, last }: CostArgs) => ({
  field: STATEMENT_COST,
  multiplier: Math.min(Math.max(1, first ?? last ?? DEFAULT_SIZE), MAX_SIZE),
});

/** What a server's versions cost, which only a filter makes a statement of. */
export const versionsCost = ({ filter, ...page }: CostArgs & { filter?: object | null }) => ({
  ...connectionCost(page),
  field: filter ? STATEMENT_COST : 1,
});

/** A row's id out of a global one; 0, which no row has, for anything else. */
export function toRowId(id: string): number {
  return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0;
}
